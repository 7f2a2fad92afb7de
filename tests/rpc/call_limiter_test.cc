#include "server/rpc/call_limiter.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "server/core/error.h"

namespace sodality::rpc {
namespace {

using core::Fingerprint;
using core::GetErrorInfo;
using core::Reason;

constexpr platform::Timestamp kStart{1'700'000'000'000};
constexpr Fingerprint kAnna{1};
constexpr Fingerprint kBoris{2};

TEST(CallLimiterTest, RefusesMoreCallsAtOnce) {
  platform::FakeClock clock(kStart);
  CallLimiter limiter({.at_once = 2, .per_second = 100}, clock);
  const auto first = limiter.Enter(kAnna, /*stream=*/false);
  auto second = limiter.Enter(kAnna, /*stream=*/false);
  ASSERT_TRUE(first.ok() && second.ok());
  const auto third = limiter.Enter(kAnna, /*stream=*/false);
  EXPECT_EQ(third.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorInfo(third.status()).reason, Reason::kRateLimited);
}

TEST(CallLimiterTest, APlaceGivenBackCanBeTakenAgain) {
  platform::FakeClock clock(kStart);
  CallLimiter limiter({.at_once = 1, .per_second = 100}, clock);
  {
    const auto place = limiter.Enter(kAnna, /*stream=*/false);
    ASSERT_TRUE(place.ok());
  }
  EXPECT_TRUE(limiter.Enter(kAnna, /*stream=*/false).ok());
}

TEST(CallLimiterTest, AMovedPlaceIsGivenBackOnce) {
  platform::FakeClock clock(kStart);
  CallLimiter limiter({.at_once = 1, .per_second = 100}, clock);
  std::optional<CallLimiter::Place> kept;
  {
    auto place = limiter.Enter(kAnna, /*stream=*/false);
    ASSERT_TRUE(place.ok());
    kept.emplace(*std::move(place));
  }
  EXPECT_FALSE(limiter.Enter(kAnna, /*stream=*/false).ok());
  kept.reset();
  EXPECT_TRUE(limiter.Enter(kAnna, /*stream=*/false).ok());
}

TEST(CallLimiterTest, OneCallersCallsDoNotCountForAnother) {
  platform::FakeClock clock(kStart);
  CallLimiter limiter({.at_once = 1, .per_second = 100}, clock);
  const auto anna = limiter.Enter(kAnna, /*stream=*/false);
  EXPECT_TRUE(limiter.Enter(kBoris, /*stream=*/false).ok());
}

TEST(CallLimiterTest, StreamsHaveALimitOfTheirOwn) {
  platform::FakeClock clock(kStart);
  CallLimiter limiter({.at_once = 10, .streams_at_once = 1, .per_second = 100},
                      clock);
  const auto stream = limiter.Enter(kAnna, /*stream=*/true);
  ASSERT_TRUE(stream.ok());
  EXPECT_FALSE(limiter.Enter(kAnna, /*stream=*/true).ok());
  EXPECT_TRUE(limiter.Enter(kAnna, /*stream=*/false).ok());
}

TEST(CallLimiterTest, TheRateRefillsWithTime) {
  platform::FakeClock clock(kStart);
  CallLimiter limiter({.per_second = 2, .burst_seconds = 1}, clock);
  EXPECT_TRUE(limiter.Enter(kAnna, /*stream=*/false).ok());
  EXPECT_TRUE(limiter.Enter(kAnna, /*stream=*/false).ok());
  EXPECT_FALSE(limiter.Enter(kAnna, /*stream=*/false).ok());
  clock.Advance(std::chrono::milliseconds(500));
  EXPECT_TRUE(limiter.Enter(kAnna, /*stream=*/false).ok());
  EXPECT_FALSE(limiter.Enter(kAnna, /*stream=*/false).ok());
}

TEST(CallLimiterTest, AClockSetBackRefillsNothing) {
  platform::FakeClock clock(kStart);
  CallLimiter limiter({.per_second = 1, .burst_seconds = 1}, clock);
  EXPECT_TRUE(limiter.Enter(kAnna, /*stream=*/false).ok());
  clock.Advance(-std::chrono::hours(1));
  EXPECT_FALSE(limiter.Enter(kAnna, /*stream=*/false).ok());
}

TEST(CallLimiterTest, ForgetsCallersThatAreIdle) {
  platform::FakeClock clock(kStart);
  CallLimiter limiter({.per_second = 1, .burst_seconds = 1}, clock);
  const auto busy = limiter.Enter(kAnna, /*stream=*/false);
  for (uint8_t i = 0; i < 200; ++i) {
    clock.Advance(std::chrono::seconds(2));
    ASSERT_TRUE(limiter.Enter(Fingerprint{9, i}, /*stream=*/false).ok());
  }
  EXPECT_LT(limiter.callers(), 100u);
  clock.Advance(std::chrono::seconds(2));
  EXPECT_TRUE(limiter.Enter(kAnna, /*stream=*/false).ok());
}

}  // namespace
}  // namespace sodality::rpc
