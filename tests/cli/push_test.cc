#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "client/cli/push_rows.h"
#include "tests/cli/test_session.h"

namespace sodality::cli {
namespace {

using nlohmann::json;
using testing::_;
using testing::Return;

class PushTest : public CliTest {
 protected:
  PushTest()
      : path_(testing::TempDir() + "/roster_" + std::to_string(getpid())) {
    EXPECT_CALL(*server_, GetSchema()).WillRepeatedly(Return(SmallSchema()));
  }
  ~PushTest() override { unlink(path_.c_str()); }

  void Write(const std::string& csv) const { std::ofstream(path_) << csv; }

  // Takes all rows; says how many came and answers `result`.
  auto TakeAll(PushResult result, size_t* taken = nullptr) {
    return [result, taken](const PushOptions&,
                           RosterRows& rows) -> absl::StatusOr<PushResult> {
      for (;;) {
        const auto some = rows.Next();
        if (!some.ok()) return some.status();
        if (some->empty()) return result;
        if (taken != nullptr) *taken += some->size();
      }
    };
  }

  const std::string path_;
};

TEST_F(PushTest, JsonHasThePromisedShape) {
  Write("First Name,phone,caucus\nMaria,212-555-0123,x\nAna,1,y\n");
  PushResult result;
  result.rows = 2;
  result.added = 1;
  result.invalid = {{2, "phone", "too short"}};
  result.invalid_rows = 1;
  size_t taken = 0;
  EXPECT_CALL(*server_, PushRoster(_, _)).WillOnce(TakeAll(result, &taken));
  const Result pushed = Run({"roster", "push", path_, "--json"});
  EXPECT_EQ(pushed.exit, 9);
  EXPECT_EQ(taken, 2u);
  const json report = pushed.Json();
  EXPECT_EQ(report["rows"], 2);
  EXPECT_EQ(report["added"], 1);
  EXPECT_EQ(report["removed"], 0);
  EXPECT_EQ(report["invalid"], json::parse(R"([{"row":2,"column":"phone",
                                              "reason":"too short"}])"));
  EXPECT_EQ(report["unmapped"], json::parse(R"(["caucus"])"));
}

TEST_F(PushTest, PeopleAreToldRowAndColumn) {
  Write("First Name,phone,caucus\nMaria,1,x\n");
  PushResult result;
  result.rows = 1;
  result.invalid = {{1, "phone", "too short"}};
  result.invalid_rows = 1;
  EXPECT_CALL(*server_, PushRoster(_, _)).WillOnce(TakeAll(result));
  const Result pushed = Run({"roster", "push", path_});
  EXPECT_EQ(pushed.exit, 9);
  EXPECT_EQ(pushed.out,
            "1 rows: 0 added, 0 changed, 0 unchanged, 0 suppressed, 1 "
            "refused\n");
  EXPECT_NE(pushed.err.find("row 1, phone: too short"), std::string::npos);
  EXPECT_NE(pushed.err.find("caucus"), std::string::npos);
}

TEST_F(PushTest, APlainPushNeedsNoConfirmation) {
  Write("First Name\nMaria\n");
  EXPECT_CALL(*server_, PushRoster(_, _)).WillOnce(TakeAll({}));
  EXPECT_EQ(Run({"roster", "push", path_, "--no-input"}).exit, 0);
  EXPECT_TRUE(terminal_.questions.empty());
}

TEST_F(PushTest, OptionsReachTheServer) {
  Write("First Name\nMaria\n");
  EXPECT_CALL(*server_, PushRoster(_, _))
      .WillOnce([](const PushOptions& options, RosterRows&) {
        EXPECT_TRUE(options.dry_run);
        EXPECT_TRUE(options.fill_blanks);
        EXPECT_EQ(options.source, "national");
        return PushResult{};
      });
  const Result pushed =
      Run({"roster", "push", path_, "--dry-run", "--fill-blanks", "--source",
           "national", "--json"});
  EXPECT_EQ(pushed.Json()["dry_run"], true);
}

TEST_F(PushTest, ADamagedFileIsRefusedBeforeAnyOfItIsSent) {
  Write("First Name,phone\nMaria,1\n\"Ana,2\n");
  const Result pushed = Run({"roster", "push", path_});
  EXPECT_EQ(pushed.exit, 2);
  EXPECT_EQ(pushed.out, "");
}

TEST_F(PushTest, NoFileAndNoCsvAreMisuse) {
  EXPECT_EQ(Run({"roster", "push", "/nonexistent.csv"}).exit, 2);
  Write(std::string("PK\x03\x04\0\0", 6));
  EXPECT_EQ(Run({"roster", "push", path_}).exit, 2);
  Write("First Name\nMaria\n");
  EXPECT_EQ(Run({"roster", "push", path_, "--map", "/nonexistent"}).exit, 2);
}

TEST_F(PushTest, AMapNamesWhatTheHeaderDoesNot) {
  Write("Vorname\nMaria\n");
  const std::string map = path_ + ".toml";
  std::ofstream(map) << "[columns]\n\"Vorname\" = \"given_name\"\n";
  EXPECT_CALL(*server_, PushRoster(_, _))
      .WillOnce([](const PushOptions&, RosterRows& rows) {
        const auto some = rows.Next();
        EXPECT_EQ((*some)[0].fields[0], (Field{"given_name", {"Maria"}}));
        return PushResult{};
      });
  EXPECT_EQ(Run({"roster", "push", path_, "--map", map}).exit, 0);
  unlink(map.c_str());
}

TEST_F(PushTest, ProgressIsForTerminals) {
  Write("First Name\nMaria\n");
  EXPECT_CALL(*server_, PushRoster(_, _)).WillRepeatedly(TakeAll({}));
  EXPECT_EQ(Run({"roster", "push", path_}).err.find("rows,"),
            std::string::npos);
  terminal_.err_is_terminal = true;
  terminal_.fancy = true;
  EXPECT_NE(Run({"roster", "push", path_}).err.find("1/1 rows,"),
            std::string::npos);
  EXPECT_EQ(Run({"roster", "push", path_, "--quiet"}).err, "");
}

class FixedRows final : public RosterRows {
 public:
  explicit FixedRows(std::vector<RosterRow> rows) : rows_(std::move(rows)) {}
  absl::StatusOr<std::vector<RosterRow>> Next() override {
    return std::exchange(rows_, {});
  }

 private:
  std::vector<RosterRow> rows_;
};

TEST(PushRowsTest, RowsThatNoServerTakesAreReportedNotSent) {
  FixedRows source({{1, {{"notes", {std::string(16 * 1024 + 1, 'x')}}}},
                    {2, {{"notes", {"fine"}}}},
                    {3,
                     {{"skills", std::vector<std::string>(
                                     40, std::string(16 * 1024, 'x'))}}}});
  uint64_t counted = 0;
  PushRows rows(source, [&](uint64_t count) { counted += count; });
  const auto sent = rows.Next();
  ASSERT_TRUE(sent.ok());
  ASSERT_EQ(sent->size(), 1u);
  EXPECT_EQ((*sent)[0].row, 2u);
  EXPECT_EQ(counted, 3u);
  PushResult answered;
  answered.rows = 1;
  answered.added = 1;
  const PushResult result = rows.Complete(answered);
  EXPECT_EQ(result.rows, 3u);
  EXPECT_EQ(result.invalid_rows, 2u);
  ASSERT_EQ(result.invalid.size(), 2u);
  EXPECT_EQ(result.invalid[0].row, 1u);
  EXPECT_EQ(result.invalid[0].column, "notes");
  EXPECT_EQ(result.invalid[1].row, 3u);
}

}  // namespace
}  // namespace sodality::cli
