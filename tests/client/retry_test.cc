#include "client/internal/retry.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "client/include/sodality/error_info.h"

namespace sodality::internal {
namespace {

using std::chrono::milliseconds;

// Answers what it was told to, in order; then OK.
class ScriptedCaller final : public Caller {
 public:
  explicit ScriptedCaller(std::deque<absl::Status> script)
      : script_(std::move(script)) {}

  absl::Status Run(const Call& call) override {
    time_left.push_back(call.time_left);
    if (script_.empty()) return absl::OkStatus();
    absl::Status next = script_.front();
    script_.pop_front();
    return next;
  }

  std::vector<milliseconds> time_left;

 private:
  std::deque<absl::Status> script_;
};

struct Trial {
  absl::Status status;
  std::vector<milliseconds> time_left;
  std::vector<milliseconds> waits;
};

Trial Try(std::deque<absl::Status> script, Effect effect = Effect::kReads,
          Options options = {}) {
  Trial trial;
  auto scripted = std::make_unique<ScriptedCaller>(std::move(script));
  ScriptedCaller& caller = *scripted;
  options.sleep = [&](milliseconds wait) { trial.waits.push_back(wait); };
  RetryingCaller retrying(std::move(scripted), "host:1", options);
  trial.status = retrying.Run({nullptr, effect, options.deadline});
  trial.time_left = caller.time_left;
  return trial;
}

absl::Status Down() { return absl::UnavailableError("connection refused"); }

TEST(RetryTest, SuccessIsNotRepeated) {
  const Trial trial = Try({});
  EXPECT_TRUE(trial.status.ok());
  EXPECT_EQ(trial.time_left.size(), 1u);
  EXPECT_TRUE(trial.waits.empty());
}

TEST(RetryTest, UnavailableIsRepeatedUntilItWorks) {
  const Trial trial = Try({Down(), Down()});
  EXPECT_TRUE(trial.status.ok());
  EXPECT_EQ(trial.time_left.size(), 3u);
  EXPECT_EQ(trial.waits.size(), 2u);
}

TEST(RetryTest, GivesUpAfterTheBound) {
  Options options;
  options.max_attempts = 3;
  const Trial trial =
      Try({Down(), Down(), Down(), Down()}, Effect::kReads, options);
  EXPECT_EQ(trial.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(trial.status.message(),
            "cannot reach the server at host:1 (tried 3 times): nothing "
            "listens there");
  EXPECT_EQ(GetErrorInfo(trial.status).reason, "UNREACHABLE");
  EXPECT_EQ(trial.time_left.size(), 3u);
}

TEST(RetryTest, SaysWhyTheServerIsNotReached) {
  Options options;
  options.max_attempts = 1;
  const auto message = [&](const char* grpc_says) {
    const Trial trial =
        Try({absl::UnavailableError(grpc_says)}, Effect::kReads, options);
    return std::string(trial.status.message());
  };
  const std::string begin = "cannot reach the server at host:1 (tried 1 time)";
  EXPECT_EQ(
      message("last error: UNKNOWN: ipv4:127.0.0.1:1: Connection refused"),
      begin + ": nothing listens there");
  EXPECT_EQ(message("DNS resolution failed for host:1: C-ares status"),
            begin + ": its name cannot be resolved");
  EXPECT_EQ(message("the weather"), begin);
}

TEST(RetryTest, OtherErrorsAreTheServersOwn) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kInternal, absl::StatusCode::kAborted,
        absl::StatusCode::kResourceExhausted, absl::StatusCode::kNotFound}) {
    const absl::Status answer(code, "as the server said");
    const Trial trial = Try({answer});
    EXPECT_EQ(trial.status, answer);
    EXPECT_EQ(trial.time_left.size(), 1u);
  }
}

TEST(RetryTest, ASealedServerIsNotAskedAgain) {
  const Trial trial =
      Try({MakeError(absl::StatusCode::kUnavailable, "the server is sealed",
                     {.reason = "SEALED"})});
  EXPECT_EQ(GetErrorInfo(trial.status).reason, "SEALED");
  EXPECT_EQ(trial.time_left.size(), 1u);
}

TEST(RetryTest, OutOfTimeSaysWhetherAChangeMayHaveHappened) {
  const absl::Status late = absl::DeadlineExceededError("Deadline Exceeded");
  const Trial read = Try({late}, Effect::kReads);
  EXPECT_EQ(read.status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(read.status.message(),
            "the server at host:1 did not answer within 10 s");
  EXPECT_EQ(GetErrorInfo(read.status).hint, "try again");
  const Trial write = Try({late}, Effect::kWrites);
  EXPECT_EQ(GetErrorInfo(write.status).hint,
            "the change may have been made: look before repeating it");
  EXPECT_EQ(write.time_left.size(), 1u);
}

TEST(RetryTest, WaitsComeOutOfTheDeadline) {
  const Trial trial = Try({Down(), Down()});
  ASSERT_EQ(trial.time_left.size(), 3u);
  EXPECT_EQ(trial.time_left[0], milliseconds(10'000));
  EXPECT_LE(trial.time_left[1], milliseconds(10'000) - trial.waits[0]);
  EXPECT_LE(trial.time_left[2], trial.time_left[1] - trial.waits[1]);
}

TEST(RetryTest, NoAttemptBeginsAfterTheDeadline) {
  Options options;
  options.deadline = milliseconds(40);  // below the shortest first wait
  const Trial trial = Try({Down(), Down()}, Effect::kReads, options);
  EXPECT_EQ(trial.status.message(),
            "cannot reach the server at host:1 (tried 1 time): nothing "
            "listens there");
  EXPECT_TRUE(trial.waits.empty());
}

TEST(BackoffTest, DoublesUpToItsBoundWithJitter) {
  Options options;
  options.first_backoff = milliseconds(100);
  options.max_backoff = milliseconds(350);
  const std::vector<milliseconds> bounds = {
      milliseconds(100), milliseconds(200), milliseconds(350),
      milliseconds(350)};
  for (int attempt = 1; attempt <= 4; ++attempt) {
    const milliseconds bound = bounds[static_cast<size_t>(attempt - 1)];
    for (int i = 0; i < 50; ++i) {
      const milliseconds wait = BackoffBefore(attempt, options);
      EXPECT_GE(wait, bound / 2);
      EXPECT_LE(wait, bound);
    }
  }
}

}  // namespace
}  // namespace sodality::internal
