// Two members of whom every field holds a marker that occurs nowhere else, and
// all that a coordinator can ask about them.
#ifndef SODALITY_TESTS_RPC_REVEAL_FIXTURE_H_
#define SODALITY_TESTS_RPC_REVEAL_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "server/core/schema.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {

// One field of one member, and what its value is.
struct Marker {
  int member = 0;
  const core::FieldSpec* field = nullptr;
  std::string value;

  friend bool operator<(const Marker& a, const Marker& b) {
    return std::tie(a.member, a.field->id) < std::tie(b.member, b.field->id);
  }
};

struct Access {
  std::optional<std::string> region;  // None: every region.
  std::set<core::FieldClass> classes;
};

class RevealFixture : public testing::Test {
 protected:
  RevealFixture();

  const core::Schema& schema() { return chapter_.chapter().schema(); }

  // Another region that the index does not tell from this one.
  std::string RegionLike(const std::string& region);

  std::shared_ptr<grpc::Channel> Enrol(const Access& access);

  [[nodiscard]] static bool IsInScope(const Access& access, int member) {
    return !access.region || member == 0;
  }
  [[nodiscard]] static bool May(const Access& access, const Marker& marker) {
    return IsInScope(access, marker.member) &&
           access.classes.contains(marker.field->field_class);
  }

  // The markers in all that an answer brought.
  std::set<Marker> In(const Answer& answer);

  // One call; asked without `reveal`, it shows basic fields alone.
  struct Question {
    std::string_view method;
    std::vector<std::string> messages;
    bool shows_basic_alone = false;
  };
  std::vector<Question> Questions();
  void AskAbout(const std::string& id, std::vector<Question>& questions);
  void AskFor(const Marker& marker, std::vector<Question>& questions);
  void AddWrites(std::vector<Question>& questions);
  static void AddLookups(std::vector<Question>& questions);

  TestChapter chapter_;
  TestServer server_{chapter_};
  std::vector<Marker> markers_;
  std::vector<core::MemberId> members_;
  int people_ = 0;
};

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_REVEAL_FIXTURE_H_
