// How calls of the callback API begin and end at the gate.
#include "server/rpc/call_gate.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// A server whose only handler is the test's, behind a gate that lets one call
// of a caller in at a time.
class GateTest : public testing::Test {
 protected:
  using Handler = std::function<void(const Call&, Finish)>;

  void SetUp() override {
    const auto key = pki::PrivateKey::Generate();
    const auto certificate = chapter_.authority().IssueServer(
        key->public_key(), std::string(26, 'a'), chapter_.clock().Now());
    auto pem = key->ToPkcs8Pem();
    ASSERT_TRUE(certificate.ok() && pem.ok());
    grpc::SslServerCredentialsOptions options(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = chapter_.authority().certificate().ToPem();
    options.pem_key_cert_pairs = {
        {std::string(crypto::AsText(pem->Expose(crypto::AllowSecretAccess()))),
         certificate->ToPem()}};
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options),
                             &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    stub_ = Health::NewStub(ChannelTo("127.0.0.1:" + std::to_string(port),
                                      chapter_, chapter_.admin()));
  }

  grpc::Status Ask() {
    Context context;
    HealthCheckResponse answer;
    return stub_->Check(context.get(), {}, &answer);
  }

  class Service final : public Health::CallbackService {
   public:
    explicit Service(GateTest& test) : test_(test) {}
    grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                    const HealthCheckRequest*,
                                    HealthCheckResponse*) override {
      return test_.gate_.RunAsync(*context, "/grpc.health.v1.Health/Check",
                                  test_.handler_);
    }

   private:
    GateTest& test_;
  };

  TestChapter chapter_;
  Admission admission_{chapter_.holder(), {.at_once = 1}, chapter_.clock()};
  CallGate gate_{admission_};
  Handler handler_;
  Service service_{*this};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Health::Stub> stub_;
};

TEST_F(GateTest, ACallIsOverBeforeItsAnswerWhoeverStillHoldsItsEnd) {
  std::vector<Finish> kept;
  handler_ = [&](const Call&, Finish finish) {
    kept.push_back(finish);
    finish(absl::OkStatus());
  };
  for (int i = 0; i < 3; ++i) {
    const grpc::Status status = Ask();
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  EXPECT_EQ(kept.size(), 3u);
}

TEST_F(GateTest, AHandlerThatThrowsIsAnInternalErrorWithoutItsText) {
  handler_ = [](const Call&, const Finish&) {
    throw std::runtime_error("+1 212 555 0123");
  };
  const grpc::Status status = Ask();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(status.error_message().find("212"), std::string::npos);
}

TEST_F(GateTest, TheFirstEndOfACallCounts) {
  handler_ = [](const Call&, const Finish& finish) {
    finish(absl::OkStatus());
    finish(absl::UnavailableError("again"));
    throw std::runtime_error("too late");
  };
  EXPECT_TRUE(Ask().ok());
  EXPECT_TRUE(Ask().ok());
}

}  // namespace
}  // namespace sodality::rpc
