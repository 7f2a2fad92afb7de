#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/cli/test_session.h"

namespace sodality::cli {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using testing::_;
using testing::HasSubstr;
using testing::Return;

constexpr Time kMade{seconds(kNowMillis / 1000)};

KeyRotation Running(uint64_t done) {
  return {.id = kId,
          .kind = "wrap",
          .from = 1,
          .to = 2,
          .phase = "sweeping",
          .done = done,
          .total = 539,
          .per_second = 200,
          .left = seconds(125),
          .started = kMade};
}

KeyList Keys() {
  return {.keys = {{"page", 1, "ACTIVE", kMade, {}},
                   {"wrap", 1, "RETIRED", kMade, 419},
                   {"wrap", 2, "ACTIVE", kMade, 120}}};
}

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

TEST_F(KeysTest, StatusIsWhatScriptsWereTold) {
  KeyList keys = Keys();
  EXPECT_CALL(*server_, ListKeys()).WillOnce(Return(keys));
  const json wrap = {{"kind", "wrap"},
                     {"versions",
                      {{{"version", 1},
                        {"state", "RETIRED"},
                        {"created", "2026-11-26T18:00:00Z"},
                        {"records", 419}},
                       {{"version", 2},
                        {"state", "ACTIVE"},
                        {"created", "2026-11-26T18:00:00Z"},
                        {"records", 120}}}}};
  const json idle = Run({"keys", "status", "--json"}).Json();
  EXPECT_EQ(idle["keys"].size(), 2u);
  EXPECT_EQ(idle["keys"][0]["versions"][0]["records"], nullptr);
  EXPECT_EQ(idle["keys"][1], wrap);
  EXPECT_EQ(idle["rotation"], nullptr);
  keys.rotation = Running(120);
  EXPECT_CALL(*server_, ListKeys()).WillOnce(Return(keys));
  EXPECT_EQ(Run({"keys", "status", "--json"}).Json()["rotation"],
            (json{{"kind", "wrap"},
                  {"phase", "sweeping"},
                  {"done", 120},
                  {"total", 539}}));
}

TEST_F(KeysTest, StatusShowsHowFarARotationIs) {
  KeyList keys = Keys();
  keys.rotation = Running(120);
  EXPECT_CALL(*server_, ListKeys()).WillOnce(Return(keys));
  const Result result = Run({"keys", "status"});
  EXPECT_EQ(result.out,
            "KIND  VERSION  STATE    CREATED (UTC)     RECORDS\n"
            "page  1        ACTIVE   2026-11-26 18:00\n"
            "wrap  1        RETIRED  2026-11-26 18:00  419\n"
            "wrap  2        ACTIVE   2026-11-26 18:00  120\n"
            "\n"
            "rotation  wrap-1 to wrap-2, sweeping\n"
            "done      120 of 539 records, 22 %\n"
            "pace      200 records/s, 3 min left\n"
            "started   2026-11-26 18:00 UTC\n");
  EXPECT_EQ(result.err, "");
}

TEST_F(KeysTest, StatusSaysWhyARotationDoesNotGoOn) {
  KeyList keys = Keys();
  keys.rotation = Running(120);
  keys.rotation->per_second = 0;
  keys.rotation->problem = "the disk\x1b is full";
  EXPECT_CALL(*server_, ListKeys()).WillRepeatedly(Return(keys));
  const Result result = Run({"keys", "status"});
  EXPECT_THAT(result.out, HasSubstr("pace      not known yet\n"));
  for (const Result& one : {result, Run({"keys", "status", "--json"})}) {
    EXPECT_EQ(one.err,
              "sodality: warning: the rotation does not go on: the disk\ufffd "
              "is full\n");
  }
}

TEST_F(KeysTest, RotateSaysWhatItBeganAndWhereToLook) {
  EXPECT_CALL(*server_, RotateKey("wrap")).WillRepeatedly(Return(Running(0)));
  const Result result = Run({"keys", "rotate", "wrap"});
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.out,
            "wrap-2 seals every write from now on; older records are being "
            "brought under it\n");
  EXPECT_EQ(result.err,
            "sodality: hint: how far it is: sodality keys status\n");
  EXPECT_EQ(
      Run({"keys", "rotate", "wrap", "--json"}).Json(),
      (json{{"kind", "wrap"}, {"from", 1}, {"to", 2}, {"finished", false}}));
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
  EXPECT_EQ(
      Run({"keys", "rotate", "wrap", "--wait", "--json"}).Json(),
      (json{{"kind", "wrap"}, {"from", 1}, {"to", 2}, {"finished", true}}));
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
  for (const char* kind : {"index", "page", "root", "ledger", "state", "ca"}) {
    const Result result = Run({"keys", "rotate", kind});
    EXPECT_EQ(result.exit, 2) << kind;
    EXPECT_EQ(result.err,
              "sodality: error: only wrap keys can be rotated yet, not: " +
                  std::string(kind) +
                  "\nsodality: hint: sodality keys rotate wrap\n");
  }
  EXPECT_EQ(Run({"keys", "rotate"}).exit, 2);
  EXPECT_EQ(Run({"keys"}).exit, 2);
}

TEST_F(KeysTest, OneRotationAtATimeIsAConflict) {
  EXPECT_CALL(*server_, RotateKey("wrap"))
      .WillOnce(Return(Refusal(absl::StatusCode::kFailedPrecondition,
                               "a rotation runs already", "ROTATION_RUNNING")));
  EXPECT_EQ(Run({"keys", "rotate", "wrap"}).exit, 7);
}

}  // namespace
}  // namespace sodality::cli
