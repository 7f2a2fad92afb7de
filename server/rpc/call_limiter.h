// How much one caller may ask at once and in a second, so that a runaway or
// hostile device cannot take the server from the others.
#ifndef SODALITY_SERVER_RPC_CALL_LIMITER_H_
#define SODALITY_SERVER_RPC_CALL_LIMITER_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "platform/clock.h"
#include "platform/mutex.h"
#include "server/core/access/types.h"

namespace sodality::rpc {

struct CallLimits {
  uint32_t at_once = 256;        // Calls of one certificate.
  uint32_t streams_at_once = 8;  // Of those, streams.
  uint32_t per_second = 20'000;  // Calls and queries of streams of one
                                 // certificate, on average...
  uint32_t burst_seconds = 2;    // ...over so many seconds.
};

// Thread safety: safe. Callers are known certificates, so their number is
// bounded; one that is idle and has its full allowance is forgotten.
class CallLimiter final {
 public:
  CallLimiter(CallLimits limits, const platform::Clock& clock);

  // One call's place; given back at destruction. Move-only. The limiter
  // outlives it.
  class Place final {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();
    // One more question of this call, as if it were a call. RESOURCE_EXHAUSTED
    // kRateLimited.
    [[nodiscard]] absl::Status Charge() const;

   private:
    friend class CallLimiter;
    Place(CallLimiter* limiter, const core::Fingerprint& caller, bool stream);
    CallLimiter* limiter_;
    core::Fingerprint caller_;
    bool stream_;
  };

  // RESOURCE_EXHAUSTED kRateLimited.
  absl::StatusOr<Place> Enter(const core::Fingerprint& caller, bool stream)
      SODALITY_EXCLUDES(mutex_);
  size_t callers() const SODALITY_EXCLUDES(mutex_);

 private:
  struct State {
    double allowance = 0;
    platform::Timestamp refilled;
    uint32_t calls = 0;
    uint32_t streams = 0;
  };
  void Leave(const core::Fingerprint& caller, bool stream)
      SODALITY_EXCLUDES(mutex_);
  absl::Status Charge(const core::Fingerprint& caller)
      SODALITY_EXCLUDES(mutex_);
  void Refill(State& state, platform::Timestamp now) const;
  void ForgetIdle(platform::Timestamp now) SODALITY_REQUIRES(mutex_);
  double Full() const;

  const CallLimits limits_;
  const platform::Clock& clock_;
  mutable platform::Mutex mutex_;
  absl::flat_hash_map<core::Fingerprint, State> states_
      SODALITY_GUARDED_BY(mutex_);
  size_t forget_at_ SODALITY_GUARDED_BY(mutex_) = 64;
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_CALL_LIMITER_H_
