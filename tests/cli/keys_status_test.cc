#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/keys_fixture.h"

namespace sodality::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Return;

using KeysStatusTest = CliTest;

TEST_F(KeysStatusTest, IsWhatScriptsWereTold) {
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
                  {"work", "rewrap"},
                  {"phase", "sweeping"},
                  {"done", 120},
                  {"total", 539}}));
}

TEST_F(KeysStatusTest, ShowsHowFarARotationIs) {
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
            "work      rewrap: record keys are wrapped anew\n"
            "done      120 of 539 records, 22 %\n"
            "pace      200 records/s, 3 min left\n"
            "started   2026-11-26 18:00 UTC\n");
  EXPECT_EQ(result.err, "");
}

TEST_F(KeysStatusTest, SaysWhatIsDoneToEveryRecord) {
  const auto shown = [this](const KeyRotation& rotation) {
    KeyList keys = Keys();
    keys.rotation = rotation;
    EXPECT_CALL(*server_, ListKeys()).WillOnce(Return(keys));
    return Run({"keys", "status"}).out;
  };
  EXPECT_THAT(shown(Working("reencrypt", "wrap")),
              HasSubstr("\nwork      reencrypt: records are sealed anew, each "
                        "under a fresh key\n"));
  EXPECT_THAT(shown(Working("reindex", "index")),
              HasSubstr("\nrotation  index-1 to index-2, sweeping\n"
                        "work      reindex: search tokens are made anew\n"));
}

TEST_F(KeysStatusTest, CountsThoseWhomAnIndexKeyFinds) {
  KeyList keys = Keys();
  keys.keys.push_back({"index", 1, "ACTIVE", kMade, 539});
  EXPECT_CALL(*server_, ListKeys()).WillRepeatedly(Return(keys));
  EXPECT_THAT(Run({"keys", "status"}).out,
              HasSubstr("index  1        ACTIVE   2026-11-26 18:00  539\n"));
  EXPECT_EQ(Run({"keys", "status", "--json"})
                .Json()["keys"][2]["versions"][0]["records"],
            539);
}

TEST_F(KeysStatusTest, SaysWhyARotationDoesNotGoOn) {
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

}  // namespace
}  // namespace sodality::cli
