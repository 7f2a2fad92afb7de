// A member's own record: seen whole, corrected in part, erased.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/waiter.h"
#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::Pair;
using testing::SizeIs;

class DirectorySelfTest : public testing::Test {
 protected:
  absl::StatusOr<ProjectedMember> GetSelf(const Caller& caller) {
    Waiter<ProjectedMember> waiter;
    chapter_.directory.GetSelf(caller,
                               [&](absl::StatusOr<ProjectedMember> member) {
                                 waiter.Set(std::move(member));
                               });
    return waiter.Wait();
  }
  UpdateInput Update(const Cells& cells) {
    UpdateInput input;
    input.fields = Inputs(cells);
    for (const auto& [name, values] : cells) input.mask.push_back(name);
    input.request = chapter_.NewRequest();
    return input;
  }

  TestChapter chapter_;
  const MemberId maria_ = chapter_.Add({{"given_name", {"Maria"}},
                                        {"email", {"maria@example.org"}},
                                        {"region", {"Bronx"}},
                                        {"notes", {"sings"}},
                                        {"external_id", {"M1"}}});
  const Caller self_ = chapter_.MakeCaller(Role::kMember, maria_);
};

TEST_F(DirectorySelfTest, SeesTheWholeRecordAndIsRecorded) {
  const auto self = GetSelf(self_);
  ASSERT_TRUE(self.ok()) << self.status();
  EXPECT_THAT(ShownIn(*self), SizeIs(5));
  EXPECT_THAT(HiddenIn(*self), IsEmpty());
  EXPECT_EQ(chapter_.ledger.last().action, Action::kGetSelf);
  EXPECT_FALSE(chapter_.ledger.last().grant.has_value());
  EXPECT_THAT(chapter_.ledger.last().members, SizeIs(1));
}

TEST_F(DirectorySelfTest, ChangesWhatIsTheirs) {
  const auto version =
      chapter_.directory.UpdateSelf(self_, Update({{"email", {"m@x.org"}}}));
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->revision, 2u);
  EXPECT_EQ(chapter_.ledger.last().action, Action::kUpdateSelf);
  EXPECT_THAT(ShownIn(*GetSelf(self_)),
              Contains(Pair("email", ElementsAre("m@x.org"))));
}

TEST_F(DirectorySelfTest, TheOrganisationsFieldsAreNotTheirs) {
  for (const char* field : {"region", "notes", "external_id", "stage"}) {
    const auto status =
        chapter_.directory.UpdateSelf(self_, Update({{field, {"x"}}})).status();
    EXPECT_THAT(status, FailsWith(absl::StatusCode::kPermissionDenied,
                                  Reason::kFieldNotYours));
    EXPECT_EQ(GetErrorInfo(status).field, field);
  }
  EXPECT_EQ(GetSelf(self_)->revision, 1u);
}

TEST_F(DirectorySelfTest, ErasesTheRecordOnce) {
  const RequestId request = chapter_.NewRequest();
  ASSERT_TRUE(chapter_.directory.EraseSelf(self_, request).ok());
  EXPECT_EQ(chapter_.ledger.last().action, Action::kEraseSelf);
  EXPECT_TRUE(chapter_.suppressions.Contains("M1"));
  EXPECT_TRUE(chapter_.directory.EraseSelf(self_, request).ok());
}

TEST_F(DirectorySelfTest, ErasingTheRecordEndsTheAccountAndItsName) {
  const Caller other = chapter_.MakeCaller(
      Role::kMember, chapter_.Add({{"given_name", {"Olga"}}}));
  ASSERT_TRUE(chapter_.directory.EraseSelf(self_, chapter_.NewRequest()).ok());
  const auto ended =
      FailsWith(absl::StatusCode::kUnauthenticated, Reason::kDeviceRevoked);
  EXPECT_THAT(GetSelf(self_).status(), ended);
  EXPECT_THAT(chapter_.directory.EraseSelf(self_, chapter_.NewRequest()),
              ended);
  const auto principal = chapter_.access.FindPrincipal(self_.principal);
  EXPECT_EQ(principal->name, "erased member");
  EXPECT_TRUE(principal->suspended);
  EXPECT_TRUE(GetSelf(other).ok());
}

TEST_F(DirectorySelfTest, IsForThoseWithARecordAlone) {
  const Caller coordinator = chapter_.MakeCaller(Role::kCoordinator);
  const auto refused =
      FailsWith(absl::StatusCode::kPermissionDenied, Reason::kRoleNotAllowed);
  EXPECT_THAT(GetSelf(coordinator).status(), refused);
  EXPECT_THAT(
      chapter_.directory.UpdateSelf(coordinator, Update({{"email", {"a"}}}))
          .status(),
      refused);
  EXPECT_THAT(chapter_.directory.EraseSelf(coordinator, chapter_.NewRequest()),
              refused);
  EXPECT_THAT(chapter_.directory.OwnLedgerKey(coordinator).status(), refused);
}

TEST_F(DirectorySelfTest, HoldsTheKeyToWhoLooked) {
  const auto own = chapter_.directory.OwnLedgerKey(self_);
  ASSERT_TRUE(own.ok());
  const auto through_grant =
      chapter_.directory.LedgerKeyOf(chapter_.owner, maria_, std::nullopt);
  EXPECT_TRUE(own->Equals(*through_grant));
}

TEST_F(DirectorySelfTest, NobodyElsesRecordIsReached) {
  const MemberId bo = chapter_.Add({{"given_name", {"Bo"}}});
  const Caller other = chapter_.MakeCaller(Role::kMember, bo);
  EXPECT_THAT(ShownIn(*GetSelf(other)), ElementsAre(Key("given_name")));
  EXPECT_THAT(chapter_.Get(other, {maria_, std::nullopt, {}}).status(),
              FailsWith(absl::StatusCode::kPermissionDenied, Reason::kNoGrant));
}

}  // namespace
}  // namespace sodality::core
