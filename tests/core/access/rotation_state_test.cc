#include "server/core/keys/rotation_state.h"

#include <gtest/gtest.h>

#include <chrono>

#include "crypto/random.h"
#include "server/core/error.h"
#include "server/core/keys/rotation_answers.h"

namespace sodality::core {
namespace {

using platform::Timestamp;

const Rotation kRotation{
    .id = {{1}}, .version = 1, .from = 1, .to = 2, .started = {}};

store::StoreCounts Counts(uint64_t older, uint64_t newer) {
  return {older + newer, {{1, older}, {2, newer}}};
}

TEST(RotationStateTest, CountsWhatIsUnderTheNewVersionOrALaterOne) {
  RotationState state(kRotation);
  const store::StoreCounts counts{10, {{1, 3}, {2, 5}, {3, 2}}};
  const auto progress = state.Progress(counts, Timestamp{0});
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->done, 7u);
  EXPECT_EQ(progress->total, 10u);
  EXPECT_EQ(progress->per_second, 0);
}

TEST(RotationStateTest, TheRateIsOfTheTimeSinceItWasTakenUp) {
  RotationState state(kRotation);
  EXPECT_FALSE(state.IsCounted());
  state.CountFrom(Counts(90, 10), Timestamp{1000});
  EXPECT_TRUE(state.IsCounted());
  state.CountFrom(Counts(0, 100), Timestamp{2000});  // The first one counts.
  EXPECT_EQ(state.Progress(Counts(90, 10), Timestamp{3000})->per_second, 0);
  EXPECT_EQ(state.Progress(Counts(50, 50), Timestamp{3000})->per_second, 20);
  // A clock that went back.
  EXPECT_EQ(state.Progress(Counts(50, 50), Timestamp{900})->per_second, 0);
}

TEST(RotationStateTest, NothingIsLeftOfOneThatIsOver) {
  RotationState state(kRotation);
  state.CountFrom(Counts(1, 1), Timestamp{0});
  state.SetProblem(absl::ResourceExhaustedError("/somewhere: ENOSPC"));
  EXPECT_EQ(state.Progress(Counts(1, 1), Timestamp{0})->problem,
            "the server's disk is full");
  state.Set(std::nullopt);
  EXPECT_FALSE(state.Progress(Counts(1, 1), Timestamp{0}));
  EXPECT_FALSE(state.running());
  state.Set(kRotation);
  EXPECT_FALSE(state.IsCounted());
  EXPECT_EQ(state.Progress(Counts(1, 1), Timestamp{0})->problem, "");
}

TEST(RotationStateTest, AProblemSaysNothingOfTheInside) {
  RotationState state(kRotation);
  for (const auto code :
       {absl::StatusCode::kResourceExhausted, absl::StatusCode::kUnavailable,
        absl::StatusCode::kDataLoss, absl::StatusCode::kAborted,
        absl::StatusCode::kInternal}) {
    state.SetProblem(absl::Status(code, "/inside"));
    const auto progress = state.Progress(Counts(1, 1), Timestamp{0});
    EXPECT_NE(progress->problem, "");
    EXPECT_EQ(progress->problem.find("inside"), std::string::npos);
  }
  state.SetProblem(absl::OkStatus());
  EXPECT_EQ(state.Progress(Counts(1, 1), Timestamp{0})->problem, "");
}

TEST(RotationAnswersTest, AFullKeyringIsSaidBeforeAnythingBegins) {
  auto keyring = crypto::Keyring::Create({{1}, {}, {}}, crypto::SystemRandom());
  const auto reason = [&](RotationWork work) {
    return GetErrorInfo(CheckRoom(keyring, work)).reason;
  };
  EXPECT_TRUE(CheckRoom(keyring, RotationWork::kRewrap).ok());
  EXPECT_TRUE(CheckRoom(keyring, RotationWork::kRekeyLedger).ok());
  while (keyring.Infos().size() + 1 < crypto::Keyring::kMaxVersions) {
    keyring.Prepare(crypto::KeyKind::kLease, {}, crypto::SystemRandom());
  }
  EXPECT_TRUE(CheckRoom(keyring, RotationWork::kRewrap).ok());
  // It adds two.
  EXPECT_EQ(reason(RotationWork::kRekeyLedger), Reason::kInvalidValue);
  keyring.Prepare(crypto::KeyKind::kLease, {}, crypto::SystemRandom());
  EXPECT_EQ(reason(RotationWork::kRewrap), Reason::kInvalidValue);
}

TEST(RotationAnswersTest, TheLedgersKeysAreOfOneVersion) {
  auto keyring = crypto::Keyring::Create({{1}, {}, {}}, crypto::SystemRandom());
  keyring.Prepare(crypto::KeyKind::kLedgerSign, {}, crypto::SystemRandom());
  EXPECT_TRUE(CheckRoom(keyring, RotationWork::kRewrap).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      CheckRoom(keyring, RotationWork::kRekeyLedger)));
}

// Woken before it waits, it does not wait at all.
TEST(RotationStateTest, AwaitEndsWhenWoken) {
  RotationState state(std::nullopt);
  state.Wake();
  state.Await(std::chrono::hours(1));
  state.Await(std::chrono::milliseconds(1));
}

}  // namespace
}  // namespace sodality::core
