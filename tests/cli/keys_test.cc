#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/cli/keys_fixture.h"

namespace sodality::cli {
namespace {

using nlohmann::json;
using testing::_;
using testing::HasSubstr;
using testing::Return;

class KeysTest : public CliTest {
 protected:
  void ExpectRotation() {
    EXPECT_CALL(*server_, RotateKey("wrap")).WillOnce(Return(Running(0)));
  }
  // A watch that tells of each, then ends so.
  static auto Tells(std::vector<KeyRotation> each, absl::Status end) {
    return [each = std::move(each), end = std::move(end)](
               const std::string& id, const RotationVisitor& visit) {
      EXPECT_EQ(id, kId);
      for (const KeyRotation& now : each) {
        const absl::Status seen = visit(now);
        if (!seen.ok()) return seen;
      }
      return end;
    };
  }
};

TEST_F(KeysTest, RotateSaysWhatItBeganAndWhereToLook) {
  EXPECT_CALL(*server_, RotateKey("wrap")).WillRepeatedly(Return(Running(0)));
  const Result result = Run({"keys", "rotate", "wrap"});
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.out,
            "wrap-2 seals every write from now on; older records are being "
            "brought under it\n");
  EXPECT_EQ(result.err,
            "sodality: hint: how far it is: sodality keys status\n");
  EXPECT_EQ(Run({"keys", "rotate", "wrap", "--json"}).Json(),
            (json{{"kind", "wrap"},
                  {"work", "rewrap"},
                  {"from", 1},
                  {"to", 2},
                  {"finished", false}}));
}

TEST_F(KeysTest, AnIndexKeyIsRotatedLikewise) {
  EXPECT_CALL(*server_, RotateKey("index"))
      .WillRepeatedly(Return(Working("reindex", "index")));
  const Result begun = Run({"keys", "rotate", "index"});
  EXPECT_EQ(begun.exit, 0);
  EXPECT_EQ(begun.out,
            "index-2 makes the search tokens of every write from now on; those "
            "of older records are being made anew\n");
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillRepeatedly(Tells({}, absl::OkStatus()));
  EXPECT_EQ(Run({"keys", "rotate", "index", "--wait"}).out,
            "all search tokens are of index-2\n");
  EXPECT_EQ(Run({"keys", "rotate", "index", "--wait", "--json"}).Json(),
            (json{{"kind", "index"},
                  {"work", "reindex"},
                  {"from", 1},
                  {"to", 2},
                  {"finished", true}}));
}

TEST_F(KeysTest, APageKeyIsRotatedByACopy) {
  KeyRotation rotation = Working("rekey-pages", "page");
  EXPECT_CALL(*server_, RotateKey("page")).WillRepeatedly(Return(rotation));
  EXPECT_EQ(Run({"keys", "rotate", "page"}).out,
            "page-2 is ready; the database's file is being copied to be under "
            "it\n");
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillRepeatedly(Tells({rotation}, absl::OkStatus()));
  const Result result = Run({"keys", "rotate", "page", "--wait"});
  EXPECT_EQ(result.out, "the database's file is under page-2\n");
  EXPECT_THAT(result.err, Not(HasSubstr("records")));
  KeyList keys = Keys();
  keys.rotation = rotation;
  EXPECT_CALL(*server_, ListKeys()).WillRepeatedly(Return(keys));
  EXPECT_THAT(
      Run({"keys", "status"}).out,
      AllOf(HasSubstr("120 of 539 pages, 22 %"), HasSubstr("200 pages/s")));
}

TEST_F(KeysTest, TheLedgersKeysAreReplaced) {
  KeyRotation rotation = Working("rekey-ledger", "ledger");
  rotation.done = 1;
  rotation.total = 2;
  EXPECT_CALL(*server_, RotateKey("ledger")).WillRepeatedly(Return(rotation));
  EXPECT_EQ(Run({"keys", "rotate", "ledger"}).out,
            "ledger-2 seals every entry of the ledger from now on, and its "
            "heads have a new signature\n");
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillRepeatedly(Tells({rotation}, absl::OkStatus()));
  EXPECT_EQ(Run({"keys", "rotate", "ledger", "--wait"}).out,
            "the ledger goes on under ledger-2\n");
  KeyList keys = Keys();
  keys.rotation = rotation;
  EXPECT_CALL(*server_, ListKeys()).WillRepeatedly(Return(keys));
  EXPECT_THAT(Run({"keys", "status"}).out,
              AllOf(HasSubstr("ledger-1 to ledger-2, "),
                    HasSubstr("1 of 2 steps, 50 %")));
}

TEST_F(KeysTest, ARootKeyIsReplaced) {
  KeyRotation rotation = Working("rekey-root", "root");
  rotation.from = rotation.to = 0;
  rotation.done = 1;
  rotation.total = 2;
  EXPECT_CALL(*server_, RotateKey("root")).WillRepeatedly(Return(rotation));
  EXPECT_EQ(Run({"keys", "rotate", "root"}).out,
            "root key is being replaced; the old one serves until the new one "
            "is in its place\n");
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillRepeatedly(Tells({rotation}, absl::OkStatus()));
  EXPECT_EQ(Run({"keys", "rotate", "root", "--wait"}).out,
            "the keyring opens with its new root key\n");
  KeyList keys = Keys();
  keys.rotation = rotation;
  EXPECT_CALL(*server_, ListKeys()).WillRepeatedly(Return(keys));
  EXPECT_THAT(
      Run({"keys", "status"}).out,
      AllOf(HasSubstr("to a new root key, "), HasSubstr("1 of 2 steps, 50 %")));
}

TEST_F(KeysTest, ARotationThatWasGivenUpHasNotFinished) {
  KeyRotation rotation = Working("rekey-root", "root");
  EXPECT_CALL(*server_, RotateKey("root")).WillOnce(Return(rotation));
  KeyRotation given_up = rotation;
  given_up.given_up = true;
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillOnce(Tells({rotation, given_up}, absl::OkStatus()));
  const Result waited = Run({"keys", "rotate", "root", "--wait"});
  EXPECT_EQ(waited.exit, 1);
  EXPECT_EQ(waited.out, "");
  EXPECT_THAT(waited.err,
              HasSubstr("the rotation of the root key was given up: "
                        "the new key was lost"));
  // The same request, when it is over.
  EXPECT_CALL(*server_, RotateKey("root")).WillOnce(Return(given_up));
  const Result again = Run({"keys", "rotate", "root", "--json"});
  EXPECT_EQ(again.exit, 1);
  EXPECT_THAT(again.err, HasSubstr("ROTATION_GIVEN_UP"));
}

TEST_F(KeysTest, ReencryptSealsEveryRecordAnew) {
  EXPECT_CALL(*server_, Reencrypt())
      .WillRepeatedly(Return(Working("reencrypt", "wrap")));
  const Result begun = Run({"keys", "reencrypt"});
  EXPECT_EQ(begun.exit, 0);
  EXPECT_EQ(
      begun.out,
      "wrap-2 seals every write from now on; every record is being sealed "
      "anew\n");
  EXPECT_EQ(begun.err, "sodality: hint: how far it is: sodality keys status\n");
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillRepeatedly(Tells({Running(539)}, absl::OkStatus()));
  EXPECT_EQ(Run({"keys", "reencrypt", "--wait"}).out,
            "all records are sealed anew, under wrap-2\n");
  EXPECT_EQ(Run({"keys", "reencrypt", "--wait", "--json"}).Json(),
            (json{{"kind", "wrap"},
                  {"work", "reencrypt"},
                  {"from", 1},
                  {"to", 2},
                  {"finished", true}}));
  EXPECT_EQ(Run({"keys", "reencrypt", "wrap"}).exit, 2);
}

TEST_F(KeysTest, HelpSaysWhatReencryptionDoesNotHelpAgainst) {
  const std::string help = Run({"keys", "reencrypt", "--help"}).out;
  EXPECT_THAT(help, HasSubstr("may have leaked"));
  EXPECT_THAT(help, HasSubstr("It does not help\nagainst whoever took keys and "
                              "data together"));
  EXPECT_THAT(Run({"keys", "rotate", "--help"}).out,
              HasSubstr("keys reencrypt"));
}

TEST_F(KeysTest, WaitReturnsWhenItHasEnded) {
  ExpectRotation();
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillOnce(Tells({Running(0), Running(539)}, absl::OkStatus()));
  const Result result = Run({"keys", "rotate", "wrap", "--wait"});
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.out, "all records are under wrap-2\n");
  EXPECT_EQ(result.err, "");
  ExpectRotation();
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillOnce(Tells({}, absl::OkStatus()));
  const json waited =
      Run({"keys", "rotate", "wrap", "--wait", "--json"}).Json();
  EXPECT_EQ(waited["finished"], true);
}

TEST_F(KeysTest, WaitDrawsABarOfRecords) {
  terminal_.err_is_terminal = true;
  terminal_.fancy = true;
  ExpectRotation();
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillOnce(Tells({Running(539)}, absl::OkStatus()));
  EXPECT_THAT(Run({"keys", "rotate", "wrap", "--wait"}).err,
              HasSubstr("539/539 records, "));
}

TEST_F(KeysTest, AStreamThatBreaksOffIsFollowedByAnother) {
  ExpectRotation();
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillOnce(Tells({Running(1)}, absl::DeadlineExceededError("an hour")))
      .WillOnce(Tells({Running(2)}, absl::UnavailableError("its age")))
      .WillOnce(Tells({Running(3)}, absl::OkStatus()));
  EXPECT_EQ(Run({"keys", "rotate", "wrap", "--wait"}).exit, 0);
}

TEST_F(KeysTest, AWaitThatFailsSaysThatTheRotationGoesOn) {
  ExpectRotation();
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillOnce(Tells({Running(1)}, absl::UnavailableError("went away")))
      .WillOnce(Tells({}, Refusal(absl::StatusCode::kUnavailable,
                                  "the server is sealed", "SEALED")));
  const Result result = Run({"keys", "rotate", "wrap", "--wait"});
  EXPECT_EQ(result.exit, 10);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "sodality: error: the server is sealed\n"
            "sodality: hint: the rotation was begun, and the server goes on "
            "with it: sodality keys status\n");
}

TEST_F(KeysTest, WaitSaysAProblemOnce) {
  KeyRotation stuck = Running(7);
  stuck.problem = "the disk is full";
  ExpectRotation();
  EXPECT_CALL(*server_, WatchRotation(kId, _))
      .WillOnce(Tells({stuck, stuck, Running(8)}, absl::OkStatus()));
  EXPECT_EQ(Run({"keys", "rotate", "wrap", "--wait", "--quiet"}).err,
            "sodality: warning: the rotation does not go on: the disk is "
            "full\n");
}

TEST_F(KeysTest, OtherKindsAreMisuseAndNotSent) {
  const std::string hint =
      "\nsodality: hint: those that can be: wrap, index, page, ledger, root\n";
  EXPECT_EQ(Run({"keys", "rotate", "ledger-sign"}).err,
            "sodality: error: it is rotated with the ledger key" + hint);
  for (const char* kind : {"state", "lease", "suppression", "ca"}) {
    const Result result = Run({"keys", "rotate", kind});
    EXPECT_EQ(result.exit, 2) << kind;
    EXPECT_EQ(result.err, "sodality: error: the " + std::string(kind) +
                              " key cannot be rotated yet" + hint);
  }
  const Result unknown = Run({"keys", "rotate", "no\x1b"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_EQ(unknown.err,
            "sodality: error: there is no key of kind no\ufffd" + hint);
  EXPECT_EQ(Run({"keys", "rotate"}).exit, 2);
  EXPECT_EQ(Run({"keys"}).exit, 2);
}

TEST_F(KeysTest, OneRotationAtATimeIsAConflict) {
  EXPECT_CALL(*server_, RotateKey("wrap"))
      .WillOnce(Return(Refusal(absl::StatusCode::kFailedPrecondition,
                               "a rotation runs already", "ROTATION_RUNNING")));
  EXPECT_EQ(Run({"keys", "rotate", "wrap"}).exit, 7);
  EXPECT_CALL(*server_, Reencrypt())
      .WillOnce(Return(Refusal(absl::StatusCode::kFailedPrecondition,
                               "a rotation runs already", "ROTATION_RUNNING")));
  EXPECT_EQ(Run({"keys", "reencrypt"}).exit, 7);
}

}  // namespace
}  // namespace sodality::cli
