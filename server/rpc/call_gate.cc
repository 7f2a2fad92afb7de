#include "server/rpc/call_gate.h"

#include <optional>

namespace sodality::rpc {
namespace {

std::optional<std::chrono::milliseconds> TimeLeft(
    const grpc::ServerContextBase& context) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return {};
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::system_clock::now());
}

}  // namespace

absl::StatusOr<Call> CallGate::Admit(const grpc::ServerContextBase& context,
                                     std::string_view method) const {
  // The connection's certificate and nothing else that the caller sends.
  const auto auth = context.auth_context();
  const auto pem = auth->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  CallFacts facts{.method = method, .time_left = TimeLeft(context)};
  if (pem.size() == 1) facts.certificate_pem = {pem[0].data(), pem[0].size()};
  return admission_.Admit(facts);
}

}  // namespace sodality::rpc
