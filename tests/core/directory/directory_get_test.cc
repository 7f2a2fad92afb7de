// What a look-up by id shows, to whom, and what is recorded of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/directory.h"
#include "server/core/waiter.h"
#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr FieldClass kAll[] = {FieldClass::kBasic, FieldClass::kContact,
                               FieldClass::kSensitive};

class DirectoryGetTest : public DirectoryFixture {
 protected:
  GetQuery Of(const MemberId& member, View view = {}) {
    return {member, std::nullopt, std::move(view)};
  }
  absl::StatusOr<ProjectedMember> Get(GetQuery query) {
    return chapter_.Get(coordinator_, std::move(query));
  }
  std::vector<uint16_t> Ids(const std::vector<std::string>& names) {
    std::vector<uint16_t> ids;
    for (const auto& name : names)
      ids.push_back(chapter_.schema.Find(name)->id);
    return ids;
  }

  const MemberId maria_ = chapter_.Add({{"given_name", {"Maria"}},
                                        {"family_name", {"González"}},
                                        {"phone", {"212 555 0123"}},
                                        {"region", {"Bronx"}},
                                        {"committees", {"Housing", "Labor"}},
                                        {"notes", {"sings"}}});
};

TEST_F(DirectoryGetTest, ShowsBasicFieldsAndNamesTheRest) {
  chapter_.Give(coordinator_,
                {.classes = {FieldClass::kBasic, FieldClass::kContact}});
  const auto shown = Get(Of(maria_));
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->id, maria_);
  EXPECT_EQ(shown->revision, 1u);
  EXPECT_THAT(ShownIn(*shown),
              UnorderedElementsAre(
                  Pair("given_name", ElementsAre("Maria")),
                  Pair("family_name", ElementsAre("González")),
                  Pair("region", ElementsAre("Bronx")),
                  Pair("committees", ElementsAre("Housing", "Labor"))));
  EXPECT_THAT(
      HiddenIn(*shown),
      ElementsAre("email", "phone", "street", "city", "state", "postal_code",
                  "country", "consent_call", "consent_text", "consent_email"));
}

// The store's memory saves the reading of those who are shown; for anybody else
// a look-up costs one read, so that its time does not tell who is there.
TEST_F(DirectoryGetTest, WhoIsNotShownCostsAReadWhetherRecalledOrAbsent) {
  const MemberId anna =
      chapter_.Add({{"given_name", {"Anna"}}, {"region", {"Queens"}}});
  chapter_.Give(coordinator_, {.scopes = {{"region", "Bronx"}}});
  const auto reads_of = [&](const MemberId& id, bool shown) {
    const int before = chapter_.store.reads();
    EXPECT_EQ(Get(Of(id)).ok(), shown);
    return chapter_.store.reads() - before;
  };
  const MemberId nobody{chapter_.NewRequest().bytes};
  EXPECT_EQ(reads_of(maria_, true), 1);
  EXPECT_EQ(reads_of(anna, false), 1);
  EXPECT_EQ(reads_of(nobody, false), 1);
  chapter_.store.RecallEverybody();
  EXPECT_EQ(reads_of(maria_, true), 0);
  EXPECT_EQ(reads_of(anna, false), 1);
  EXPECT_EQ(reads_of(nobody, false), 1);
}

TEST_F(DirectoryGetTest, HiddenDoesNotTellWhatAMemberHas) {
  chapter_.Give(coordinator_, {});
  const MemberId other = chapter_.Add({{"given_name", {"Bo"}}});
  EXPECT_EQ(HiddenIn(*Get(Of(maria_))), HiddenIn(*Get(Of(other))));
}

TEST_F(DirectoryGetTest, RevealShowsEveryClassOfTheGrant) {
  chapter_.Give(coordinator_,
                {.classes = {FieldClass::kBasic, FieldClass::kContact}});
  const auto shown = Get(Of(maria_, {.reveal = true, .fields = {}}));
  ASSERT_TRUE(shown.ok());
  EXPECT_THAT(ShownIn(*shown),
              Contains(Pair("phone", ElementsAre("+12125550123"))));
  EXPECT_THAT(ShownIn(*shown), Not(Contains(Key("notes"))));
  EXPECT_THAT(HiddenIn(*shown), IsEmpty());
}

TEST_F(DirectoryGetTest, NamedFieldsAreShownAlone) {
  chapter_.Give(coordinator_,
                {.classes = {FieldClass::kBasic, FieldClass::kContact}});
  const auto shown = Get(Of(maria_, {.reveal = true, .fields = {"phone"}}));
  ASSERT_TRUE(shown.ok());
  EXPECT_THAT(ShownIn(*shown), ElementsAre(Key("phone")));
  EXPECT_THAT(HiddenIn(*shown), IsSupersetOf({"email", "street"}));
  EXPECT_THAT(HiddenIn(*shown), Not(Contains("phone")));
}

TEST_F(DirectoryGetTest, EachClassShowsItsFieldsAlone) {
  for (const FieldClass field_class : kAll) {
    const Caller caller = chapter_.MakeCaller(Role::kCoordinator);
    chapter_.Give(caller, {.classes = {field_class}});
    const auto shown =
        chapter_.Get(caller, Of(maria_, {.reveal = true, .fields = {}}));
    ASSERT_TRUE(shown.ok());
    for (const ProjectedField& field : shown->fields) {
      EXPECT_EQ(field.spec->field_class, field_class);
    }
    EXPECT_FALSE(shown->fields.empty());
  }
}

TEST_F(DirectoryGetTest, AFieldOutsideTheGrantAnswersLikeOneThatIsNot) {
  chapter_.Give(coordinator_, {.classes = {FieldClass::kBasic}});
  const absl::Status outside =
      Get(Of(maria_, {.reveal = false, .fields = {"notes"}})).status();
  const absl::Status unknown =
      Get(Of(maria_, {.reveal = false, .fields = {"nonsense"}})).status();
  EXPECT_THAT(outside, FailsWith(absl::StatusCode::kInvalidArgument,
                                 Reason::kUnknownField));
  EXPECT_EQ(outside.message(), unknown.message());
  EXPECT_EQ(GetErrorInfo(outside).hint, GetErrorInfo(unknown).hint);
}

TEST_F(DirectoryGetTest, AbsentAndForbiddenAnswerAndCountAlike) {
  chapter_.Give(coordinator_, {.scopes = {{"region", "Queens"}}});
  const size_t before = chapter_.ledger.size();
  const absl::Status forbidden = Get(Of(maria_)).status();
  const EntryDraft of_forbidden = chapter_.ledger.last();
  const absl::Status absent = Get(Of(MemberId{{1, 2, 3}})).status();
  const EntryDraft of_absent = chapter_.ledger.last();
  EXPECT_THAT(absent,
              FailsWith(absl::StatusCode::kNotFound, Reason::kMemberNotFound));
  EXPECT_EQ(absent, forbidden);
  EXPECT_EQ(chapter_.ledger.size(), before + 2);
  EXPECT_THAT(of_forbidden.members, IsEmpty());
  EXPECT_THAT(of_absent.members, IsEmpty());
  EXPECT_EQ(of_absent.action, of_forbidden.action);
  EXPECT_EQ(of_absent.outcome, of_forbidden.outcome);
}

TEST_F(DirectoryGetTest, AnyTermOfAScopeAdmits) {
  chapter_.Give(coordinator_,
                {.scopes = {{"region", "Queens"}, {"committees", "labor"}}});
  EXPECT_TRUE(Get(Of(maria_)).ok());
}

TEST_F(DirectoryGetTest, EachRevealIsRecordedWithItsFields) {
  const GrantId grant = chapter_.Give(coordinator_, {});
  ASSERT_TRUE(Get(Of(maria_, {.reveal = false, .fields = {"phone"}})).ok());
  const EntryDraft entry = chapter_.ledger.last();
  EXPECT_EQ(entry.action, Action::kGet);
  EXPECT_EQ(entry.actor, coordinator_.principal);
  EXPECT_EQ(entry.device, coordinator_.device);
  ASSERT_TRUE(entry.grant.has_value());
  EXPECT_EQ(entry.grant->id, grant);
  ASSERT_EQ(entry.members.size(), 1u);
  const auto key =
      chapter_.directory.LedgerKeyOf(coordinator_, maria_, std::nullopt);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(entry.members.front().tag, MemberTag(*key));
  Entry written;
  written.header.parts.push_back(
      {entry.members.front().tag, 1, entry.members.front().commitment});
  written.sealed_parts.push_back(entry.members.front().sealed);
  const auto part = OpenMemberPart(written, 0, *key);
  ASSERT_TRUE(part.ok()) << part.status();
  EXPECT_EQ(part->member, maria_);
  EXPECT_EQ(part->fields, Ids({"phone"}));
}

TEST_F(DirectoryGetTest, NothingIsShownThatCouldNotBeRecorded) {
  chapter_.Give(coordinator_, {});
  chapter_.ledger.Fail(absl::ResourceExhaustedError("full"));
  EXPECT_THAT(
      Get(Of(maria_)).status(),
      FailsWith(absl::StatusCode::kResourceExhausted, Reason::kDiskFull));
  chapter_.ledger.Fail(absl::UnavailableError("broken"));
  EXPECT_THAT(Get(Of(maria_)).status(),
              FailsWith(absl::StatusCode::kUnavailable, Reason::kStoreStopped));
  chapter_.ledger.Fail(absl::OkStatus());
  EXPECT_TRUE(Get(Of(maria_)).ok());
}

TEST_F(DirectoryGetTest, WithoutAGrantInForceNothingIsShown) {
  EXPECT_THAT(Get(Of(maria_)).status(),
              FailsWith(absl::StatusCode::kPermissionDenied, Reason::kNoGrant));
  const GrantId grant = chapter_.Give(coordinator_, {});
  EXPECT_TRUE(Get(Of(maria_)).ok());
  chapter_.End(grant);
  EXPECT_THAT(
      Get(Of(maria_)).status(),
      FailsWith(absl::StatusCode::kPermissionDenied, Reason::kGrantEnded));
  chapter_.Give(coordinator_, {});
  chapter_.clock.Advance(std::chrono::hours(24 * 31));
  EXPECT_THAT(
      Get(Of(maria_)).status(),
      FailsWith(absl::StatusCode::kPermissionDenied, Reason::kGrantEnded));
}

TEST_F(DirectoryGetTest, OfSeveralGrantsOneHasToBeNamed) {
  chapter_.Give(coordinator_, {.classes = {FieldClass::kBasic}});
  const GrantId second = chapter_.Give(coordinator_, {});
  EXPECT_THAT(
      Get(Of(maria_)).status(),
      FailsWith(absl::StatusCode::kFailedPrecondition, Reason::kSeveralGrants));
  GetQuery query = Of(maria_, {.reveal = true, .fields = {}});
  query.grant = second;
  EXPECT_THAT(ShownIn(*Get(query)), Contains(Key("notes")));
}

// There are no such grants; if there were, they would show nobody.
TEST_F(DirectoryGetTest, AnAuditorsGrantShowsNobody) {
  for (const Role role : {Role::kAuditor, Role::kSource, Role::kMember}) {
    for (const Role of_grant : {role, Role::kCoordinator}) {
      const Caller caller = chapter_.MakeCaller(role);
      chapter_.Give(caller, {.role = of_grant});
      EXPECT_THAT(chapter_.Get(caller, Of(maria_)).status(),
                  FailsWith(absl::StatusCode::kPermissionDenied,
                            Reason::kRoleNotAllowed));
    }
  }
}

TEST_F(DirectoryGetTest, ABudgetCountsDistinctMembers) {
  const MemberId bo = chapter_.Add({{"given_name", {"Bo"}}});
  chapter_.Give(coordinator_, {.budget = {.in_all = 1}});
  EXPECT_TRUE(Get(Of(maria_)).ok());
  EXPECT_TRUE(Get(Of(maria_)).ok());
  EXPECT_THAT(Get(Of(bo)).status(),
              FailsWith(absl::StatusCode::kResourceExhausted,
                        Reason::kBudgetExhausted));
}

TEST_F(DirectoryGetTest, ADamagedRecordIsDataLossAndShowsNothing) {
  chapter_.Give(coordinator_, {});
  auto record = chapter_.store.Get(maria_);
  ASSERT_TRUE(record.ok());
  store::Write write;
  write.outbox = {1};
  write.put_members.push_back({maria_, 1, 1, record->sealed, {}});
  Waiter<store::Revision> waiter;
  chapter_.store.Submit(
      std::move(write),
      [&](absl::StatusOr<store::Revision> revision) { waiter.Set(revision); });
  ASSERT_TRUE(waiter.Wait().ok());
  // Revision 1's bytes as revision 2: put back, so they do not open.
  EXPECT_TRUE(absl::IsDataLoss(Get(Of(maria_)).status()));
}

TEST_F(DirectoryGetTest, TheLedgerKeyTakesAGrantOverTheMember) {
  chapter_.Give(coordinator_, {.scopes = {{"region", "Queens"}}});
  for (const MemberId& id : {maria_, MemberId{{1, 2, 3}}}) {
    const size_t before = chapter_.ledger.size();
    EXPECT_EQ(
        chapter_.directory.LedgerKeyOf(coordinator_, id, std::nullopt).status(),
        MemberNotFound());
    EXPECT_EQ(chapter_.ledger.size(), before + 1);
    EXPECT_EQ(chapter_.ledger.last().action, Action::kReadLedger);
    EXPECT_THAT(chapter_.ledger.last().members, IsEmpty());
  }
  EXPECT_TRUE(
      chapter_.directory.LedgerKeyOf(chapter_.owner, maria_, std::nullopt)
          .ok());
}

}  // namespace
}  // namespace sodality::core
