// What a connection makes of each call's answer, and of servers that are not
// there or not the right ones. Read next: grpc_streams_test.cc.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/include/sodality/client.h"
#include "client/include/sodality/connect.h"
#include "client/include/sodality/error_info.h"
#include "platform/clock.h"
#include "tests/client/connected_fixture.h"

namespace sodality {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

Time ToTime(platform::Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<milliseconds>(milliseconds(time.millis)));
}

using GrpcConnectionTest = ConnectedFixture;

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

TEST_F(GrpcConnectionTest, KeysComeBackWholeAndOneIsRotated) {
  const Client client = Connected();
  const auto list = client.ListKeys();
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->keys.size(), 2u);
  EXPECT_EQ(list->keys[0].records, std::nullopt);
  EXPECT_EQ(list->keys[1].records, 539u);
  EXPECT_EQ(list->keys[1].state, "ACTIVE");
  EXPECT_TRUE(list->keys[1].created.has_value());
  ASSERT_TRUE(list->rotation.has_value());
  EXPECT_EQ(list->rotation->done, 120u);
  EXPECT_EQ(list->rotation->left, std::chrono::seconds(3));
  EXPECT_EQ(list->rotation->problem, "the disk is full");
  const auto rotation = client.RotateKey("wrap");
  ASSERT_TRUE(rotation.ok()) << rotation.status();
  EXPECT_EQ(rotation->to, 2u);
  EXPECT_EQ(rotation->phase, "sweeping");
  EXPECT_EQ(rotation->left, std::nullopt);
  EXPECT_EQ(rotation->work, "rewrap");
  const auto reencrypted = client.Reencrypt();
  ASSERT_TRUE(reencrypted.ok()) << reencrypted.status();
  EXPECT_EQ(reencrypted->work, "reencrypt");
  EXPECT_EQ(GetErrorInfo(client.RotateKey("page").status()).field, "kind");
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
  EXPECT_EQ(GetErrorInfo(member.status()).reason, "CALL_REFUSED");
}

TEST_F(GrpcConnectionTest, WithoutAReasonTheCodeSaysWhoseFaultItIs) {
  for (const auto code :
       {grpc::StatusCode::INVALID_ARGUMENT, grpc::StatusCode::UNIMPLEMENTED,
        grpc::StatusCode::PERMISSION_DENIED,
        grpc::StatusCode::RESOURCE_EXHAUSTED}) {
    server_.directory.Fail({code, "no"});
    const auto info = GetErrorInfo(Connected().Get({"m", "", {}}).status());
    EXPECT_EQ(info.reason, "CALL_REFUSED") << code;
    EXPECT_EQ(info.hint, "are this program and the server of one version?");
  }
  for (const auto code :
       {grpc::StatusCode::INTERNAL, grpc::StatusCode::UNKNOWN}) {
    server_.directory.Fail({code, "no"});
    const auto info = GetErrorInfo(Connected().Get({"m", "", {}}).status());
    EXPECT_EQ(info.reason, "SERVER_FAILED") << code;
  }
}

TEST_F(GrpcConnectionTest, DamageSaysWhomToTell) {
  server_.directory.Fail(
      {grpc::StatusCode::DATA_LOSS, "stored data is damaged"});
  const auto member = Connected().Get({"m", "", {}});
  EXPECT_EQ(member.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(GetErrorInfo(member.status()).reason, "SERVER_FAILED");
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

}  // namespace
}  // namespace sodality
