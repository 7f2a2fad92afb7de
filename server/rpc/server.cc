#include "server/rpc/server.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/abseil.h"
#include "platform/scheduling.h"
#include "server/rpc/admission.h"
#include "server/rpc/call_gate.h"
#include "server/rpc/certificate_verifier.h"
#include "server/rpc/services.h"

namespace sodality::rpc {
namespace {

namespace tls = grpc::experimental;

constexpr int kMaxReceiveBytes = 1 << 20;  // A batch of a roster.
constexpr int kMaxSendBytes = 8 << 20;
constexpr int kMaxMetadataBytes = 8 << 10;
constexpr int kMaxStreams = 100;  // Of one connection.
constexpr size_t kQuotaBytes = size_t{256} << 20;
constexpr int kSecond = 1000;
constexpr int kMinute = 60 * kSecond;

class ConnectionVerifier final : public tls::ExternalCertificateVerifier {
 public:
  ConnectionVerifier(const pki::CaCertificate& authority,
                     const ChapterHolder& chapter, const platform::Clock& clock)
      : authority_(authority), chapter_(chapter), clock_(clock) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)>,
              grpc::Status* sync_status) override {
    const grpc::string_ref pem = request->peer_cert();
    if (!AdmitsConnection({pem.data(), pem.size()}, authority_, chapter_,
                          clock_.Now())) {
      *sync_status = {grpc::StatusCode::UNAUTHENTICATED, "not admitted"};
    }
    return true;
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  const pki::CaCertificate authority_;
  const ChapterHolder& chapter_;
  const platform::Clock& clock_;
};

std::shared_ptr<grpc::ServerCredentials> MakeCredentials(
    const ServerOptions& options, const ChapterHolder& chapter,
    const platform::Clock& clock) {
  const std::string key(
      crypto::AsText(options.key_pem.Expose(crypto::AllowSecretAccess())));
  tls::TlsServerCredentialsOptions credentials(
      std::make_shared<tls::StaticDataCertificateProvider>(
          options.authority.ToPem(), std::vector<tls::IdentityKeyCertPair>{
                                         {key, options.certificate_pem}}));
  credentials.watch_root_certs();
  credentials.watch_identity_key_cert_pairs();
  // The only kind of request that lets nobody in without a certificate.
  credentials.set_cert_request_type(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  credentials.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<ConnectionVerifier>(
          options.authority, chapter, clock));
  credentials.set_check_call_host(false);
  return tls::TlsServerCredentials(credentials);
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  builder.SetMaxSendMessageSize(kMaxSendBytes);
  grpc::ResourceQuota quota("server");
  quota.Resize(kQuotaBytes);
  builder.SetResourceQuota(quota);
  const std::pair<const char*, int> arguments[] = {
      {GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes},
      {GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams},
      {GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10 * kSecond},
      {GRPC_ARG_MAX_CONNECTION_IDLE_MS, 5 * kMinute},
      // A new handshake asks the access table again.
      {GRPC_ARG_MAX_CONNECTION_AGE_MS, 30 * kMinute},
      {GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kMinute},
      {GRPC_ARG_KEEPALIVE_TIME_MS, kMinute},
      {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20 * kSecond},
      {GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 30 * kSecond},
      {GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2},
      // Two servers on one port would share its connections at random.
      {GRPC_ARG_ALLOW_REUSEPORT, 0},
      {GRPC_ARG_ENABLE_CHANNELZ, 0},
      // Sizes say what the padding lets them say.
      {GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0},
  };
  for (const auto& [name, value] : arguments) {
    builder.AddChannelArgument(name, value);
  }
}

// What gRPC says may quote what a peer sent; where it happened is enough, and
// once a second, for peers can make it happen as often as they like.
void LogWithoutText(gpr_log_func_args* args) {
  static std::atomic<std::time_t> last{0};
  const std::time_t now = std::time(nullptr);
  if (args->severity != GPR_LOG_SEVERITY_ERROR || last.exchange(now) == now) {
    return;
  }
  const std::string_view file(args->file);
  std::fprintf(stderr,
               "{\"level\":\"error\",\"event\":\"grpc\",\"file\":\"%s\","
               "\"line\":%d}\n",
               args->file + file.rfind('/') + 1, args->line);
}

std::string WithPort(const std::string& listen, int port) {
  return listen.substr(0, listen.rfind(':') + 1) + std::to_string(port);
}

}  // namespace

class Server::Impl final {
 public:
  Impl(const ChapterHolder& chapter, const ServerOptions& options,
       const platform::Clock& clock)
      : admission_(chapter, options.limits, clock),
        gate_(admission_, options.on_damage) {}

  void AddServices(const ServerOptions& options, const ChapterHolder& chapter,
                   const platform::Clock& clock) {
    services_.push_back(MakeDirectoryService(gate_));
    services_.push_back(MakeRosterService(gate_));
    services_.push_back(MakeEnrollmentService(gate_));
    services_.push_back(MakeAccessService(gate_, clock));
    services_.push_back(MakeKeyService(gate_));
    services_.push_back(MakeApprovalService(gate_));
    services_.push_back(MakeBackupService(gate_));
    services_.push_back(MakeLedgerService(gate_, clock));
    services_.push_back(MakeSystemService(gate_, clock, options.version));
    services_.push_back(MakeHealthService(gate_, chapter));
  }

  absl::Status Listen(const ServerOptions& options,
                      const std::shared_ptr<grpc::ServerCredentials>& tls) {
    grpc::ServerBuilder builder;
    SetLimits(builder);
    for (const ServicePtr& service : services_) {
      builder.RegisterService(service.get());
    }
    int port = 0;
    builder.AddListeningPort(options.listen, tls, &port);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) {
      return absl::UnavailableError("cannot listen on " + options.listen);
    }
    address_ = WithPort(options.listen, port);
    return absl::OkStatus();
  }

  const std::string& address() const { return address_; }

  void Shutdown(std::chrono::milliseconds grace) {
    if (server_ == nullptr) return;
    server_->Shutdown(std::chrono::system_clock::now() + grace);
    server_->Wait();
  }

 private:
  Admission admission_;
  CallGate gate_;
  std::vector<ServicePtr> services_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

void PrepareTransport() {
  // A suite that needs a pre-shared key, which there never is: docs/adr/
  // 0011-api.md. TLS 1.3 has its own suites and does not look at this.
  ::setenv("GRPC_SSL_CIPHER_SUITES", "PSK-AES256-GCM-SHA384", /*replace=*/1);
  // Both make gRPC print what it sends and receives.
  ::unsetenv("GRPC_TRACE");
  ::unsetenv("GRPC_VERBOSITY");
  gpr_set_log_function(LogWithoutText);
  platform::StopWatchingAbseilLocks();
  (void)platform::PreferThroughput();
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    ServerOptions options, const ChapterHolder& chapter,
    const platform::Clock& clock) {
  auto impl = std::make_unique<Impl>(chapter, options, clock);
  impl->AddServices(options, chapter, clock);
  const absl::Status listening =
      impl->Listen(options, MakeCredentials(options, chapter, clock));
  if (!listening.ok()) return listening;
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { impl_->Shutdown(std::chrono::milliseconds(0)); }

const std::string& Server::address() const { return impl_->address(); }

void Server::Shutdown(std::chrono::milliseconds grace) {
  impl_->Shutdown(grace);
}

}  // namespace sodality::rpc
