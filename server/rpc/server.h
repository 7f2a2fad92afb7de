// The listening server: mutual TLS 1.3, limits, the gate and the services.
// Read next: call_gate.h.
#ifndef SODALITY_SERVER_RPC_SERVER_H_
#define SODALITY_SERVER_RPC_SERVER_H_

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/pki/certificate.h"
#include "crypto/secret.h"
#include "platform/clock.h"
#include "server/rpc/call_limiter.h"
#include "server/rpc/chapter_holder.h"
#include "server/rpc/status.h"

namespace sodality::rpc {

struct ServerOptions {
  std::string listen;  // host:port; port 0 takes a free one.
  std::string version;
  crypto::SecretBuffer key_pem;  // The server's TLS key, PKCS #8.
  std::string certificate_pem;
  pki::CaCertificate authority;
  CallLimits limits;
  // Told of what is damaged in store or ledger when a call meets it; the caller
  // gets the code alone. On any thread, as often as it happens.
  OnDamage on_damage = nullptr;
};

// To be called once, before anything else of gRPC and before there are other
// threads: what gRPC reads from the environment is set here, and how the kernel
// is to schedule threads that are started later. TLS 1.2 is refused because no
// cipher suite of it is left that the server's key could serve.
void PrepareTransport();

// Thread safety: safe. Lifetime: ends all calls at destruction.
class Server final {
 public:
  // `chapter` and `clock` outlive the server. While `chapter` is empty the
  // server answers health alone. UNAVAILABLE when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      ServerOptions options, const ChapterHolder& chapter,
      const platform::Clock& clock);
  ~Server();

  // host:port as it really is.
  const std::string& address() const;

  // Takes no new calls, gives those that run `grace`, then cancels them and
  // waits for their handlers. Not from a signal handler.
  void Shutdown(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_SERVER_H_
