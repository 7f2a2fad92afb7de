// How one unary call is carried out: a chain of callers, each with one job.
// RetryingCaller -> DiagnosingCaller -> DirectCaller. Read next: retry.h.
#ifndef SODALITY_CLIENT_INTERNAL_CALLER_H_
#define SODALITY_CLIENT_INTERNAL_CALLER_H_

#include <chrono>
#include <functional>

#include "absl/status/status.h"

namespace grpc {
class ClientContext;
class Status;
}  // namespace grpc

namespace sodality::internal {

// A call bound to its stub, request and response. May run several times.
using Attempt = std::function<grpc::Status(grpc::ClientContext&)>;

// Whether the call changes something: it decides what a person is told when
// nobody knows whether it was carried out.
enum class Effect { kReads, kWrites };

struct Call {
  Attempt attempt;
  Effect effect = Effect::kReads;
  std::chrono::milliseconds time_left{0};
};

// Thread safety: implementations are safe.
class Caller {
 public:
  virtual ~Caller() = default;
  virtual absl::Status Run(const Call& call) = 0;
};

}  // namespace sodality::internal

#endif  // SODALITY_CLIENT_INTERNAL_CALLER_H_
