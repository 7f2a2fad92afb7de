// What client.h, connection.h and docs/library.md show. The text between
// `example: PLACE` and `end of example` stands there word for word:
// .ci/check_examples.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client/include/sodality/client.h"
#include "client/include/sodality/connect.h"
#include "client/include/sodality/mock_connection.h"
#include "platform/clock.h"
#include "tests/client/fake_server.h"

namespace {

using sodality::LookupAnswer;
using sodality::Member;
using sodality::MemberPage;
using sodality::MemberQuery;
using testing::ElementsAre;
using testing::Field;
using testing::Return;
using testing::UnorderedElementsAre;

std::vector<std::string>& Shown() {
  static auto& shown = *new std::vector<std::string>;
  return shown;
}

void Show(const Member& member) { Shown().push_back(member.id); }

absl::Status FindMaria(
    const std::shared_ptr<sodality::Connection>& connection) {
  // example: client.h
  const sodality::Client client(connection);
  const auto page = client.Search({.words = {"maria", "gonz"}});
  if (!page.ok()) return page.status();
  for (const sodality::Member& member : page->members) Show(member);
  // end of example
  return absl::OkStatus();
}

// example: connection.h library.md
class GetEach final : public sodality::LookupQueries {
 public:
  explicit GetEach(std::vector<std::string> ids) : ids_(std::move(ids)) {}
  absl::StatusOr<std::vector<sodality::LookupQuery>> Next() override {
    std::vector<sodality::LookupQuery> questions;
    for (const std::string& id : std::exchange(ids_, {})) {
      questions.push_back(sodality::MemberRequest{.member_id = id});
    }
    return questions;
  }

 private:
  std::vector<std::string> ids_;
};
// end of example

struct LookedUp {
  absl::Status status;
  std::vector<std::string> missing;
};

LookedUp LookUpEach(const sodality::Client& client,
                    const std::vector<std::string>& ids) {
  std::vector<std::string> missing;
  // example: client.h library.md
  GetEach queries(ids);
  const auto visit = [&](uint64_t question, auto answer) -> absl::Status {
    if (absl::IsNotFound(answer.status())) {
      missing.push_back(ids[question]);
      return absl::OkStatus();
    }
    if (!answer.ok()) return answer.status();
    Show(std::get<sodality::Member>(*answer));
    return absl::OkStatus();
  };
  const absl::Status status = client.LookUp("", queries, visit);
  // end of example
  return {status, missing};
}

// example: library.md
absl::Status ShowAll(const sodality::Client& client, const std::string& word) {
  sodality::MemberQuery query{.words = {word}};
  do {
    const auto page = client.Search(query);
    if (!page.ok()) return page.status();
    for (const sodality::Member& member : page->members) Show(member);
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  return absl::OkStatus();
}
// end of example

class CallExamplesTest : public testing::Test {
 protected:
  CallExamplesTest() { Shown().clear(); }
  const std::shared_ptr<sodality::MockConnection> mock_ =
      std::make_shared<sodality::MockConnection>();
};

TEST_F(CallExamplesTest, SearchShowsWhomTheWordsFind) {
  MemberPage page;
  page.members = {{.id = "id1"}, {.id = "id2"}};
  EXPECT_CALL(*mock_, SearchMembers(Field(&MemberQuery::words,
                                          ElementsAre("maria", "gonz"))))
      .WillOnce(Return(page));
  EXPECT_TRUE(FindMaria(mock_).ok());
  EXPECT_THAT(Shown(), ElementsAre("id1", "id2"));
}

TEST_F(CallExamplesTest, SearchThatFailsShowsNothing) {
  EXPECT_CALL(*mock_, SearchMembers)
      .WillOnce(Return(absl::PermissionDeniedError("no grant")));
  EXPECT_TRUE(absl::IsPermissionDenied(FindMaria(mock_)));
  EXPECT_THAT(Shown(), ElementsAre());
}

TEST_F(CallExamplesTest, EveryPageIsShown) {
  MemberPage first{.members = {{.id = "id1"}}, .next_page_token = "more"};
  MemberPage last{.members = {{.id = "id2"}}};
  EXPECT_CALL(*mock_, SearchMembers(Field(&MemberQuery::page_token, "")))
      .WillOnce(Return(first));
  EXPECT_CALL(*mock_, SearchMembers(Field(&MemberQuery::page_token, "more")))
      .WillOnce(Return(last));
  EXPECT_TRUE(ShowAll(sodality::Client(mock_), "maria").ok());
  EXPECT_THAT(Shown(), ElementsAre("id1", "id2"));
}

TEST_F(CallExamplesTest, LookUpAsksAServer) {
  const sodality::TestChapter chapter{sodality::platform::SystemClock().Now()};
  const sodality::FakeServer server{chapter};
  auto connection = sodality::Connect(chapter.Device(server.address()));
  ASSERT_TRUE(connection.ok()) << connection.status();
  const LookedUp done =
      LookUpEach(sodality::Client(*std::move(connection)), {"id1", "", "id3"});
  EXPECT_TRUE(done.status.ok()) << done.status;
  EXPECT_THAT(Shown(), UnorderedElementsAre("id1", "id3"));
  EXPECT_THAT(done.missing, ElementsAre(""));
}

// Answers each question of `queries` out of `answers`, the last first.
absl::Status AnswerBackwards(
    const std::map<std::string, absl::StatusOr<LookupAnswer>>& answers,
    sodality::LookupQueries& queries, const sodality::LookupVisitor& visit) {
  std::vector<std::string> asked;
  for (auto some = queries.Next(); !some->empty(); some = queries.Next()) {
    for (const sodality::LookupQuery& query : *some) {
      asked.push_back(std::get<sodality::MemberRequest>(query).member_id);
    }
  }
  for (size_t question = asked.size(); question-- > 0;) {
    const absl::Status status = visit(question, answers.at(asked[question]));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

TEST_F(CallExamplesTest, LookUpTellsTheShownFromTheMissing) {
  EXPECT_CALL(*mock_, LookUp)
      .WillOnce([](const std::string&, auto& queries, const auto& visit) {
        return AnswerBackwards({{"id1", Member{.id = "id1"}},
                                {"id2", absl::NotFoundError("no such")},
                                {"id3", Member{.id = "id3"}}},
                               queries, visit);
      });
  const LookedUp done =
      LookUpEach(sodality::Client(mock_), {"id1", "id2", "id3"});
  EXPECT_TRUE(done.status.ok()) << done.status;
  EXPECT_THAT(Shown(), ElementsAre("id3", "id1"));
  EXPECT_THAT(done.missing, ElementsAre("id2"));
}

TEST_F(CallExamplesTest, LookUpEndsWithAnErrorThatIsNotAboutOneMember) {
  EXPECT_CALL(*mock_, LookUp)
      .WillOnce([](const std::string&, auto& queries, const auto& visit) {
        return AnswerBackwards({{"id1", Member{.id = "id1"}},
                                {"id2", absl::ResourceExhaustedError("")}},
                               queries, visit);
      });
  const LookedUp done = LookUpEach(sodality::Client(mock_), {"id1", "id2"});
  EXPECT_TRUE(absl::IsResourceExhausted(done.status));
  EXPECT_THAT(Shown(), ElementsAre());
}

}  // namespace
