// Repeats what failed with UNAVAILABLE, within bounds. Knows no gRPC.
#ifndef SODALITY_CLIENT_INTERNAL_RETRY_H_
#define SODALITY_CLIENT_INTERNAL_RETRY_H_

#include <memory>
#include <string>

#include "client/include/sodality/options.h"
#include "client/internal/caller.h"

namespace sodality::internal {

// Every call that comes here may be repeated: reads are, and a write carries
// one request id through all attempts. Ends in one of three ways: gave up
// (UNAVAILABLE), out of time (DEADLINE_EXCEEDED), or the server's own answer.
class RetryingCaller final : public Caller {
 public:
  // `address` is named in messages; options.sleep does the waiting.
  RetryingCaller(std::unique_ptr<Caller> next, std::string address,
                 Options options);

  absl::Status Run(const Call& call) override;

 private:
  absl::Status GaveUp(int attempts, const absl::Status& last) const;
  absl::Status OutOfTime(const Call& call) const;

  const std::unique_ptr<Caller> next_;
  const std::string address_;
  const Options options_;
};

// A random wait within the upper half of the bound for this attempt (from 1).
std::chrono::milliseconds BackoffBefore(int attempt, const Options& options);

// Worth another attempt: UNAVAILABLE without a reason that stays.
[[nodiscard]] bool IsTransient(const absl::Status& status);

}  // namespace sodality::internal

#endif  // SODALITY_CLIENT_INTERNAL_RETRY_H_
