#include "client/internal/retry.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/include/sodality/error_info.h"
#include "crypto/random.h"

namespace sodality::internal {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

uint64_t RandomBelow(uint64_t bound) {
  std::array<uint8_t, 8> bytes{};
  crypto::SystemRandom().Fill(bytes);
  uint64_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return bound == 0 ? 0 : value % bound;
}

std::string Seconds(milliseconds time) {
  if (time.count() % 1000 == 0) return absl::StrCat(time.count() / 1000, " s");
  return absl::StrCat(time.count(), " ms");
}

// What gRPC's own words amount to; empty when they say nothing that helps. The
// words stand without first letters that are capitals at times.
std::string_view Cause(const absl::Status& last) {
  static constexpr std::pair<std::string_view, std::string_view> kCauses[] = {
      {"onnection refused", ": nothing listens there"},
      {"DNS resolution failed", ": its name cannot be resolved"},
      {"etwork is unreachable", ": there is no way to it"},
      {"o route to host", ": there is no way to it"},
      {"imed out", ": it does not answer"},
      {"imeout", ": it does not answer"},
      {"andshake", ": the connection ended before it was secured"},
      {"ocket closed", ": the connection was closed"},
      {"onnection reset", ": the connection was closed"},
      {"roken pipe", ": the connection was closed"},
      {"ndpoint closed", ": the connection was closed"}};
  const std::string text(last.message());
  for (const auto& [words, cause] : kCauses) {
    if (text.find(words) != std::string::npos) return cause;
  }
  return {};
}

}  // namespace

bool IsTransient(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable &&
         GetErrorInfo(status).reason.empty();
}

milliseconds BackoffBefore(int attempt, const Options& options) {
  milliseconds bound = options.first_backoff;
  for (int i = 1; i < attempt && bound < options.max_backoff; ++i) bound *= 2;
  bound = std::min(bound, options.max_backoff);
  const milliseconds half = bound / 2;
  const uint64_t spread = static_cast<uint64_t>((bound - half).count()) + 1;
  return half + milliseconds(static_cast<int64_t>(RandomBelow(spread)));
}

RetryingCaller::RetryingCaller(std::unique_ptr<Caller> next,
                               std::string address, Options options)
    : next_(std::move(next)),
      address_(std::move(address)),
      options_(std::move(options)) {}

absl::Status RetryingCaller::Run(const Call& call) {
  Call current = call;
  for (int attempt = 1;; ++attempt) {
    const auto start = std::chrono::steady_clock::now();
    absl::Status status = next_->Run(current);
    if (status.code() == absl::StatusCode::kDeadlineExceeded) {
      return OutOfTime(call);
    }
    if (!IsTransient(status)) return status;
    if (attempt >= options_.max_attempts) return GaveUp(attempt, status);
    const milliseconds wait = BackoffBefore(attempt, options_);
    current.time_left -= wait + duration_cast<milliseconds>(
                                    std::chrono::steady_clock::now() - start);
    if (current.time_left <= milliseconds(0)) return GaveUp(attempt, status);
    options_.sleep(wait);
  }
}

absl::Status RetryingCaller::GaveUp(int attempts,
                                    const absl::Status& last) const {
  const std::string_view why = Cause(last);
  ErrorInfo info = GetErrorInfo(last);
  info.reason = "UNREACHABLE";
  info.hint = "check the network, and that the server is running";
  return MakeError(
      last.code(),
      absl::StrCat("cannot reach the server at ", address_, " (tried ",
                   attempts, attempts == 1 ? " time)" : " times)",
                   absl::string_view(why.data(), why.size())),
      info);
}

absl::Status RetryingCaller::OutOfTime(const Call& call) const {
  ErrorInfo info;
  info.reason = "NO_ANSWER";
  info.hint = call.effect == Effect::kWrites
                  ? "the change may have been made: look before repeating it"
                  : "try again";
  return MakeError(
      absl::StatusCode::kDeadlineExceeded,
      absl::StrCat("the server at ", address_, " did not answer within ",
                   Seconds(call.time_left)),
      info);
}

}  // namespace sodality::internal
