#include "server/rpc/server.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "grpc/health/v1/health.grpc.pb.h"
#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "sodality/v1/directory.grpc.pb.h"
#include "sodality/v1/enrollment.grpc.pb.h"
#include "sodality/v1/system.grpc.pb.h"
#include "tests/rpc/server_fixture.h"
#include "tests/rpc/tls_probe.h"

namespace sodality::rpc {
namespace {

using core::Role;
using grpc::StatusCode;
using grpc::health::v1::HealthCheckResponse;

class ServerTest : public testing::Test {
 protected:
  void Revoke(const Person& person) {
    ASSERT_TRUE(chapter_.chapter()
                    .access_control()
                    .RevokeDevice(chapter_.admin().caller, person.caller.device,
                                  chapter_.NewRequest())
                    .ok());
  }

  TestChapter chapter_;
  TestServer server_{chapter_};
};

// ---- The transport

TEST_F(ServerTest, Tls13IsSpoken) {
  const TlsAnswer answer =
      ProbeTls(server_.port(), chapter_.admin(), TLS1_3_VERSION);
  EXPECT_TRUE(answer.shook_hands);
  EXPECT_EQ(answer.version, TLS1_3_VERSION);
  EXPECT_GT(answer.http2_bytes, 0);
}

TEST_F(ServerTest, Tls12IsRefused) {
  EXPECT_FALSE(
      ProbeTls(server_.port(), chapter_.admin(), TLS1_2_VERSION).shook_hands);
}

// With TLS 1.3 a client believes in the handshake before the server has seen
// its certificate; what counts is that no HTTP/2 follows.
TEST_F(ServerTest, NoHttp2WithoutAnAdmittedCertificate) {
  const TestChapter other;
  const Person revoked = chapter_.Enrol("Rita", Role::kCoordinator);
  Revoke(revoked);
  for (const Person& person :
       {Person(), chapter_.Stranger(), other.admin(), revoked}) {
    EXPECT_LE(ProbeTls(server_.port(), person, TLS1_3_VERSION).http2_bytes, 0);
  }
}

TEST_F(ServerTest, AnInviteIsAdmitted) {
  EXPECT_GT(ProbeTls(server_.port(), chapter_.Invite("Ivo", Role::kAuditor),
                     TLS1_3_VERSION)
                .http2_bytes,
            0);
}

TEST_F(ServerTest, APortThatIsTakenIsSaid) {
  const auto key = pki::PrivateKey::Generate();
  const auto certificate = chapter_.authority().IssueServer(
      key->public_key(), std::string(26, 'a'), chapter_.clock().Now());
  auto pem = key->ToPkcs8Pem();
  const auto second =
      Server::Start({.listen = server_.address(),
                     .version = "1",
                     .key_pem = *std::move(pem),
                     .certificate_pem = certificate->ToPem(),
                     .authority = chapter_.authority().certificate(),
                     .limits = {}},
                    chapter_.holder(), chapter_.clock());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ServerTest, AMessageOverTheLimitIsRefused) {
  const auto stub =
      v1::EnrollmentService::NewStub(server_.ChannelOf(chapter_.admin()));
  v1::RenewRequest request;
  request.set_certificate_request(std::string(2 << 20, 'x'));
  v1::RenewResponse response;
  Context context;
  EXPECT_EQ(stub->Renew(context.get(), request, &response).error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
}

// ---- The gate, through the wire

// Each role calls each method; the table alone says which are turned away.
TEST_F(ServerTest, EveryMethodStandsBehindItsRow) {
  const auto member = chapter_.AddMember({{"given_name", "Mia"}});
  const Person people[] = {
      chapter_.admin(), chapter_.Enrol("Cora", Role::kCoordinator),
      chapter_.EnrolMember("Mia", member), chapter_.Enrol("Sol", Role::kSource),
      chapter_.Enrol("Aude", Role::kAuditor)};
  for (const Person& person : people) {
    const auto channel = server_.ChannelOf(person);
    for (const MethodPolicy& row : AllPolicies()) {
      if (row.caller == CallerKind::kAnyCertificate) continue;
      const grpc::Status status = CallEmpty(channel, row.method);
      EXPECT_EQ(ReasonOf(status) == "ROLE_NOT_ALLOWED",
                !row.roles.Contains(person.caller.role))
          << row.method << " " << core::RoleName(person.caller.role) << " "
          << status.error_message();
      EXPECT_NE(status.error_code(), StatusCode::UNIMPLEMENTED) << row.method;
      EXPECT_NE(status.error_code(), StatusCode::UNKNOWN) << row.method;
      EXPECT_NE(status.error_code(), StatusCode::INTERNAL) << row.method;
    }
  }
}

TEST_F(ServerTest, AnInviteCanRedeemAndNothingElse) {
  const auto channel =
      server_.ChannelOf(chapter_.Invite("Ivo", Role::kCoordinator));
  for (const MethodPolicy& row : AllPolicies()) {
    if (row.caller == CallerKind::kAnyCertificate) continue;
    const grpc::Status status = CallEmpty(channel, row.method);
    EXPECT_EQ(ReasonOf(status), row.method == method::kRedeem
                                    ? "BAD_REQUEST_CERTIFICATE"
                                    : "NOT_ENROLLED")
        << row.method;
  }
}

TEST_F(ServerTest, ARevokedDeviceIsRefusedOnItsNextMessage) {
  const Person cora = chapter_.Enrol("Cora", Role::kCoordinator);
  const auto stub = v1::SystemService::NewStub(server_.ChannelOf(cora));
  v1::GetStatusResponse response;
  Context before;
  ASSERT_TRUE(stub->GetStatus(before.get(), {}, &response).ok());
  Revoke(cora);
  Context after;
  const grpc::Status status = stub->GetStatus(after.get(), {}, &response);
  EXPECT_EQ(status.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(status), "DEVICE_REVOKED");
}

TEST_F(ServerTest, ACallWithoutADeadlineIsRefused) {
  const auto stub =
      v1::SystemService::NewStub(server_.ChannelOf(chapter_.admin()));
  grpc::ClientContext context;
  v1::GetStatusResponse response;
  const grpc::Status status = stub->GetStatus(&context, {}, &response);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "DEADLINE_REQUIRED");
}

TEST_F(ServerTest, SealedAnswersHealthAlone) {
  const auto channel = server_.ChannelOf(chapter_.admin());
  chapter_.Seal();
  for (const MethodPolicy& row : AllPolicies()) {
    if (row.caller == CallerKind::kAnyCertificate) continue;
    const grpc::Status status = CallEmpty(channel, row.method);
    EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE) << row.method;
    EXPECT_EQ(ReasonOf(status), "SEALED") << row.method;
  }
  const auto health = grpc::health::v1::Health::NewStub(channel);
  HealthCheckResponse response;
  Context context;
  ASSERT_TRUE(health->Check(context.get(), {}, &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
}

// ---- Health

TEST_F(ServerTest, HealthKnowsTheServices) {
  const auto stub =
      grpc::health::v1::Health::NewStub(server_.ChannelOf(chapter_.admin()));
  const auto check = [&](const std::string& service,
                         HealthCheckResponse& response) {
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    Context context;
    return stub->Check(context.get(), request, &response);
  };
  HealthCheckResponse response;
  ASSERT_TRUE(check("sodality.v1.DirectoryService", response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  EXPECT_EQ(check("sodality.v1.Directory", response).error_code(),
            StatusCode::NOT_FOUND);
}

TEST_F(ServerTest, AWatcherHearsOfTheSeal) {
  const auto stub =
      grpc::health::v1::Health::NewStub(server_.ChannelOf(chapter_.admin()));
  Context context;
  const auto watch = stub->Watch(context.get(), {});
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  chapter_.Seal();
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  context->TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), StatusCode::CANCELLED);
}

// A handler on a stream must not keep the server from stopping.
TEST_F(ServerTest, ShutdownEndsOpenStreams) {
  const auto stub =
      grpc::health::v1::Health::NewStub(server_.ChannelOf(chapter_.admin()));
  Context context;
  const auto watch = stub->Watch(context.get(), {});
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  server_.server().Shutdown(std::chrono::milliseconds(50));
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_FALSE(watch->Finish().ok());
}

}  // namespace
}  // namespace sodality::rpc
