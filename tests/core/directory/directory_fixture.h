// A chapter without files: memory store, fake ledger, real keys, a few people.
#ifndef SODALITY_TESTS_CORE_DIRECTORY_DIRECTORY_FIXTURE_H_
#define SODALITY_TESTS_CORE_DIRECTORY_DIRECTORY_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/core/chapter.h"
#include "server/core/error.h"
#include "server/store/memory/memory_store.h"
#include "tests/core/cells.h"
#include "tests/core/fake_ledger.h"
#include "tests/scratch.h"

namespace sodality::core {

struct GrantSpec {
  std::vector<FieldClass> classes = {FieldClass::kBasic, FieldClass::kContact,
                                     FieldClass::kSensitive};
  std::vector<std::pair<std::string, std::string>> scopes = {};
  Role role = Role::kCoordinator;
  Budget budget = {};
};

// What makes up a chapter; also made on its own by properties.
class TestChapter final : private ReleaseAuthority {
 public:
  // `bits` of each token: 0 makes every two values collide.
  explicit TestChapter(uint8_t bits = 8);
  ~TestChapter() override;

  Caller MakeCaller(Role role, std::optional<MemberId> member = std::nullopt);
  GrantId Give(const Caller& caller, const GrantSpec& spec);
  void End(const GrantId& grant);

  // Through a grant over everything of a caller of this object's own.
  MemberId Add(const Cells& cells);

  absl::StatusOr<ProjectedMember> Get(const Caller& caller, GetQuery query);
  absl::StatusOr<SearchResult> Search(const Caller& caller, SearchQuery query);
  RequestId NewRequest();

  platform::FakeClock clock{Timestamp{1'800'000'000'000}};
  ChapterInfo info;
  Schema schema;
  std::shared_ptr<Keys> keys;
  LiveIndex index;
  store::MemoryStore store;
  FakeLedger ledger{clock};
  Committer committer{store, ledger};
  AccessTable access;
  SuppressionList suppressions;
  const Scratch scratch;
  const std::unique_ptr<Tombstones> tombstones;
  DirectoryParts parts;
  Directory directory;
  Caller owner;

 private:
  absl::StatusOr<Budget> CheckRelease(const EntryDraft& draft,
                                      Timestamp now) override;
};

class DirectoryFixture : public testing::Test {
 protected:
  DirectoryFixture() : coordinator_(chapter_.MakeCaller(Role::kCoordinator)) {}

  SearchQuery Words(const std::vector<std::string>& words) {
    SearchQuery query;
    query.words = Secrets(words);
    return query;
  }
  SearchQuery Where(const std::string& field, const std::string& value) {
    SearchQuery query;
    query.filters.push_back({field, std::move(Secrets({value}).front())});
    return query;
  }
  // Ids found by the coordinator, through the only grant.
  std::vector<MemberId> Found(SearchQuery query);

  TestChapter chapter_;
  Caller coordinator_;
};

MATCHER_P2(FailsWith, code, reason, "") {
  const absl::Status status = arg;
  *result_listener << status.ToString() << " "
                   << ReasonName(GetErrorInfo(status).reason);
  return status.code() == code && GetErrorInfo(status).reason == reason;
}

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_DIRECTORY_DIRECTORY_FIXTURE_H_
