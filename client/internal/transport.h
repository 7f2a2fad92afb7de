// The channel to a server over mutual TLS, and the callers that touch it.
#ifndef SODALITY_CLIENT_INTERNAL_TRANSPORT_H_
#define SODALITY_CLIENT_INTERNAL_TRANSPORT_H_

#include <grpcpp/channel.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "client/include/sodality/connect.h"
#include "client/internal/caller.h"

namespace sodality::internal {

// TLS handshakes in which the server proved its identity.
using HandshakeCount = std::shared_ptr<std::atomic<int>>;

struct Transport {
  std::shared_ptr<grpc::Channel> channel;
  HandshakeCount handshakes;
};

// Trusts one authority and one server name, whatever the address; ignores
// proxies and DNS service configurations. No network yet.
Transport OpenTransport(const Credentials& credentials);

// Waits for as long as it is told, while the channel connects: it gets on with
// that only while somebody waits for it, so that behind a thread asleep every
// attempt would find it where it failed. `hook`, of tests, is told of each wait
// as it begins; with one, the wait ends as soon as the channel is connected.
using Pause = std::function<void(std::chrono::milliseconds)>;
Pause PauseOn(const Transport& transport, Pause hook);

// What a gRPC status says, with the server's ErrorDetail as ErrorInfo.
absl::Status FromGrpc(const grpc::Status& status);

// One attempt with a deadline. DEADLINE_EXCEEDED, or the server's answer.
class DirectCaller final : public Caller {
 public:
  absl::Status Run(const Call& call) override;
};

// A server that does not know a certificate closes the connection without a
// word. Told apart from a server that is down: after two handshakes that got
// through TLS and no answer since, UNAUTHENTICATED (CERTIFICATE_REFUSED).
class DiagnosingCaller final : public Caller {
 public:
  DiagnosingCaller(std::unique_ptr<Caller> next, Transport transport);
  absl::Status Run(const Call& call) override;

 private:
  int Unanswered() const;
  [[nodiscard]] bool RefusesAgainAndAgain() const;

  const std::unique_ptr<Caller> next_;
  const Transport transport_;
  std::atomic<int> answered_at_{0};
};

}  // namespace sodality::internal

#endif  // SODALITY_CLIENT_INTERNAL_TRANSPORT_H_
