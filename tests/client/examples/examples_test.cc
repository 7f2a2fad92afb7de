// The examples in the comments of the public headers, compiled and run. A
// region is, word for word, the Example of the header that it names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/include/sodality/client.h"
#include "client/include/sodality/connect.h"
#include "client/include/sodality/connect_profile.h"
#include "client/include/sodality/error_info.h"
#include "client/include/sodality/mock_connection.h"
#include "platform/clock.h"
#include "tests/client/fake_server.h"
#include "tests/scratch.h"

namespace {

class ExamplesTest : public testing::Test {
 protected:
  const sodality::TestChapter chapter_{sodality::platform::SystemClock().Now()};
  const sodality::FakeServer server_{chapter_};
};

std::string& Shown() {
  static std::string shown;
  return shown;
}

void Show(const sodality::Member& member) { Shown() += member.id; }

absl::Status FindMaria(
    const std::shared_ptr<sodality::Connection>& connection) {
  // [example client.h]
  const sodality::Client client(connection);
  const auto page = client.Search({.words = {"maria", "gonz"}});
  if (!page.ok()) return page.status();
  for (const sodality::Member& member : page->members) Show(member);
  // [end]
  return absl::OkStatus();
}

TEST_F(ExamplesTest, ClientShowsWhatItFinds) {
  auto mock = std::make_shared<sodality::MockConnection>();
  EXPECT_CALL(*mock, SearchMembers(
                         testing::Field(&sodality::MemberQuery::words,
                                        testing::ElementsAre("maria", "gonz"))))
      .WillOnce(testing::Return(
          sodality::MemberPage{.members = {{.id = "a"}, {.id = "b"}}}))
      .WillOnce(testing::Return(absl::UnavailableError("sealed")));
  EXPECT_TRUE(FindMaria(mock).ok());
  EXPECT_EQ(Shown(), "ab");
  EXPECT_TRUE(absl::IsUnavailable(FindMaria(mock)));
}

absl::Status ConnectAndGet(sodality::Credentials credentials) {
  // [example connect.h]
  auto connection = sodality::Connect(std::move(credentials));
  if (!connection.ok()) return connection.status();
  const sodality::Client client(*std::move(connection));
  // [end]
  return client.Get({.member_id = "x"}).status();
}

TEST_F(ExamplesTest, ConnectReachesAServer) {
  EXPECT_EQ(ConnectAndGet(chapter_.Device(server_.address())),
            absl::OkStatus());
  EXPECT_TRUE(absl::IsInvalidArgument(ConnectAndGet({})));
}

TEST_F(ExamplesTest, OptionsAreTaken) {
  auto credentials = chapter_.Device(server_.address());
  // [example options.h]
  sodality::Options options;
  options.deadline = std::chrono::seconds(2);
  options.max_attempts = 1;
  auto connection = sodality::Connect(std::move(credentials), options);
  // [end]
  ASSERT_TRUE(connection.ok());
  EXPECT_TRUE(sodality::Client(*connection).Get({.member_id = "x"}).ok());
}

absl::Status ConnectFromDefaultProfile() {
  // [example connect_profile.h]
  const auto folder = sodality::DefaultProfileFolder();
  if (!folder.ok()) return folder.status();
  auto connection = sodality::ConnectProfile(*folder);
  if (!connection.ok()) return connection.status();
  const sodality::Client client(*std::move(connection));
  // [end]
  return client.GetSelf().status();
}

TEST_F(ExamplesTest, ProfileThatIsNotThereIsNamed) {
  const sodality::Scratch scratch;
  ASSERT_EQ(::setenv("XDG_CONFIG_HOME", scratch.path().c_str(), 1), 0);
  EXPECT_EQ(sodality::GetErrorInfo(ConnectFromDefaultProfile()).reason,
            "NOT_ENROLLED");
}

std::string ReadPassphraseFromTerminal() { return "correct horse"; }

TEST_F(ExamplesTest, SecretTakesWhatWasTyped) {
  // [example secret.h]
  std::string typed = ReadPassphraseFromTerminal();
  auto passphrase = sodality::Secret::FromString(std::move(typed));
  // [end]
  EXPECT_FALSE(passphrase.empty());
}

std::string Explain(const absl::Status& status) {
  // [example error_info.h]
  const sodality::ErrorInfo info = sodality::GetErrorInfo(status);
  if (info.reason == "BUDGET_EXHAUSTED") return "again at " + info.retry_at;
  return std::string(status.message()) + "; " + info.hint;
  // [end]
}

TEST_F(ExamplesTest, ErrorsSayWhatToDo) {
  EXPECT_EQ(Explain(sodality::MakeError(absl::StatusCode::kResourceExhausted,
                                        "used up",
                                        {.reason = "BUDGET_EXHAUSTED",
                                         .hint = {},
                                         .field = {},
                                         .retry_at = "2026-01-01T00:00:00Z"})),
            "again at 2026-01-01T00:00:00Z");
  EXPECT_EQ(Explain(absl::NotFoundError("nobody")), "nobody; ");
}

TEST_F(ExamplesTest, MockAnswersInAServersPlace) {
  // [example mock_connection.h]
  auto mock = std::make_shared<sodality::MockConnection>();
  EXPECT_CALL(*mock, GetMember(testing::_))
      .WillOnce(testing::Return(absl::NotFoundError("no such member")));
  const sodality::Client client(mock);
  EXPECT_TRUE(absl::IsNotFound(client.Get({.member_id = "x"}).status()));
  // [end]
}

struct Questions final : sodality::LookupQueries {
  std::vector<std::string> ids;
  // [example connection.h]
  absl::StatusOr<std::vector<sodality::LookupQuery>> Next() override {
    std::vector<sodality::LookupQuery> next;
    for (const std::string& id : std::exchange(ids, {})) {
      next.push_back(sodality::MemberRequest{.member_id = id});
    }
    return next;
  }
  // [end]
};

TEST_F(ExamplesTest, QuestionsOfAStreamAreAnswered) {
  auto connection = sodality::Connect(chapter_.Device(server_.address()));
  ASSERT_TRUE(connection.ok());
  Questions questions;
  questions.ids = {"x", "y"};
  int answers = 0;
  EXPECT_EQ(sodality::Client(*connection)
                .LookUp("", questions,
                        [&](uint64_t, const auto& answer) {
                          answers += answer.ok() ? 1 : 0;
                          return absl::OkStatus();
                        }),
            absl::OkStatus());
  EXPECT_EQ(answers, 2);
}

}  // namespace
