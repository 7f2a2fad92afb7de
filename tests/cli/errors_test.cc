// What a failed command leaves behind: an exit code, an empty standard output,
// and one error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/cli/test_session.h"
#include "tests/scratch.h"

namespace sodality::cli {
namespace {

using testing::_;
using testing::Return;

struct Case {
  absl::StatusCode code;
  const char* reason;
  int exit;
};

class FailureTest : public CliTest, public testing::WithParamInterface<Case> {};

TEST_P(FailureTest, ExitCodeAndJsonAgree) {
  EXPECT_CALL(*server_, GetMember(_))
      .WillRepeatedly(
          Return(Refusal(GetParam().code, "it failed", GetParam().reason)));
  EXPECT_CALL(*server_, GetSchema())
      .WillRepeatedly(Return(std::vector<SchemaField>{}));
  const Result plain = Run({"show", kId});
  EXPECT_EQ(plain.exit, GetParam().exit);
  EXPECT_EQ(plain.out, "");
  EXPECT_EQ(plain.err, "sodality: error: it failed\n");
  const Result result = Run({"--json", "show", kId});
  EXPECT_EQ(result.exit, GetParam().exit);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.ErrorJson()["error"]["exit"], GetParam().exit);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FailureTest,
    testing::Values(
        Case{absl::StatusCode::kInternal, "", 1},
        Case{absl::StatusCode::kPermissionDenied, "PROFILE_UNUSABLE", 1},
        Case{absl::StatusCode::kFailedPrecondition, "PROFILE_UNUSABLE", 1},
        Case{absl::StatusCode::kInvalidArgument, "PROFILE_UNUSABLE", 1},
        Case{absl::StatusCode::kInvalidArgument, "UNKNOWN_FIELD", 2},
        Case{absl::StatusCode::kFailedPrecondition, "SEVERAL_GRANTS", 2},
        Case{absl::StatusCode::kCancelled, "PASSPHRASE_NEEDED", 3},
        Case{absl::StatusCode::kUnauthenticated, "DEVICE_REVOKED", 4},
        Case{absl::StatusCode::kPermissionDenied, "GRANT_ENDED", 5},
        Case{absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND", 6},
        Case{absl::StatusCode::kAborted, "STALE_REVISION", 7},
        Case{absl::StatusCode::kFailedPrecondition, "ROTATION_RUNNING", 7},
        Case{absl::StatusCode::kFailedPrecondition, "BACKUP_RUNNING", 7},
        Case{absl::StatusCode::kFailedPrecondition, "KEY_IN_USE", 7},
        Case{absl::StatusCode::kFailedPrecondition, "ACT_ENDED", 7},
        Case{absl::StatusCode::kPermissionDenied, "BAD_APPROVAL", 5},
        Case{absl::StatusCode::kUnavailable, "UNREACHABLE", 8},
        Case{absl::StatusCode::kUnavailable, "SEALED", 10},
        Case{absl::StatusCode::kResourceExhausted, "BUDGET_EXHAUSTED", 11}));

using ErrorsTest = CliTest;

TEST_F(ErrorsTest, WhenABudgetRefillsIsSaid) {
  EXPECT_CALL(*server_, GetMember(_))
      .WillRepeatedly(Return(MakeError(absl::StatusCode::kResourceExhausted,
                                       "the grant's budget is used up",
                                       {.reason = "BUDGET_EXHAUSTED",
                                        .hint = "20 an hour",
                                        .retry_at = "2026-11-26T19:00:00Z"})));
  EXPECT_EQ(Run({"show", kId}).err,
            "sodality: error: the grant's budget is used up\n"
            "sodality: hint: 20 an hour; possible again at "
            "2026-11-26T19:00:00Z\n");
  EXPECT_EQ(Run({"show", kId, "--json"}).ErrorJson()["error"]["retry_at"],
            "2026-11-26T19:00:00Z");
}

TEST_F(ErrorsTest, ATimeThatTheHintNamesIsNotRepeated) {
  EXPECT_CALL(*server_, GetMember(_))
      .WillOnce(
          Return(MakeError(absl::StatusCode::kResourceExhausted, "used up",
                           {.reason = "BUDGET_EXHAUSTED",
                            .hint = "it refills from 2026-11-26T19:00:00Z",
                            .retry_at = "2026-11-26T19:00:00Z"})));
  EXPECT_EQ(Run({"show", kId}).err,
            "sodality: error: used up\n"
            "sodality: hint: it refills from 2026-11-26T19:00:00Z\n");
}

TEST_F(ErrorsTest, TheFieldAtFaultIsNamed) {
  EXPECT_CALL(*server_, GetSchema()).WillOnce(Return(SmallSchema()));
  EXPECT_CALL(*server_, CreateMember(_))
      .WillOnce(
          Return(MakeError(absl::StatusCode::kInvalidArgument,
                           "too short for a telephone number",
                           {.reason = "INVALID_VALUE", .field = "phone"})));
  EXPECT_EQ(Run({"member", "add", "phone=1"}).err,
            "sodality: error: phone: too short for a telephone number\n");
}

TEST_F(ErrorsTest, AnOptionAtFaultIsNamedAsItWasTyped) {
  const Scratch scratch;
  const std::vector<std::string> add = {
      "grant",     "add",        "--to",    "Cora", "--role",  "coordinator",
      "--purpose", "phone bank", "--until", "500d", "--class", "basic"};
  EXPECT_CALL(*server_, CreateGrant(_))
      .WillOnce(Return(MakeError(
          absl::StatusCode::kInvalidArgument, "a grant ends within 366 days",
          {.reason = "INVALID_VALUE", .field = "until"})));
  EXPECT_EQ(Run(add).err,
            "sodality: error: --until: a grant ends within 366 days\n");
  EXPECT_CALL(*server_, CreateInvite(_))
      .WillOnce(Return(
          MakeError(absl::StatusCode::kInvalidArgument, "names their record",
                    {.reason = "INVALID_VALUE", .field = "member_id"})));
  EXPECT_EQ(
      Run({"invite", "Rosa", "--role", "member", "--out", scratch / "i"}).err,
      "sodality: error: --member: names their record\n");
  EXPECT_CALL(*server_, GetMember(_))
      .WillOnce(
          Return(MakeError(absl::StatusCode::kInvalidArgument, "no such id",
                           {.reason = "INVALID_VALUE", .field = "member_id"})));
  EXPECT_EQ(Run({"show", kId}).err, "sodality: error: MEMBER: no such id\n");
}

TEST_F(ErrorsTest, AMisspeltOptionOfFindIsNoFieldThatTheServerLacks) {
  EXPECT_CALL(*server_, GetSchema()).WillRepeatedly(Return(SmallSchema()));
  EXPECT_CALL(*server_, SearchMembers(_))
      .WillRepeatedly(
          Return(MakeError(absl::StatusCode::kInvalidArgument, "no such field",
                           {.reason = "UNKNOWN_FIELD", .field = "limt"})));
  EXPECT_EQ(Run({"find", "ana", "--limt", "5"}).err,
            "sodality: error: --limt: no such field\n"
            "sodality: hint: did you mean --limit?\n");
  EXPECT_EQ(Run({"find", "ana", "--limt=5"}).err,
            "sodality: error: --limt: no such field\n"
            "sodality: hint: did you mean --limit?\n");
}

TEST_F(ErrorsTest, HelpOnNoCommandIsMisuse) {
  const Result result = Run({"help", "fnid"});
  EXPECT_EQ(result.exit, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "sodality: error: unknown command: sodality fnid\n"
            "sodality: hint: did you mean sodality find?\n");
  EXPECT_EQ(Run({"help", "find"}).exit, 0);
}

TEST_F(ErrorsTest, StatusAdvisesByRole) {
  EXPECT_CALL(*server_, GetSchema())
      .WillRepeatedly(Return(std::vector<SchemaField>{}));
  EXPECT_CALL(*server_, GetLedgerHead()).WillRepeatedly(Return(LedgerHead{}));
  for (const auto& [role, note] : std::map<std::string, std::string>{
           {"admin", "you hold no grant in force: another admin gives one"},
           {"coordinator", "you hold no grant in force: an admin gives one"},
           {"member", "your own record: sodality me"},
           {"auditor", "the record of looks: sodality ledger verify"},
           {"source",
            "a source pushes rosters, and reads nobody: sodality roster "
            "push"}}) {
    ServerStatus status;
    status.self.role = role;
    EXPECT_CALL(*server_, GetStatus()).WillOnce(Return(status));
    EXPECT_EQ(Run({"status"}).err, "sodality: " + note + "\n");
  }
}

TEST_F(ErrorsTest, ArgumentsThatAreNotUtf8AreNotSent) {
  EXPECT_EQ(Run({"find", "mar\xff"}).exit, 2);
}

TEST_F(ErrorsTest, NotEnrolledIsSaidBeforeAnythingIsAsked) {
  connect_ =
      Refusal(absl::StatusCode::kUnauthenticated, "no profile", "NOT_ENROLLED");
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"status"},
        {"find", "x"},
        {"show", kId},
        {"me"},
        {"grant", "list"},
        {"keys", "status"},
        {"keys", "rotate", "wrap"},
        {"keys", "reencrypt"},
        {"ledger"},
        {"ledger", "verify"},
        {"principal", "list"},
        {"device", "list"}}) {
    EXPECT_EQ(Run(args).exit, 4) << args[0];
  }
}

TEST_F(ErrorsTest, MessagesOfOthersCannotDriveTheTerminal) {
  EXPECT_CALL(*server_, GetMember(_))
      .WillOnce(Return(absl::InternalError("bad \x1b[2J\nthing")));
  const Result result = Run({"show", kId});
  EXPECT_EQ(result.err, "sodality: error: bad \ufffd[2J\ufffdthing\n");
}

TEST_F(ErrorsTest, MisuseInJsonModeIsJson) {
  EXPECT_EQ(Run({"fnid", "--json"}).ErrorJson()["error"]["exit"], 2);
  EXPECT_EQ(Run({"--json", "--profile"}).ErrorJson()["error"]["exit"], 2);
}

TEST_F(ErrorsTest, StatusFailsWhenTheServerWentBack) {
  EXPECT_CALL(*server_, GetStatus()).WillOnce(Return(ServerStatus{}));
  EXPECT_CALL(*server_, GetSchema())
      .WillOnce(Return(std::vector<SchemaField>{}));
  EXPECT_CALL(*server_, GetLedgerHead()).WillOnce(Return(LedgerHead{}));
  advance_ = Refusal(absl::StatusCode::kDataLoss, "the server went back",
                     "SERVER_WENT_BACK");
  const Result result = Run({"status"});
  EXPECT_EQ(result.exit, 1);
  EXPECT_EQ(result.out, "");
}

}  // namespace
}  // namespace sodality::cli
