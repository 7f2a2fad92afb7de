// Whether the time of an answer tells a member out of the grant's scope from
// one that does not exist. Runs alone (RUN_SERIAL), not under the sanitizers.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "server/rpc/convert.h"
#include "server/store/sqlcipher/sqlcipher_store.h"
#include "sodality/v1/directory.grpc.pb.h"
#include "tests/rpc/server_fixture.h"
#include "tests/sqlcipher/test_key.h"

namespace sodality::rpc {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr size_t kLooksOfEach = 10'000;
constexpr int kMembers = 64;
constexpr nanoseconds kPlanted{50'000};
constexpr double kTellsNothing = 0.02;  // 5 standard errors beside one half.

using Times = std::vector<nanoseconds>;

// The area under the ROC curve: how often a time of `b` is the longer one of a
// pair, which is the Mann-Whitney statistic over the number of pairs.
double AreaUnderCurve(const Times& a, const Times& b) {
  Times sorted = a;
  std::sort(sorted.begin(), sorted.end());
  double longer = 0;
  for (const nanoseconds time : b) {
    const auto [equal, above] =
        std::equal_range(sorted.begin(), sorted.end(), time);
    longer += static_cast<double>(equal - sorted.begin()) +
              static_cast<double>(above - equal) / 2;
  }
  return longer / static_cast<double>(a.size()) / static_cast<double>(b.size());
}

// The store of service, of which the parameter is how many bytes it keeps in
// memory: with none each look-up reads, else those at somebody who is there do
// not have to.
std::unique_ptr<store::MemberStore> OpenStore(const std::string& folder,
                                              uint64_t recent_bytes) {
  const std::vector<uint8_t> key = sqlcipher::TestKey();
  auto store = store::SqlcipherStore::Open({.path = folder + "/members.db",
                                            .key = key,
                                            .create = true,
                                            .recent_bytes = recent_bytes});
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

class AbsentTimingTest : public testing::TestWithParam<uint64_t> {
 protected:
  AbsentTimingTest() {
    for (int i = 0; i < kMembers; ++i) {
      const std::string n = std::to_string(i);
      const auto id =
          chapter_.AddMember({{"given_name", "Maria" + n},
                              {"email", "maria" + n + "@example.org"},
                              {"family_name", "Rosterling"},
                              {"phone", "212 555 0123"},
                              {"street", "12 Quern Street, second floor"},
                              {"city", "New York"},
                              {"skills", "carpentry"},
                              {"notes", std::string(300, 'n')},
                              {"region", i % 2 == 0 ? "Bronx" : "Queens"}});
      if (i % 2 != 0) forbidden_.push_back(FormatId(id.bytes));
    }
    const Person cora = chapter_.Enrol("Cora", core::Role::kCoordinator);
    chapter_.Grant({.principal = "Cora",
                    .scopes = {{"region", "Bronx"}},
                    .classes = {core::FieldClass::kBasic}});
    directory_ = v1::DirectoryService::NewStub(server_.ChannelOf(cora));
  }

  nanoseconds TimeOf(const std::string& id) {
    v1::GetMemberRequest request;
    request.set_member_id(id);
    v1::GetMemberResponse response;
    Context context;
    const auto start = steady_clock::now();
    const auto status =
        directory_->GetMember(context.get(), request, &response);
    const auto taken = steady_clock::now() - start;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(ReasonOf(status), "MEMBER_NOT_FOUND");
    return taken;
  }

  TestChapter chapter_{
      [](const std::string& folder) { return OpenStore(folder, GetParam()); }};
  TestServer server_{chapter_};
  std::vector<std::string> forbidden_;
  std::unique_ptr<v1::DirectoryService::Stub> directory_;
};

TEST_P(AbsentTimingTest, ForbiddenTakesAsLongAsAbsent) {
  std::mt19937 chance(20260926);
  Times absent, forbidden;
  const auto look_at_absent = [&] {
    absent.push_back(TimeOf(FormatId(chapter_.NewRequest().bytes)));
  };
  const auto look_at_forbidden = [&] {
    forbidden.push_back(TimeOf(forbidden_[chance() % forbidden_.size()]));
  };
  for (int i = 0; i < 200; ++i) TimeOf(forbidden_[0]);  // Warms up.
  // In pairs of either order, so that what drifts meets both alike.
  for (size_t i = 0; i < kLooksOfEach; ++i) {
    const bool absent_first = chance() % 2 == 0;
    if (absent_first) look_at_absent();
    look_at_forbidden();
    if (!absent_first) look_at_absent();
  }
  const double area = AreaUnderCurve(absent, forbidden);
  RecordProperty("area", std::to_string(area));
  EXPECT_NEAR(area, 0.5, kTellsNothing);
  // The control: so small a difference would have been seen.
  Times slower = forbidden;
  for (nanoseconds& time : slower) time += kPlanted;
  const double with_delay = AreaUnderCurve(absent, slower);
  std::printf("area %.4f, with %lld us planted %.4f\n", area,
              static_cast<long long>(kPlanted.count() / 1000), with_delay);
  EXPECT_GT(with_delay, 0.5 + kTellsNothing);
}

INSTANTIATE_TEST_SUITE_P(Stores, AbsentTimingTest,
                         testing::Values(0, uint64_t{32} << 20));

}  // namespace
}  // namespace sodality::rpc
