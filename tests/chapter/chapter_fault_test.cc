// The n-th operation on the disk comes to grief, for every n until a scenario
// passes untouched, in every way there is; and then the m-th of the restart.
// By default a sample of n and m; SODALITY_FAULTS=all takes every one (of the
// restart: after a sample of n), SODALITY_FAULTS_SEED draws another sample
// (docs/testing.md).
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "server/core/error.h"
#include "tests/chapter/invariants.h"
#include "tests/chapter/scenario.h"

namespace sodality::core {
namespace {

using faults::DiskFault;
using faults::Mishap;

struct Way {
  const char* name;
  Mishap mishap;
  bool sticky;
};
constexpr std::array kWays = {
    Way{"fails", Mishap::kFails, false},
    Way{"fails for good", Mishap::kFails, true},
    Way{"is full", Mishap::kFull, false},
    Way{"is full for good", Mishap::kFull, true},
    Way{"tears", Mishap::kTears, false},
    Way{"tears for good", Mishap::kTears, true},
    Way{"forgets", Mishap::kForgets, false},
    Way{"forgets for good", Mishap::kForgets, true},
    Way{"is killed", Mishap::kKill, false},
    Way{"loses power", Mishap::kPowerCut, false},
    Way{"loses power, shuffled", Mishap::kShuffles, false},
    Way{"stalls, loses power", Mishap::kStalls, false},
};

// The sanitizers see more in each and take six times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kGap = 48;
#else
constexpr int kGap = 8;
#endif
constexpr int kWideGap = 40;

// Which n to try: all, or a few with gaps drawn at random.
class Sample final {
 public:
  explicit Sample(int mean_gap) : mean_gap_(mean_gap) {
    const char* const seed = std::getenv("SODALITY_FAULTS_SEED");
    const auto number =
        seed == nullptr ? kSeed : std::strtoul(seed, nullptr, 10);
    random_.seed(static_cast<uint32_t>(number));
    std::cout << "sample of seed " << number << ", every " << mean_gap_
              << "th or so\n";
  }
  static bool All() {
    const char* const faults = std::getenv("SODALITY_FAULTS");
    return faults != nullptr && std::string(faults) == "all";
  }
  // The first after `n`; 0 gives one to start from.
  int After(int n) {
    if (mean_gap_ == 1) return n + 1;
    std::uniform_int_distribution<int> gap(1, 2 * mean_gap_ - 1);
    return n + gap(random_);
  }
  // One of four, or all.
  bool Takes() { return mean_gap_ == 1 || random_() % 4 == 0; }
  uint32_t Seed() { return static_cast<uint32_t>(random_()); }

 private:
  static constexpr unsigned long kSeed = 20261127;
  const int mean_gap_;
  std::mt19937 random_;
};

class ChapterFaultTest : public testing::TestWithParam<Scenario> {
 protected:
  static Town& town() {
    static auto* const town = new Town;
    return *town;
  }

  // Runs the scenario on a disk that fails; afterwards the folder is what the
  // next process finds. False: the fault did not come about.
  bool RunOn(const DiskFault& fault, Told& told) {
    ChapterWorld& world = town().world;
    world.Restore(town().image);
    const absl::Status opened = world.Open();
    EXPECT_TRUE(opened.ok()) << opened;
    world.disk().Arm(fault);
    Perform(GetParam(), town(), told);
    // Of a restart, the process whose sync failed may be gone.
    const bool lives = GetParam() != Scenario::kRestart;
    if (lives &&
        (fault.mishap == Mishap::kFails || fault.mishap == Mishap::kForgets)) {
      ExpectStopped(town(), world.disk().failed_syncs());
    }
    return End();
  }

  // A start from `image` on a disk that fails. False as above.
  bool RestartOn(const Image& image, const DiskFault& fault) {
    ChapterWorld& world = town().world;
    world.Restore(image);
    world.disk().Arm(fault);
    const absl::Status opened = world.Open();
    if (!opened.ok()) ExpectRefusedStart(opened);
    return End();
  }

  void ExpectRecovers(const Told& told) {
    const absl::Status opened = town().world.Open();
    ASSERT_TRUE(opened.ok()) << opened;
    ExpectSound(town(), told);
    if (!HasFatalFailure()) ExpectGoesOn(town(), told.work);
    town().world.Close();
  }

 private:
  static bool End() {
    ChapterWorld& world = town().world;
    world.Close();
    const bool struck = world.disk().struck();
    world.disk().Restart();
    return struck;
  }
};

TEST_P(ChapterFaultTest, WhatWasToldHoldsWhateverTheDiskDid) {
  Sample sample(Sample::All() ? 1 : kGap);
  for (const Way& way : kWays) {
    bool struck = true;
    for (int n = sample.After(0); struck; n = sample.After(n)) {
      SCOPED_TRACE(testing::Message() << "operation " << n << " " << way.name);
      Told told;
      struck = RunOn({way.mishap, n, way.sticky, sample.Seed()}, told);
      ExpectRecovers(told);
      if (HasFailure()) return;
    }
  }
}

TEST_P(ChapterFaultTest, AFaultDuringRecoveryIsRecoveredFromToo) {
  Sample first(kWideGap);
  Sample second(Sample::All() ? 1 : kGap);
  for (const Way& way : kWays) {
    bool struck = true;
    for (int n = first.After(0); struck; n = first.After(n)) {
      Told told;
      struck = RunOn({way.mishap, n, way.sticky, first.Seed()}, told);
      const Image left = town().world.Snapshot();
      for (const Way& again : kWays) {
        bool struck_again = second.Takes();
        for (int m = second.After(0); struck_again; m = second.After(m)) {
          SCOPED_TRACE(testing::Message()
                       << "operation " << n << " " << way.name
                       << ", then operation " << m << " " << again.name);
          struck_again =
              RestartOn(left, {again.mishap, m, again.sticky, second.Seed()});
          ExpectRecovers(told);
          if (HasFailure()) return;
        }
      }
    }
  }
}

// Seen by the loops above: the store's own error went out without a reason.
TEST(ChapterAccessFaultTest, AnAccessChangeIsRefusedByName) {
  Town town;
  ASSERT_TRUE(town.world.Open().ok());
  town.world.disk().Arm({.mishap = Mishap::kFull, .sticky = true});
  EXPECT_EQ(GetErrorInfo(RevokeGrant(town)).reason, Reason::kDiskFull);
  town.world.disk().Arm({.mishap = Mishap::kFails});
  EXPECT_EQ(GetErrorInfo(RevokeGrant(town)).reason, Reason::kStoreStopped);
  town.world.disk().Heal();
  EXPECT_EQ(GetErrorInfo(RevokeGrant(town)).reason, Reason::kStoreStopped);
  ASSERT_TRUE(town.world.Open().ok());
  EXPECT_TRUE(RevokeGrant(town).ok());
}

INSTANTIATE_TEST_SUITE_P(Scenarios, ChapterFaultTest,
                         testing::ValuesIn(kScenarios),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sodality::core
