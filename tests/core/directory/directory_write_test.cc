// Adding, changing and erasing members through a grant.
// Read next: external_id_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <span>
#include <thread>

#include "tests/core/directory/directory_write_fixture.h"

namespace sodality::core {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

using DirectoryWriteTest = DirectoryWriteFixture;

TEST_F(DirectoryWriteTest, CreateStoresCanonicalValues) {
  chapter_.Give(coordinator_, {});
  const auto bo = Create({{"given_name", {" Bo "}},
                          {"email", {"BO@X.org"}},
                          {"committees", {"Housing", "housing", ""}}});
  ASSERT_TRUE(bo.ok()) << bo.status();
  EXPECT_EQ(bo->revision, 1u);
  EXPECT_THAT(Whole(bo->id),
              ElementsAre(Pair("committees", ElementsAre("Housing")),
                          Pair("email", ElementsAre("bo@x.org")),
                          Pair("given_name", ElementsAre("Bo"))));
}

TEST_F(DirectoryWriteTest, AWriteIsRecordedWithItsFields) {
  const GrantId grant = chapter_.Give(coordinator_, {});
  ASSERT_TRUE(Update(maria_, Edit({{"phone", {}}})).ok());
  const EntryDraft entry = chapter_.ledger.last();
  EXPECT_EQ(entry.action, Action::kUpdateMember);
  EXPECT_EQ(entry.grant->id, grant);
  EXPECT_THAT(entry.members, SizeIs(1));
  EXPECT_THAT(Whole(maria_), Not(Contains(Key("phone"))));
}

TEST_F(DirectoryWriteTest, CreateNeedsANameAndKnownFields) {
  chapter_.Give(coordinator_, {.classes = {FieldClass::kBasic}});
  EXPECT_THAT(Create({{"region", {"Bronx"}}}).status(),
              FailsWith(kInvalid, Reason::kInvalidValue));
  EXPECT_THAT(Create({{"given_name", {" "}}}).status(),
              FailsWith(kInvalid, Reason::kInvalidValue));
  EXPECT_THAT(Create({{"given_name", {"Bo"}}, {"given_name", {"Bo"}}}).status(),
              FailsWith(kInvalid, Reason::kInvalidValue));
  const absl::Status unknown =
      Create({{"given_name", {"Bo"}}, {"nonsense", {"x"}}}).status();
  const absl::Status outside =
      Create({{"given_name", {"Bo"}}, {"email", {"x"}}}).status();
  EXPECT_THAT(unknown, FailsWith(kInvalid, Reason::kUnknownField));
  EXPECT_EQ(outside.message(), unknown.message());
  EXPECT_EQ(Members(), 1u);
}

TEST_F(DirectoryWriteTest, AMemberKeepsAName) {
  chapter_.Give(coordinator_, {});
  EXPECT_THAT(Update(maria_, Edit({{"given_name", {}}})).status(),
              FailsWith(kInvalid, Reason::kInvalidValue));
  EXPECT_TRUE(
      Update(maria_, Edit({{"given_name", {}}, {"family_name", {"Luz"}}}))
          .ok());
}

TEST_F(DirectoryWriteTest, AResultOutsideTheScopeIsRefused) {
  chapter_.Give(coordinator_, {.scopes = {{"region", "Bronx"}}});
  EXPECT_THAT(Create({{"given_name", {"Bo"}}}).status(),
              FailsWith(kDenied, Reason::kOutOfScope));
  EXPECT_TRUE(Create({{"given_name", {"Bo"}}, {"region", {"bronx"}}}).ok());
  EXPECT_THAT(Update(maria_, Edit({{"region", {"Queens"}}})).status(),
              FailsWith(kDenied, Reason::kOutOfScope));
  EXPECT_THAT(Whole(maria_), Contains(Pair("region", ElementsAre("Bronx"))));
}

TEST_F(DirectoryWriteTest, AnothersMemberIsNotThereForWritersEither) {
  chapter_.Give(coordinator_, {.scopes = {{"region", "Queens"}}});
  const absl::Status forbidden =
      Update(maria_, Edit({{"region", {"Queens"}}})).status();
  const EntryDraft of_forbidden = chapter_.ledger.last();
  const absl::Status absent =
      Update(MemberId{{5}}, Edit({{"region", {"Queens"}}})).status();
  EXPECT_EQ(forbidden, MemberNotFound());
  EXPECT_EQ(absent, forbidden);
  EXPECT_THAT(of_forbidden.members, IsEmpty());
  EXPECT_EQ(of_forbidden.outcome, Outcome::kRefused);
}

TEST_F(DirectoryWriteTest, TheMaskSaysWhatIsWritten) {
  chapter_.Give(coordinator_, {});
  UpdateInput outside = Edit({{"given_name", {"Mary"}}});
  outside.mask = {"phone"};
  EXPECT_THAT(Update(maria_, outside).status(),
              FailsWith(kInvalid, Reason::kInvalidValue));
  EXPECT_THAT(Update(maria_, Edit({})).status(),
              FailsWith(kInvalid, Reason::kInvalidValue));
  UpdateInput clears = Edit({{"given_name", {"Mary"}}});
  clears.mask.push_back("phone");
  ASSERT_TRUE(Update(maria_, clears).ok());
  EXPECT_THAT(Whole(maria_),
              AllOf(Contains(Pair("given_name", ElementsAre("Mary"))),
                    Not(Contains(Key("phone"))), Contains(Key("region"))));
}

// Draws only when a member is sealed, so between the choice of the grant and
// the write.
class HookedRandom final : public crypto::Random {
 public:
  void Fill(std::span<uint8_t> out) override {
    if (hook) hook();
    crypto::SystemRandom().Fill(out);
  }
  std::function<void()> hook;
};

TEST_F(DirectoryWriteTest, AGrantThatEndsDuringAWriteWritesNothing) {
  HookedRandom random;
  const DirectoryParts& parts = chapter_.parts;
  const Directory directory({parts.info, parts.schema, parts.clock, random,
                             parts.keys, parts.index, parts.store, parts.ledger,
                             parts.committer, parts.access, parts.suppressions,
                             parts.tombstones});
  const GrantId grant = chapter_.Give(coordinator_, {});
  const Shown before = Whole(maria_);
  random.hook = [&] { chapter_.End(grant); };
  EXPECT_THAT(directory
                  .Update(coordinator_, maria_, std::nullopt,
                          Edit({{"given_name", {"Eve"}}}))
                  .status(),
              FailsWith(kDenied, Reason::kGrantEnded));
  EXPECT_EQ(Whole(maria_), before);
  const GrantId next = chapter_.Give(coordinator_, {});
  random.hook = [&] { chapter_.End(next); };
  EXPECT_THAT(
      directory.Create(coordinator_, New({{"given_name", {"Bo"}}})).status(),
      FailsWith(kDenied, Reason::kGrantEnded));
  EXPECT_EQ(Members(), 1u);
}

TEST_F(DirectoryWriteTest, AStaleRevisionIsRefused) {
  chapter_.Give(coordinator_, {});
  ASSERT_EQ(Update(maria_, Edit({{"phone", {}}}, 1))->revision, 2u);
  EXPECT_THAT(Update(maria_, Edit({{"phone", {}}}, 1)).status(),
              FailsWith(absl::StatusCode::kAborted, Reason::kStaleRevision));
  EXPECT_EQ(Update(maria_, Edit({{"phone", {}}}))->revision, 3u);
}

TEST_F(DirectoryWriteTest, WritersAtOnceLoseNothing) {
  chapter_.Give(coordinator_, {});
  const std::vector<std::string> fields = {"street", "city", "state",
                                           "postal_code"};
  std::vector<std::thread> writers;
  for (const std::string& field : fields) {
    writers.emplace_back([&, field] {
      // Others may be faster more often than an edit is tried by itself.
      absl::Status status;
      do {
        status = Update(maria_, Edit({{field, {"x"}}})).status();
      } while (absl::IsAborted(status));
      EXPECT_TRUE(status.ok()) << status;
    });
  }
  for (std::thread& writer : writers) writer.join();
  for (const std::string& field : fields) {
    EXPECT_THAT(Whole(maria_), Contains(Key(field)));
  }
}

// As when the wrap key that it was sealed under is retired before it comes.
TEST_F(DirectoryWriteTest, ANewMemberIsSealedAgainWhenTheStoreHasMovedOn) {
  chapter_.Give(coordinator_, {});
  chapter_.store.LoseRace(1);
  const auto created =
      chapter_.directory.Create(coordinator_, New({{"given_name", {"Bo"}}}));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->revision, 1u);
}

TEST_F(DirectoryWriteTest, ARepeatedRequestIsAppliedOnce) {
  chapter_.Give(coordinator_, {});
  const CreateInput input = New({{"given_name", {"Bo"}}});
  const auto first = chapter_.directory.Create(coordinator_, input);
  const auto again = chapter_.directory.Create(coordinator_, input);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(first->id, again->id);
  EXPECT_EQ(Members(), 2u);
  const UpdateInput edit = Edit({{"given_name", {"Bob"}}}, 1);
  EXPECT_EQ(Update(first->id, edit)->revision, 2u);
  EXPECT_EQ(Update(first->id, edit)->revision, 2u);
}

TEST_F(DirectoryWriteTest, ARequestIdIsForOneContent) {
  chapter_.Give(coordinator_, {});
  CreateInput input = New({{"given_name", {"Bo"}}});
  ASSERT_TRUE(chapter_.directory.Create(coordinator_, input).ok());
  input.fields = Inputs({{"given_name", {"Boo"}}});
  EXPECT_THAT(chapter_.directory.Create(coordinator_, input).status(),
              FailsWith(kInvalid, Reason::kRequestIdReused));
  UpdateInput edit = Edit({{"given_name", {"Bo"}}});
  edit.request = input.request;
  EXPECT_THAT(Update(maria_, edit).status(),
              FailsWith(kInvalid, Reason::kRequestIdReused));
  const Caller other = chapter_.MakeCaller(Role::kCoordinator);
  chapter_.Give(other, {});
  EXPECT_TRUE(chapter_.directory.Create(other, input).ok());
}

TEST_F(DirectoryWriteTest, TheSameRequestAtOnceIsAppliedOnce) {
  chapter_.Give(coordinator_, {});
  const RequestId request = chapter_.NewRequest();
  std::vector<std::thread> callers;
  std::array<absl::StatusOr<MemberVersion>, 4> answers;
  for (size_t i = 0; i < answers.size(); ++i) {
    callers.emplace_back([&, i] {
      answers[i] = chapter_.directory.Create(
          coordinator_,
          {Inputs({{"given_name", {"Bo"}}}), std::nullopt, request});
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->id, answers[0]->id);
  }
  EXPECT_EQ(Members(), 2u);
}

TEST_F(DirectoryWriteTest, AFullDiskStoresNothingAndRecovers) {
  chapter_.Give(coordinator_, {});
  chapter_.store.FailCommits(absl::ResourceExhaustedError("disk full"));
  EXPECT_THAT(
      Create({{"given_name", {"Bo"}}}).status(),
      FailsWith(absl::StatusCode::kResourceExhausted, Reason::kDiskFull));
  chapter_.store.FailCommits(absl::OkStatus());
  EXPECT_TRUE(Create({{"given_name", {"Bo"}}}).ok());
  EXPECT_EQ(Members(), 2u);
}

TEST_F(DirectoryWriteTest, AdminsAloneErase) {
  chapter_.Give(coordinator_, {});
  EXPECT_THAT(Erase(coordinator_, maria_),
              FailsWith(kDenied, Reason::kRoleNotAllowed));
  ASSERT_TRUE(Erase(chapter_.owner, maria_).ok());
  EXPECT_EQ(chapter_.ledger.last().action, Action::kEraseMember);
  EXPECT_THAT(chapter_.ledger.last().members, SizeIs(1));
  EXPECT_EQ(Members(), 0u);
  EXPECT_EQ(Erase(chapter_.owner, maria_), MemberNotFound());
}

}  // namespace
}  // namespace sodality::core
