#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/test_session.h"

namespace sodality::cli {
namespace {

using nlohmann::json;
using testing::_;
using testing::DoAll;
using testing::Return;
using testing::SaveArg;

using LedgerTest = CliTest;

TEST_F(LedgerTest, AsksForWhatWasGiven) {
  LedgerQuery query;
  EXPECT_CALL(*server_, ListLedger(_))
      .WillOnce(DoAll(SaveArg<0>(&query), Return(LedgerPage{})));
  const Result result = Run({"ledger", "--member", kId, "--by", "Rosa",
                             "--since", "7d", "--limit", "10", "--json"});
  EXPECT_EQ(result.Json(), json::parse(R"({"entries":[],"more":false})"));
  EXPECT_EQ(query.member_id, kId);
  EXPECT_EQ(query.actor, "Rosa");
  EXPECT_EQ(query.page_size, 10);
  EXPECT_EQ(query.since->time_since_epoch().count(),
            kNowMillis / 1000 - 7 * 86400);
}

TEST_F(LedgerTest, EntriesHaveTheirShape) {
  LedgerPage page;
  page.entries.resize(1);
  LedgerEntry& entry = page.entries[0];
  entry.number = 12;
  entry.action = "SEARCH";
  entry.actor = "Rosa\x1b";
  entry.purpose = "phone bank";
  entry.members = 3;
  entry.outcome = "OK";
  page.next_page_token = "t";
  EXPECT_CALL(*server_, ListLedger(_)).WillRepeatedly(Return(page));
  const json listed = Run({"ledger", "--limit", "1", "--json"}).Json();
  EXPECT_EQ(listed["entries"][0]["number"], 12);
  EXPECT_EQ(listed["entries"][0]["members"], 3);
  EXPECT_FALSE(listed["entries"][0].contains("fields"));
  EXPECT_EQ(listed["more"], true);
  const Result table = Run({"ledger", "--limit", "1"});
  EXPECT_NE(table.out.find("phone bank"), std::string::npos);
  EXPECT_EQ(table.out.find('\x1b'), std::string::npos);
}

TEST_F(LedgerTest, BadValuesAreMisuse) {
  EXPECT_EQ(Run({"ledger", "--since", "yesterday"}).exit, 2);
  EXPECT_EQ(Run({"ledger", "--member", "maria"}).exit, 2);
  EXPECT_EQ(Run({"ledger", "--limit", "0"}).exit, 2);
}

TEST_F(LedgerTest, AChainThatDoesNotFitIsNotVerified) {
  EXPECT_CALL(*server_, GetLedgerHead()).WillOnce(Return(LedgerHead{}));
  EXPECT_CALL(*server_, StreamLeaves(1, _))
      .WillOnce(
          [](uint64_t, const LeafVisitor& visit) -> absl::StatusOr<LedgerHead> {
            const absl::Status seen = visit({{1, "not a header", {}}});
            if (!seen.ok()) return seen;
            return LedgerHead{};
          });
  const Result result = Run({"ledger", "verify", "--json"});
  EXPECT_EQ(result.exit, 1);
  EXPECT_EQ(result.ErrorJson()["error"]["reason"], "BAD_CHAIN");
}

TEST_F(LedgerTest, AHeadBehindWhatWasSeenIsNotVerified) {
  LedgerHead head;
  head.leaf = std::string(32, '\0');
  EXPECT_CALL(*server_, GetLedgerHead()).WillRepeatedly(Return(head));
  EXPECT_CALL(*server_, StreamLeaves(1, _)).WillRepeatedly(Return(head));
  EXPECT_EQ(Run({"ledger", "verify"}).out,
            "verified: 0 entries, none missing, none changed\n");
  advance_ = Refusal(absl::StatusCode::kDataLoss, "the server went back",
                     "SERVER_WENT_BACK");
  const Result result = Run({"ledger", "verify"});
  EXPECT_EQ(result.exit, 1);
  EXPECT_EQ(result.out, "");
}

}  // namespace
}  // namespace sodality::cli
