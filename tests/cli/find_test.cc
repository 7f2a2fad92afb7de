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

using FindTest = CliTest;

Member Person(const std::string& id, const std::string& given,
              const std::string& family) {
  Member member;
  member.id = id;
  member.revision = 12;
  member.fields = {{"given_name", {given}},
                   {"family_name", {family}},
                   {"committees", {"Housing"}}};
  member.hidden = {"phone"};
  return member;
}

TEST_F(FindTest, JsonHasThePromisedShape) {
  MemberPage page;
  page.members = {Person("k7q2", "Maria", "Gonz\u00e1lez")};
  EXPECT_CALL(*server_, SearchMembers(_)).WillOnce(Return(page));
  EXPECT_CALL(*server_, GetSchema()).WillOnce(Return(SmallSchema()));
  const Result result = Run({"find", "maria", "--json"});
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(result.Json(),
            json::parse(R"({"members":[{"id":"k7q2","revision":12,
      "fields":{"given_name":"Maria","family_name":"González",
                "committees":["Housing"]},
      "hidden":["phone"]}],"more":false})"));
}

TEST_F(FindTest, PagesAreSortedByName) {
  MemberPage page;
  page.members = {Person("a", "Zoe", "Adams"),
                  Person("b", "Ana", "\u00c1lvarez"),
                  Person("c", "Ana", "Baker"), Person("d", "Ben", "Adams")};
  EXPECT_CALL(*server_, SearchMembers(_)).WillOnce(Return(page));
  EXPECT_CALL(*server_, GetSchema()).WillOnce(Return(SmallSchema()));
  const json members = Run({"find", "a", "--json"}).Json()["members"];
  std::string order;
  for (const auto& member : members) order += member["id"];
  EXPECT_EQ(order, "dabc");
}

TEST_F(FindTest, AsksForWhatWasGiven) {
  MemberQuery query;
  EXPECT_CALL(*server_, SearchMembers(_))
      .WillOnce(DoAll(SaveArg<0>(&query), Return(MemberPage{})));
  const Result result =
      Run({"find", "maria", "gonz", "--where", "region=Bronx", "--committees",
           "Housing", "--grant", "g", "--limit", "5", "--reveal"});
  EXPECT_EQ(result.exit, 0);
  EXPECT_THAT(query.words, testing::ElementsAre("maria", "gonz"));
  ASSERT_EQ(query.filters.size(), 2u);
  EXPECT_EQ(query.filters[0].field, "region");
  EXPECT_EQ(query.filters[1].value, "Housing");
  EXPECT_EQ(query.grant_id, "g");
  EXPECT_EQ(query.page_size, 5);
  EXPECT_TRUE(query.view.reveal);
}

TEST_F(FindTest, NobodyFoundIsNoError) {
  EXPECT_CALL(*server_, SearchMembers(_)).WillRepeatedly(Return(MemberPage{}));
  EXPECT_CALL(*server_, GetSchema()).WillOnce(Return(SmallSchema()));
  const Result plain = Run({"find", "nobody"});
  EXPECT_EQ(plain.exit, 0);
  EXPECT_EQ(plain.out, "");
  EXPECT_EQ(plain.err, "sodality: nobody found\n");
  EXPECT_EQ(Run({"find", "nobody", "--json"}).Json(),
            json::parse(R"({"members":[],"more":false})"));
}

TEST_F(FindTest, MoreThanAPageIsFetchedInPages) {
  MemberPage first;
  first.members.resize(100);
  first.next_page_token = "t1";
  MemberPage second;
  second.members.resize(20);
  second.next_page_token = "t2";
  std::vector<MemberQuery> asked;
  EXPECT_CALL(*server_, SearchMembers(_))
      .Times(2)
      .WillRepeatedly([&](const MemberQuery& query) {
        asked.push_back(query);
        return asked.size() == 1 ? first : second;
      });
  EXPECT_CALL(*server_, GetSchema()).WillOnce(Return(SmallSchema()));
  const json found = Run({"find", "a", "--limit", "120", "--json"}).Json();
  EXPECT_EQ(found["members"].size(), 120u);
  EXPECT_EQ(found["more"], true);
  EXPECT_EQ(asked[0].page_size, 100);
  EXPECT_EQ(asked[1].page_size, 20);
  EXPECT_EQ(asked[1].page_token, "t1");
}

TEST_F(FindTest, WhatIsHiddenIsHintedAt) {
  MemberPage page;
  page.members = {Person("k7q2", "Maria", "Gonzalez")};
  EXPECT_CALL(*server_, SearchMembers(_)).WillRepeatedly(Return(page));
  const Result result = Run({"find", "maria"});
  EXPECT_NE(result.out.find("Maria Gonzalez"), std::string::npos);
  EXPECT_NE(result.err.find("hint: 1 field is not shown; --reveal"),
            std::string::npos);
  EXPECT_EQ(Run({"find", "maria", "--quiet"}).err, "");
}

TEST_F(FindTest, NotesFollowTheAnswer) {
  MemberPage page;
  page.members = {Person("k7q2", "Maria", "Gonzalez")};
  EXPECT_CALL(*server_, SearchMembers(_)).WillOnce(Return(page));
  one_stream_ = true;
  const std::string seen = Run({"find", "maria"}).out;
  EXPECT_LT(seen.find("Maria Gonzalez"), seen.find("sodality: hint"));
  EXPECT_NE(seen.find("sodality: hint"), std::string::npos);
}

TEST_F(FindTest, ColourIsForTerminalsThatLikeIt) {
  MemberPage page;
  page.members = {Person("k7q2", "Maria", "Gonzalez")};
  EXPECT_CALL(*server_, SearchMembers(_)).WillRepeatedly(Return(page));
  EXPECT_EQ(Run({"find", "maria"}).out.find('\x1b'), std::string::npos);
  terminal_.out_is_terminal = true;
  EXPECT_EQ(Run({"find", "maria"}).out.find('\x1b'), std::string::npos);
  terminal_.fancy = true;
  EXPECT_NE(Run({"find", "maria"}).out.find('\x1b'), std::string::npos);
}

TEST_F(FindTest, NothingToLookForIsMisuse) {
  EXPECT_EQ(Run({"find"}).exit, 2);
  EXPECT_EQ(Run({"find", "maria", "--limit", "0"}).exit, 2);
  EXPECT_EQ(Run({"find", "--where", "noequals"}).exit, 2);
}

TEST_F(FindTest, AMistypedFieldGetsTheNearest) {
  EXPECT_CALL(*server_, SearchMembers(_))
      .WillOnce(
          Return(MakeError(absl::StatusCode::kInvalidArgument, "no such field",
                           {.reason = "UNKNOWN_FIELD", .field = "comittees"})));
  EXPECT_CALL(*server_, GetSchema()).WillOnce(Return(SmallSchema()));
  const Result result = Run({"find", "--comittees", "Housing"});
  EXPECT_EQ(result.exit, 2);
  EXPECT_EQ(result.err,
            "sodality: error: --comittees: no such field\n"
            "sodality: hint: did you mean --committees?\n");
}

using ShowTest = CliTest;

TEST_F(ShowTest, HiddenFieldsAreMasked) {
  EXPECT_CALL(*server_, GetMember(_))
      .WillOnce(Return(Person(kId, "Maria", "Gonzalez")));
  const Result result = Run({"show", kId});
  EXPECT_EQ(result.exit, 0);
  EXPECT_NE(result.out.find("committees   Housing\n"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("\u2022\u2022\u2022       phone\n"),
            std::string::npos)
      << result.out;
  EXPECT_NE(result.err.find("--reveal"), std::string::npos);
}

TEST_F(ShowTest, FieldsAreAskedForByName) {
  MemberRequest request;
  EXPECT_CALL(*server_, GetMember(_))
      .WillOnce(DoAll(SaveArg<0>(&request), Return(Member{})));
  std::string upper = kId;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  Run({"show", upper, "--field", "phone", "--field", "email"});
  EXPECT_EQ(request.member_id, kId);
  EXPECT_THAT(request.view.fields, testing::ElementsAre("phone", "email"));
  EXPECT_FALSE(request.view.reveal);
}

TEST_F(ShowTest, AbsentAndForbiddenAreAlike) {
  EXPECT_CALL(*server_, GetMember(_))
      .WillRepeatedly(Return(Refusal(absl::StatusCode::kNotFound,
                                     "no such member", "MEMBER_NOT_FOUND")));
  const Result result = Run({"show", kId, "--json"});
  EXPECT_EQ(result.exit, 6);
  EXPECT_EQ(result.out, "");
  const json error = result.ErrorJson()["error"];
  EXPECT_EQ(error["code"], "NOT_FOUND");
  EXPECT_EQ(error["exit"], 6);
  EXPECT_EQ(error["message"], "no such member");
  EXPECT_TRUE(error.contains("hint"));
}

TEST_F(ShowTest, ANameIsNoId) {
  const Result result = Run({"show", "maria"});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("sodality find"), std::string::npos);
}

}  // namespace
}  // namespace sodality::cli
