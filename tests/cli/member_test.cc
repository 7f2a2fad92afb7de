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

class MemberTest : public CliTest {
 protected:
  MemberTest() {
    EXPECT_CALL(*server_, GetSchema()).WillRepeatedly(Return(SmallSchema()));
  }
};

TEST_F(MemberTest, AddPrintsTheId) {
  NewMember added;
  EXPECT_CALL(*server_, CreateMember(_))
      .WillOnce(DoAll(SaveArg<0>(&added), Return(Written{"k7q2", 1})));
  const Result result = Run({"member", "add", "given_name=Maria",
                             "committees=Housing;Labor", "--json"});
  EXPECT_EQ(result.Json(), json::parse(R"({"id":"k7q2","revision":1})"));
  ASSERT_EQ(added.fields.size(), 2u);
  EXPECT_EQ(added.fields[1], (Field{"committees", {"Housing", "Labor"}}));
}

TEST_F(MemberTest, EditSendsRevisionAndChanges) {
  MemberEdit edit;
  EXPECT_CALL(*server_, UpdateMember(_))
      .WillOnce(DoAll(SaveArg<0>(&edit), Return(Written{kId, 8})));
  const Result result =
      Run({"member", "edit", kId, "phone=", "given_name=Mar\u00eda",
           "--revision", "7"});
  EXPECT_EQ(result.out, std::string("changed ") + kId + ", revision 8\n");
  EXPECT_EQ(edit.revision, 7u);
  EXPECT_TRUE(edit.changes[0].values.empty());
}

TEST_F(MemberTest, AStaleRevisionIsAConflict) {
  EXPECT_CALL(*server_, UpdateMember(_))
      .WillOnce(Return(Refusal(absl::StatusCode::kAborted, "changed since",
                               "STALE_REVISION")));
  EXPECT_EQ(Run({"member", "edit", kId, "phone=1", "--revision", "7"}).exit, 7);
}

TEST_F(MemberTest, ErasingWithoutConfirmationChangesNothing) {
  const Result result = Run({"member", "erase", kId, "--no-input", "--json"});
  EXPECT_EQ(result.exit, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.ErrorJson()["error"]["hint"],
            "--yes does it without asking");
  EXPECT_TRUE(terminal_.questions.empty());
}

TEST_F(MemberTest, ErasingAsksForTheWord) {
  terminal_.answers = {"yes"};
  EXPECT_EQ(Run({"member", "erase", kId}).exit, 3);
  terminal_.answers = {"erase"};
  EXPECT_CALL(*server_, DeleteMember(_)).WillOnce(Return(absl::OkStatus()));
  EXPECT_EQ(Run({"member", "erase", kId}).exit, 0);
  EXPECT_EQ(terminal_.questions.size(), 2u);
}

TEST_F(MemberTest, YesErasesWithoutAsking) {
  EXPECT_CALL(*server_, DeleteMember(_)).WillOnce(Return(absl::OkStatus()));
  EXPECT_EQ(
      Run({"member", "erase", kId, "--yes", "--no-input", "--json"}).Json(),
      (json{{"id", kId}}));
}

TEST_F(MemberTest, MyOwnRecordIsAListOfOne) {
  EXPECT_CALL(*server_, GetSelf())
      .WillOnce(Return(Member{"me", 2, {{"given_name", {"Ana"}}}, {}}));
  EXPECT_EQ(Run({"me", "--json"}).Json(), json::parse(R"({"members":[
    {"id":"me","revision":2,"fields":{"given_name":"Ana"},"hidden":[]}],
    "more":false})"));
}

TEST_F(MemberTest, EditingMyselfPrintsTheRevision) {
  EXPECT_CALL(*server_, UpdateSelf(_)).WillOnce(Return(Written{"", 9}));
  EXPECT_EQ(Run({"me", "edit", "phone=1", "--json"}).Json(),
            json::parse(R"({"revision":9})"));
}

TEST_F(MemberTest, ErasingMyselfNeedsConfirmationToo) {
  EXPECT_EQ(Run({"me", "erase", "--no-input"}).exit, 3);
  EXPECT_CALL(*server_, DeleteSelf()).WillOnce(Return(absl::OkStatus()));
  EXPECT_EQ(Run({"me", "erase", "--yes"}).exit, 0);
}

TEST_F(MemberTest, TheExportHoldsRecordAndEveryLook) {
  EXPECT_CALL(*server_, GetSelf()).WillOnce(Return(Member{"me", 2, {}, {}}));
  LedgerPage first;
  first.entries.resize(2);
  first.next_page_token = "t";
  LedgerPage second;
  second.entries.resize(1);
  EXPECT_CALL(*server_, ListOwnLedger(_))
      .WillOnce(Return(first))
      .WillOnce(Return(second));
  const json exported = Run({"me", "export"}).Json();
  EXPECT_EQ(exported["member"]["id"], "me");
  EXPECT_EQ(exported["entries"].size(), 3u);
}

TEST_F(MemberTest, SeenListsWhoLooked) {
  LedgerPage page;
  page.entries.resize(1);
  page.entries[0].number = 4;
  page.entries[0].actor = "Rosa";
  page.entries[0].action = "GET";
  page.entries[0].fields = {"phone"};
  page.entries[0].member_sequence = 3;
  EXPECT_CALL(*server_, ListOwnLedger(_)).WillRepeatedly(Return(page));
  const json seen = Run({"me", "--seen", "--json"}).Json();
  EXPECT_EQ(seen["entries"][0]["actor"]["name"], "Rosa");
  EXPECT_EQ(seen["entries"][0]["fields"][0], "phone");
  EXPECT_EQ(seen["more"], false);
  EXPECT_NE(Run({"me", "--seen"}).out.find("Rosa"), std::string::npos);
}

}  // namespace
}  // namespace sodality::cli
