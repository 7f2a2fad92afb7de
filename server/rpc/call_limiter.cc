#include "server/rpc/call_limiter.h"

#include <algorithm>
#include <utility>

#include "server/core/error.h"

namespace sodality::rpc {
namespace {

absl::Status TooMuch(std::string_view message, std::string_view hint) {
  return core::MakeError(
      absl::StatusCode::kResourceExhausted, message,
      {.reason = core::Reason::kRateLimited, .hint = std::string(hint)});
}

absl::Status TooFast() {
  return TooMuch("too many calls from this device", "try again in a second");
}

}  // namespace

CallLimiter::Place::Place(CallLimiter* limiter, const core::Fingerprint& caller,
                          bool stream)
    : limiter_(limiter), caller_(caller), stream_(stream) {}

CallLimiter::Place::Place(Place&& other) noexcept
    : limiter_(std::exchange(other.limiter_, nullptr)),
      caller_(other.caller_),
      stream_(other.stream_) {}

CallLimiter::Place::~Place() {
  if (limiter_ != nullptr) limiter_->Leave(caller_, stream_);
}

CallLimiter::CallLimiter(CallLimits limits, const platform::Clock& clock)
    : limits_(limits), clock_(clock) {}

double CallLimiter::Full() const {
  return static_cast<double>(limits_.per_second) * limits_.burst_seconds;
}

void CallLimiter::Refill(State& state, platform::Timestamp now) const {
  // A clock set back refills nothing and takes nothing.
  const auto passed = std::max<int64_t>(0, (now - state.refilled).count());
  state.allowance =
      std::min(Full(), state.allowance + static_cast<double>(passed) *
                                             limits_.per_second / 1000);
  state.refilled = now;
}

absl::StatusOr<CallLimiter::Place> CallLimiter::Enter(
    const core::Fingerprint& caller, bool stream) {
  const platform::Timestamp now = clock_.Now();
  const platform::MutexLock lock(mutex_);
  if (states_.size() >= forget_at_) ForgetIdle(now);
  const auto [row, is_new] = states_.try_emplace(caller);
  State& state = row->second;
  if (is_new) state = {.allowance = Full(), .refilled = now};
  Refill(state, now);
  if (state.allowance < 1) return TooFast();
  if (state.calls >= limits_.at_once ||
      (stream && state.streams >= limits_.streams_at_once)) {
    return TooMuch("too many calls at once from this device",
                   "wait for the earlier ones");
  }
  state.allowance -= 1;
  ++state.calls;
  if (stream) ++state.streams;
  return Place(this, caller, stream);
}

absl::Status CallLimiter::Place::Charge() const {
  return limiter_->Charge(caller_);
}

absl::Status CallLimiter::Charge(const core::Fingerprint& caller) {
  const platform::Timestamp now = clock_.Now();
  const platform::MutexLock lock(mutex_);
  State& state = states_[caller];  // There while the caller has a place.
  Refill(state, now);
  if (state.allowance < 1) return TooFast();
  state.allowance -= 1;
  return absl::OkStatus();
}

void CallLimiter::Leave(const core::Fingerprint& caller, bool stream) {
  const platform::MutexLock lock(mutex_);
  const auto row = states_.find(caller);
  if (row == states_.end()) return;
  --row->second.calls;
  if (stream) --row->second.streams;
}

void CallLimiter::ForgetIdle(platform::Timestamp now) {
  for (auto row = states_.begin(); row != states_.end();) {
    const auto here = row++;
    Refill(here->second, now);
    if (here->second.calls == 0 && here->second.allowance >= Full()) {
      states_.erase(here);
    }
  }
  // Looking at all of them again pays only when there are many new ones.
  forget_at_ = std::max<size_t>(64, 2 * states_.size());
}

size_t CallLimiter::callers() const {
  const platform::MutexLock lock(mutex_);
  return states_.size();
}

}  // namespace sodality::rpc
