#include "client/internal/transport.h"

#include <arpa/inet.h>
#include <grpc/support/log.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <chrono>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "client/include/sodality/error_info.h"
#include "crypto/secret.h"
#include "sodality/v1/errors.pb.h"

namespace sodality::internal {
namespace {

namespace tls = grpc::experimental;

constexpr int kMaxAnswerBytes = 16 * 1024 * 1024;
constexpr int kHandshakesForVerdict = 2;
// The channel's own pause before it connects again is some 50 ms; a machine
// with too much to do takes many times that for a handshake.
constexpr std::chrono::milliseconds kPatience(2000);
constexpr std::chrono::milliseconds kSlice(20);
constexpr char kNotTheServer[] = "SERVER_NOT_RECOGNISED";

// gRPC has checked the chain; the name is checked here and nowhere else.
class NameVerifier final : public tls::ExternalCertificateVerifier {
 public:
  NameVerifier(std::string name, HandshakeCount handshakes)
      : name_(std::move(name)), handshakes_(std::move(handshakes)) {}
  ~NameVerifier() override = default;

  bool Verify(tls::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)> /*callback*/,
              grpc::Status* sync_status) override {
    const auto names = request->dns_names();
    if (names.size() == 1 && names[0] == name_) {
      ++*handshakes_;
      *sync_status = grpc::Status::OK;
    } else {
      *sync_status = grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                  "not the name of the chapter's server");
    }
    return true;
  }

  void Cancel(tls::TlsCustomVerificationCheckRequest* /*request*/) override {}

 private:
  const std::string name_;
  const HandshakeCount handshakes_;
};

std::shared_ptr<grpc::ChannelCredentials> MakeCredentials(
    const Credentials& credentials, const HandshakeCount& handshakes) {
  std::vector<tls::IdentityKeyCertPair> pairs(1);
  pairs[0].private_key = crypto::AsText(
      credentials.key_pem.bytes().Expose(crypto::AllowSecretAccess()));
  pairs[0].certificate_chain = credentials.certificate_pem;
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<tls::StaticDataCertificateProvider>(
          credentials.ca_certificate_pem, pairs));
  crypto::Wipe(pairs[0].private_key);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_check_call_host(false);
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<NameVerifier>(
          credentials.server_name, handshakes));
  return tls::TlsCredentials(options);
}

grpc::ChannelArguments MakeArguments(const std::string& server_name) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(server_name);
  arguments.SetUserAgentPrefix("sodality");
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  return arguments;
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

bool ServerFailedToProveItself(const absl::Status& status) {
  const std::string text(status.message());
  return Contains(text, "CERTIFICATE_VERIFY_FAILED") ||
         Contains(text, "certificate verify failed") ||
         Contains(text, "not the name of the chapter's server");
}

absl::Status NotRecognised() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "what answers at the address is not this chapter's server",
                   {.reason = kNotTheServer,
                    .hint = "check the address; if it is right, somebody may "
                            "be in between: tell an admin"});
}

absl::Status Refused() {
  return MakeError(
      absl::StatusCode::kUnauthenticated,
      "the server refuses this certificate: it was revoked, suspended, "
      "replaced or used",
      {.reason = "CERTIFICATE_REFUSED",
       .hint = "ask an admin; with a new invite: sodality --profile NEW join "
               "FILE"});
}

// An address of numbers is not looked up by name: a resolver that cannot be
// reached, or has no room, is then no reason to fail, and seconds are not spent
// on asking it again.
std::string TargetOf(const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  in6_addr parsed{};
  if (inet_pton(AF_INET, host.c_str(), &parsed) == 1) return "ipv4:" + address;
  if (inet_pton(AF_INET6, host.c_str(), &parsed) == 1) return "ipv6:" + address;
  return "dns:///" + address;
}

// What has no reason and is not for the caller's retries and deadlines to
// judge: who is at fault, by the code alone. The server says no more, so as not
// to describe what it keeps.
ErrorInfo WithoutReason(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
      return {};
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DATA_LOSS:
      return {.reason = "SERVER_FAILED",
              .hint =
                  "tell whoever runs the server: sodalityd doctor looks "
                  "for damage"};
    default:
      return {.reason = "CALL_REFUSED",
              .hint = "are this program and the server of one version?"};
  }
}

}  // namespace

Transport OpenTransport(const Credentials& credentials) {
  Transport transport;
  transport.handshakes = std::make_shared<std::atomic<int>>(0);
  transport.channel = grpc::CreateCustomChannel(
      TargetOf(credentials.address),
      MakeCredentials(credentials, transport.handshakes),
      MakeArguments(credentials.server_name));
  return transport;
}

Pause PauseOn(const Transport& transport, Pause hook) {
  return [channel = transport.channel,
          hook = std::move(hook)](std::chrono::milliseconds wait) {
    const auto end = std::chrono::steady_clock::now() + wait;
    if (hook) hook(wait);
    const bool connected =
        channel->WaitForConnected(std::chrono::system_clock::now() + wait);
    if (connected && !hook) std::this_thread::sleep_until(end);
  };
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  ErrorInfo info;
  v1::ErrorDetail detail;
  if (detail.ParseFromString(status.error_details())) {
    info = {detail.reason(), detail.hint(), detail.field(), detail.retry_at()};
  }
  if (info.reason.empty()) info = WithoutReason(status.error_code());
  return MakeError(static_cast<absl::StatusCode>(status.error_code()),
                   status.error_message(), info);
}

absl::Status DirectCaller::Run(const Call& call) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + call.time_left);
  return FromGrpc(call.attempt(context));
}

DiagnosingCaller::DiagnosingCaller(std::unique_ptr<Caller> next,
                                   Transport transport)
    : next_(std::move(next)), transport_(std::move(transport)) {}

absl::Status DiagnosingCaller::Run(const Call& call) {
  absl::Status status = next_->Run(call);
  const bool silent = status.code() == absl::StatusCode::kUnavailable &&
                      GetErrorInfo(status).reason.empty();
  if (!silent) {
    answered_at_ = transport_.handshakes->load();
    return status;
  }
  if (ServerFailedToProveItself(status)) return NotRecognised();
  if (Unanswered() == 0) return status;
  return RefusesAgainAndAgain() ? Refused() : status;
}

int DiagnosingCaller::Unanswered() const {
  return transport_.handshakes->load() - answered_at_;
}

// Only handshakes from now on count: the ones before may be of a server that
// was killed since. The channel gets on with connecting only while somebody
// waits for it, and a handshake that is about to succeed gets a slice too.
bool DiagnosingCaller::RefusesAgainAndAgain() const {
  const int before = transport_.handshakes->load();
  const auto end = std::chrono::steady_clock::now() + kPatience;
  bool enough = false;
  while (!enough && std::chrono::steady_clock::now() < end) {
    enough = transport_.handshakes->load() - before >= kHandshakesForVerdict;
    const auto slice = std::chrono::system_clock::now() + kSlice;
    if (transport_.channel->WaitForConnected(slice)) return false;
  }
  return enough;
}

}  // namespace sodality::internal

namespace sodality {
namespace {

void DropLogLine(gpr_log_func_args* /*line*/) {}

}  // namespace

void SilenceTransportLog() { gpr_set_log_function(&DropLogLine); }

}  // namespace sodality
