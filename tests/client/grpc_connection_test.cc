#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "client/include/sodality/client.h"
#include "client/include/sodality/connect.h"
#include "client/include/sodality/error_info.h"
#include "platform/clock.h"
#include "tests/client/fake_server.h"

namespace sodality {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

Time ToTime(platform::Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<milliseconds>(milliseconds(time.millis)));
}

Options Quick() {
  Options options;
  options.first_backoff = milliseconds(1);
  options.max_backoff = milliseconds(2);
  return options;
}

class GrpcConnectionTest : public testing::Test {
 protected:
  GrpcConnectionTest()
      : chapter_(platform::SystemClock().Now()), server_(chapter_) {
    SilenceTransportLog();
  }

  Client Connected(Options options = Quick()) {
    return Client(
        *Connect(chapter_.Device(server_.address()), std::move(options)));
  }

  TestChapter chapter_;
  FakeServer server_;
};

TEST_F(GrpcConnectionTest, MembersComeBackWhole) {
  const auto member =
      Connected().Get({.member_id = "m", .grant_id = {}, .view = {}});
  ASSERT_TRUE(member.ok()) << member.status();
  EXPECT_EQ(member->id, "m");
  EXPECT_EQ(member->revision, 7u);
  ASSERT_EQ(member->fields.size(), 1u);
  EXPECT_EQ(member->fields[0], (Field{"committees", {"Housing", "Labor"}}));
  EXPECT_EQ(member->hidden, std::vector<std::string>{"phone"});
}

TEST_F(GrpcConnectionTest, EveryCallHasADeadline) {
  Options options = Quick();
  options.deadline = milliseconds(7'000);
  const auto before = system_clock::now();
  ASSERT_TRUE(Connected(options).Get({"m", "", {}}).ok());
  const auto deadlines = server_.directory.deadlines();
  ASSERT_EQ(deadlines.size(), 1u);
  EXPECT_LE(deadlines[0], system_clock::now() + milliseconds(7'000));
  EXPECT_GT(deadlines[0], before);
}

TEST_F(GrpcConnectionTest, ARetriedWriteKeepsItsRequestId) {
  server_.directory.Fail({grpc::StatusCode::UNAVAILABLE, "busy"});
  server_.directory.Fail({grpc::StatusCode::UNAVAILABLE, "busy"});
  const Client client = Connected();
  const auto written = client.Create({{{"given_name", {"Maria"}}}, ""});
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->id, "new");
  auto ids = server_.directory.request_ids();
  ASSERT_EQ(ids.size(), 3u);
  EXPECT_EQ(ids[0].size(), 26u);
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_EQ(ids[1], ids[2]);
  ASSERT_TRUE(client.Create({{{"given_name", {"Maria"}}}, ""}).ok());
  EXPECT_NE(server_.directory.request_ids()[3], ids[0]);
}

TEST_F(GrpcConnectionTest, ErrorDetailsReachTheCaller) {
  server_.directory.Fail(
      Failure(grpc::StatusCode::RESOURCE_EXHAUSTED, "the budget is used up",
              {"BUDGET_EXHAUSTED", "wait", "grant", "2026-11-26T19:00:00Z"}));
  const auto member = Connected().Get({"m", "", {}});
  EXPECT_EQ(member.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(member.status().message(), "the budget is used up");
  const ErrorInfo info = GetErrorInfo(member.status());
  EXPECT_EQ(info.reason, "BUDGET_EXHAUSTED");
  EXPECT_EQ(info.hint, "wait");
  EXPECT_EQ(info.field, "grant");
  EXPECT_EQ(info.retry_at, "2026-11-26T19:00:00Z");
  EXPECT_EQ(ExitCodeOf(member.status()), ExitCode::kExhausted);
}

TEST_F(GrpcConnectionTest, GarbageForDetailsIsNoDetail) {
  server_.directory.Fail(
      {grpc::StatusCode::NOT_FOUND, "not found", "\xff\xff not a message"});
  const auto member = Connected().Get({"m", "", {}});
  EXPECT_TRUE(absl::IsNotFound(member.status()));
  EXPECT_EQ(GetErrorInfo(member.status()).reason, "");
}

TEST_F(GrpcConnectionTest, DamageSaysWhomToTell) {
  server_.directory.Fail(
      {grpc::StatusCode::DATA_LOSS, "stored data is damaged"});
  const auto member = Connected().Get({"m", "", {}});
  EXPECT_EQ(member.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(GetErrorInfo(member.status()).hint,
            "tell whoever runs the server: sodalityd doctor looks for damage");
}

TEST_F(GrpcConnectionTest, SilenceEndsAtTheDeadline) {
  server_.directory.Hang();
  Options options = Quick();
  options.deadline = milliseconds(300);
  const auto member = Connected(options).Get({"m", "", {}});
  EXPECT_EQ(member.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(member.status().message(), "the server at " + server_.address() +
                                           " did not answer within 300 ms");
}

TEST_F(GrpcConnectionTest, NobodyThereIsUnreachable) {
  Credentials credentials = chapter_.Device("127.0.0.1:1");
  const Client client(*Connect(std::move(credentials), Quick()));
  const auto member = client.Get({"m", "", {}});
  EXPECT_EQ(ExitCodeOf(member.status()), ExitCode::kUnreachable);
  EXPECT_EQ(GetErrorInfo(member.status()).reason, "UNREACHABLE");
}

TEST_F(GrpcConnectionTest, AnotherChaptersServerIsNotSpokenTo) {
  const TestChapter other(platform::SystemClock().Now());
  Credentials credentials = other.Device(server_.address());
  const Client client(*Connect(std::move(credentials), Quick()));
  const auto member = client.Get({"m", "", {}});
  EXPECT_EQ(GetErrorInfo(member.status()).reason, "SERVER_NOT_RECOGNISED");
  EXPECT_EQ(ExitCodeOf(member.status()), ExitCode::kUnreachable);
  EXPECT_TRUE(server_.directory.deadlines().empty());
}

TEST_F(GrpcConnectionTest, AServerOfAnotherNameIsNotSpokenTo) {
  Credentials credentials = chapter_.Device(server_.address());
  credentials.server_name = "another.sodality.internal";
  const Client client(*Connect(std::move(credentials), Quick()));
  const auto member = client.Get({"m", "", {}});
  EXPECT_EQ(GetErrorInfo(member.status()).reason, "SERVER_NOT_RECOGNISED");
  EXPECT_TRUE(server_.directory.deadlines().empty());
}

TEST_F(GrpcConnectionTest, ARefusedCertificateIsToldFromADeadServer) {
  const TestChapter stranger(platform::SystemClock().Now());
  const FakeServer strict(chapter_, {.trusts = &stranger});
  // The default waits, which are longer than the channel's own.
  const Client client(*Connect(chapter_.Device(strict.address())));
  const auto member = client.Get({"m", "", {}});
  EXPECT_EQ(member.status().code(), absl::StatusCode::kUnauthenticated)
      << member.status();
  EXPECT_EQ(GetErrorInfo(member.status()).reason, "CERTIFICATE_REFUSED");
}

TEST_F(GrpcConnectionTest, AnExpiredCertificateIsNotEvenOffered) {
  platform::FakeClock clock(platform::SystemClock().Now());
  clock.Advance(std::chrono::hours(24 * 91));
  Options options = Quick();
  options.now = [&clock] { return ToTime(clock.Now()); };
  const auto connection =
      Connect(chapter_.Device(server_.address()), std::move(options));
  EXPECT_EQ(connection.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(GetErrorInfo(connection.status()).reason, "CERTIFICATE_EXPIRED");
  EXPECT_EQ(ExitCodeOf(connection.status()), ExitCode::kNotEnrolled);
}

TEST_F(GrpcConnectionTest, ACertificateFromTheFutureNamesTheClock) {
  platform::FakeClock clock(platform::SystemClock().Now());
  clock.Advance(std::chrono::hours(-24));
  Options options = Quick();
  options.now = [&clock] { return ToTime(clock.Now()); };
  const auto connection =
      Connect(chapter_.Device(server_.address()), std::move(options));
  EXPECT_EQ(GetErrorInfo(connection.status()).reason,
            "CERTIFICATE_NOT_YET_VALID");
}

TEST_F(GrpcConnectionTest, AnEditNamesWhatItClears) {
  MemberEdit edit;
  edit.member_id = "m";
  edit.revision = 7;
  edit.changes = {{"city", {"Bronx"}}, {"notes", {}}};
  const auto written = Connected().Update(edit);
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written->revision, 8u);
  const v1::UpdateMemberRequest sent = server_.directory.last_update();
  EXPECT_EQ(sent.revision(), 7u);
  ASSERT_EQ(sent.update_mask_size(), 2);
  EXPECT_EQ(sent.update_mask(1), "notes");
  ASSERT_EQ(sent.fields_size(), 1);
  EXPECT_EQ(sent.fields(0).values(0), "Bronx");
}

class Rows final : public RosterRows {
 public:
  explicit Rows(int batches, absl::Status end = absl::OkStatus())
      : batches_(batches), end_(std::move(end)) {}

  absl::StatusOr<std::vector<RosterRow>> Next() override {
    if (sent_ == batches_) {
      if (!end_.ok()) return end_;
      return std::vector<RosterRow>{};
    }
    ++sent_;
    std::vector<RosterRow> rows(300);
    for (RosterRow& row : rows) {
      row.fields = {{"notes", {std::string(4'000, 'x')}}};
    }
    return rows;
  }

 private:
  const int batches_;
  int sent_ = 0;
  const absl::Status end_;
};

// Addresses of numbers are not looked up; names are.
TEST_F(GrpcConnectionTest, AServerIsReachedByNumbersAndByName) {
  const std::string port =
      server_.address().substr(server_.address().rfind(':'));
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    const Client client(*Connect(chapter_.Device(host + port), Quick()));
    const auto member = client.Get({.member_id = "m1"});
    EXPECT_TRUE(member.ok()) << host << " " << member.status();
  }
  Options once = Quick();
  once.max_attempts = 1;
  const Client nobody(*Connect(chapter_.Device("127.0.0.1:1"), once));
  EXPECT_EQ(nobody.Get({.member_id = "m1"}).status().message(),
            "cannot reach the server at 127.0.0.1:1 (tried 1 time): nothing "
            "listens there");
}

// A channel that failed to connect once must not keep an attempt from it.
TEST_F(GrpcConnectionTest, AnAttemptFindsAServerThatHasComeBack) {
  auto server = std::make_unique<FakeServer>(chapter_);
  const std::string address = server->address();
  const FakeServerOptions again{.port = server->port()};
  server.reset();
  Options options;
  options.max_attempts = 2;
  options.first_backoff = std::chrono::seconds(5);
  options.max_backoff = options.first_backoff;
  options.sleep = [&](milliseconds /*wait*/) {
    server = std::make_unique<FakeServer>(chapter_, again);
  };
  const Client client(*Connect(chapter_.Device(address), options));
  const auto member = client.Get({.member_id = "m1"});
  EXPECT_TRUE(member.ok()) << member.status();
}

TEST_F(GrpcConnectionTest, RostersGoInMessagesOfBoundedSize) {
  Rows rows(2);
  const auto result = Connected().PushRoster({.source = "national"}, rows);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->rows, 600u);
  EXPECT_EQ(result->added, 600u);
  EXPECT_EQ(server_.roster.source, "national");
  EXPECT_GT(server_.roster.messages, 5);
  EXPECT_LT(server_.roster.largest, 300u * 1024);
}

TEST_F(GrpcConnectionTest, ASourceThatFailsEndsThePushWithItsOwnError) {
  Rows rows(1, absl::InvalidArgumentError("row 301: not UTF-8"));
  const auto result = Connected().PushRoster({}, rows);
  EXPECT_EQ(result.status().message(), "row 301: not UTF-8");
}

TEST_F(GrpcConnectionTest, LeavesAreVisitedInOrder) {
  std::vector<uint64_t> seen;
  const auto head =
      Connected().StreamLeaves(2, [&](const std::vector<LedgerLeaf>& leaves) {
        for (const LedgerLeaf& leaf : leaves) seen.push_back(leaf.number);
        return absl::OkStatus();
      });
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->number, 3u);
  EXPECT_EQ(seen, (std::vector<uint64_t>{2, 3}));
}

TEST_F(GrpcConnectionTest, AVisitorCanEndTheStream) {
  const auto head =
      Connected().StreamLeaves(1, [](const std::vector<LedgerLeaf>&) {
        return absl::DataLossError("does not fit");
      });
  EXPECT_EQ(head.status().message(), "does not fit");
}

// `batches` times as many questions as are given.
class Questions final : public LookupQueries {
 public:
  Questions(std::vector<LookupQuery> some, int batches,
            absl::Status end = absl::OkStatus())
      : some_(std::move(some)), left_(batches), end_(std::move(end)) {}
  absl::StatusOr<std::vector<LookupQuery>> Next() override {
    if (left_-- > 0) return some_;
    if (!end_.ok()) return end_;
    return std::vector<LookupQuery>();
  }

 private:
  const std::vector<LookupQuery> some_;
  int left_;
  const absl::Status end_;
};

TEST_F(GrpcConnectionTest, EachQuestionOfAStreamGetsItsAnswer) {
  Questions questions(
      {MemberRequest{.member_id = "m1"}, MemberQuery{.words = {"maria"}},
       MemberRequest{.member_id = ""}},
      2);
  std::map<uint64_t, std::string> seen;
  const absl::Status status = Connected().LookUp(
      "", questions, [&](uint64_t n, absl::StatusOr<LookupAnswer> answer) {
        if (!answer.ok()) {
          seen[n] = GetErrorInfo(answer.status()).reason;
        } else if (const auto* member = std::get_if<Member>(&*answer)) {
          seen[n] = member->id;
        } else {
          seen[n] = std::get<MemberPage>(*answer).members.at(0).id;
        }
        return absl::OkStatus();
      });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, (std::map<uint64_t, std::string>{{0, "m1"},
                                                   {1, "maria"},
                                                   {2, "MEMBER_NOT_FOUND"},
                                                   {3, "m1"},
                                                   {4, "maria"},
                                                   {5, "MEMBER_NOT_FOUND"}}));
}

TEST_F(GrpcConnectionTest, QuestionsGoInMessagesOfBoundedSize) {
  Questions questions(
      std::vector<LookupQuery>(150, MemberRequest{.member_id = "m1"}), 1);
  int seen = 0;
  EXPECT_TRUE(Connected()
                  .LookUp("", questions,
                          [&](uint64_t, const auto&) {
                            ++seen;
                            return absl::OkStatus();
                          })
                  .ok());
  EXPECT_EQ(seen, 150);
  EXPECT_EQ(server_.directory.queries_in_messages(),
            (std::vector<int>{64, 64, 22}));
}

TEST_F(GrpcConnectionTest, WhatAVisitorThrowsComesOut) {
  Questions endless({MemberRequest{.member_id = "m1"}}, 1'000'000);
  EXPECT_THROW(
      (void)Connected().LookUp("", endless,
                               [](uint64_t, const auto&) -> absl::Status {
                                 throw std::runtime_error("visitor");
                               }),
      std::runtime_error);
}

TEST_F(GrpcConnectionTest,
       ErrorsOfAStreamAreTheSourcesTheVisitorsOrTheServers) {
  const std::vector<LookupQuery> one = {MemberRequest{.member_id = "m1"}};
  const auto fine = [](uint64_t, const auto&) { return absl::OkStatus(); };
  server_.directory.Fail(Failure(grpc::StatusCode::PERMISSION_DENIED,
                                 "this grant has ended",
                                 {.reason = "GRANT_ENDED"}));
  Questions few(one, 1);
  EXPECT_EQ(GetErrorInfo(Connected().LookUp("", few, fine)).reason,
            "GRANT_ENDED");
  Questions failing(one, 1, absl::DataLossError("line 7"));
  EXPECT_EQ(Connected().LookUp("", failing, fine).message(), "line 7");
  Questions endless(one, 1'000'000);
  EXPECT_EQ(Connected()
                .LookUp("", endless,
                        [](uint64_t, const auto&) {
                          return absl::CancelledError("enough");
                        })
                .message(),
            "enough");
}

}  // namespace
}  // namespace sodality
