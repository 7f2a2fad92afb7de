#include "client/profile/remembered.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "client/include/sodality/error_info.h"
#include "crypto/secret.h"
#include "tests/client/profile/enrolment.h"
#include "tests/faults/fault_file_system.h"

namespace sodality {
namespace {

using absl::StatusCode;

Remembered Head(uint64_t revision, uint64_t number, uint8_t leaf = 1) {
  Remembered out{.revision = revision, .ledger_number = number};
  out.ledger_leaf.fill(leaf);
  out.ledger_key.fill(0xab);
  return out;
}

TEST(RememberedTest, TextRoundTrips) {
  const Remembered head = Head(UINT64_MAX, 7, 0x0f);
  const std::string text = FormatRemembered(head);
  EXPECT_TRUE(
      text.starts_with("sodality-remember-1\nrevision: 18446744073709551615\n"
                       "ledger-number: 7\nledger-leaf: 0f0f"));
  const auto parsed = ParseRemembered(text);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, head);
}

TEST(RememberedTest, EveryFlippedBitIsRefusedOrAnotherValue) {
  const Remembered head = Head(123, 45);
  const std::string text = FormatRemembered(head);
  for (size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      const auto parsed = ParseRemembered(flipped);
      if (parsed.ok()) {
        EXPECT_EQ(FormatRemembered(*parsed), flipped);
      } else {
        EXPECT_EQ(parsed.status().code(), StatusCode::kDataLoss);
      }
    }
  }
}

TEST(RememberedTest, OtherSpellingsAreRefused) {
  const std::string text = FormatRemembered(Head(123, 45));
  for (const std::string& other :
       {std::string(), text + "\n", text.substr(0, text.size() - 1),
        "\n" + text, std::string("sodality-remember-2\n")}) {
    EXPECT_EQ(ParseRemembered(other).status().code(), StatusCode::kDataLoss);
  }
}

TEST(RememberedTest, AServerThatGoesForwardIsAccepted) {
  const Remembered known = Head(10, 20);
  for (const auto& seen :
       {known, Head(10, 21, 2), Head(11, 21, 2), Head(11, 20)}) {
    EXPECT_EQ(CheckNotBehind(known, seen).value(), Succession::kOnward);
  }
}

TEST(RememberedTest, AServerThatWentBackIsNamed) {
  const Remembered known = Head(10, 20);
  for (const auto& seen : {Head(9, 20), Head(9, 21), Head(10, 19), Head(11, 19),
                           Head(10, 20, 2), Head(11, 20, 2)}) {
    const auto status = CheckNotBehind(known, seen).status();
    EXPECT_EQ(status.code(), StatusCode::kDataLoss);
    EXPECT_EQ(GetErrorInfo(status).reason, "SERVER_WENT_BACK");
  }
}

TEST(RememberedTest, AnotherSigningKeyIsNamed) {
  Remembered seen = Head(11, 21);
  seen.ledger_key.fill(0xcd);
  EXPECT_EQ(GetErrorInfo(CheckNotBehind(Head(10, 20), seen).status()).reason,
            "LEDGER_KEY_CHANGED");
}

// A head as a server in its life `life` says it, restored from life `parent`.
Remembered Restored(uint8_t life, uint8_t parent, uint64_t revision,
                    uint64_t number) {
  Remembered out = Head(revision, number);
  out.incarnation = {life};
  out.former = {{parent}};
  return out;
}

TEST(RememberedTest, ARestoreIsToldFromAServerThatWentBack) {
  const auto first = Head(10, 20);
  const auto second = Restored(1, 0, 5, 9);
  EXPECT_EQ(CheckNotBehind(first, second).value(), Succession::kRestored);
  // Once seen, it goes on like any other.
  EXPECT_EQ(CheckNotBehind(second, Restored(1, 0, 6, 9)).value(),
            Succession::kOnward);
  EXPECT_EQ(CheckNotBehind(second, Restored(1, 0, 4, 9)).status().code(),
            StatusCode::kDataLoss);
  // One that nobody saw may lie between.
  EXPECT_EQ(CheckNotBehind(first, Restored(3, 2, 5, 9)).value(),
            Succession::kRestored);
  // Twice from the same backup.
  EXPECT_EQ(CheckNotBehind(second, Restored(2, 0, 5, 9)).value(),
            Succession::kRestored);
}

TEST(RememberedTest, AServerFromBeforeARestoreWentBackHoweverNewItIs) {
  const auto third = Restored(3, 2, 10, 20);
  for (const auto& seen : {Head(99, 99), Restored(2, 1, 99, 99)}) {
    const auto status = CheckNotBehind(third, seen).status();
    EXPECT_EQ(GetErrorInfo(status).reason, "SERVER_WENT_BACK");
  }
}

TEST(RememberedTest, ARestoreDoesNotExcuseAnotherSigningKey) {
  auto seen = Restored(1, 0, 5, 9);
  seen.ledger_key.fill(0xcd);
  EXPECT_EQ(GetErrorInfo(CheckNotBehind(Head(10, 20), seen).status()).reason,
            "LEDGER_KEY_CHANGED");
}

TEST(RememberedTest, TextOfARestoredChapterRoundTrips) {
  const auto head = Restored(2, 1, 12, 340);
  const std::string text = FormatRemembered(head);
  EXPECT_TRUE(text.starts_with("sodality-remember-2\n"));
  EXPECT_TRUE(
      text.ends_with("incarnation: 02000000000000000000000000000000\n"
                     "former: 01000000000000000000000000000000\n"));
  EXPECT_EQ(ParseRemembered(text).value(), head);
  for (const std::string& other :
       {text + "former: 01\n", text + "\n", text.substr(0, text.size() - 1),
        "sodality-remember-1" + text.substr(19),
        FormatRemembered(Head(1, 2)) + "incarnation: " + std::string(32, '0') +
            "\n"}) {
    EXPECT_EQ(ParseRemembered(other).status().code(), StatusCode::kDataLoss);
  }
}

class RememberFileTest : public testing::Test {
 protected:
  const Scratch scratch_;
  const std::string& folder_ = scratch_.path();
  const RememberFile file_{folder_};
};

TEST_F(RememberFileTest, BeginsEmptyAndAdvances) {
  EXPECT_EQ(file_.Read().value(), std::nullopt);
  ASSERT_TRUE(file_.Advance(std::nullopt, Head(10, 20)).ok());
  EXPECT_EQ(file_.Read().value(), Head(10, 20));
  ASSERT_TRUE(file_.Advance(Head(10, 20), Head(11, 25)).ok());
  EXPECT_EQ(file_.Read().value(), Head(11, 25));
  EXPECT_EQ(ModeOf(folder_ + "/remember"), 0600U);
}

TEST_F(RememberFileTest, WentBackKeepsWhatWasKnown) {
  ASSERT_TRUE(file_.Advance(std::nullopt, Head(10, 20)).ok());
  EXPECT_EQ(file_.Advance(Head(10, 20), Head(10, 19)).status().code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(file_.Read().value(), Head(10, 20));
}

TEST_F(RememberFileTest, EveryLifeBeforeARestoreIsKept) {
  ASSERT_TRUE(file_.Advance(std::nullopt, Head(10, 20)).ok());
  uint64_t told = 0;
  for (uint8_t life = 1; life <= 80; ++life) {
    const auto seen = Restored(life, life - 1, 5, 9);
    const auto succession = file_.Advance(file_.Read().value(), seen);
    ASSERT_TRUE(succession.ok()) << succession.status();
    if (*succession == Succession::kRestored) ++told;
    EXPECT_EQ(file_.Advance(file_.Read().value(), seen).value(),
              Succession::kOnward);
  }
  EXPECT_EQ(told, 80U);
  const auto known = file_.Read().value();
  EXPECT_EQ(known->former.size(), Remembered::kMaxFormer);
  EXPECT_EQ(known->former.back(), ChapterLife{79});
  EXPECT_EQ(file_.Advance(known, Restored(30, 29, 99, 99)).status().code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(file_.Advance(known, Head(99, 99)).status().code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(file_.Read().value(), known);
}

// The slower one asked before the restore; what the faster one saw stays.
TEST_F(RememberFileTest, ALateAnswerFromBeforeARestoreSetsNothingBack) {
  ASSERT_TRUE(file_.Advance(std::nullopt, Head(10, 20)).ok());
  const auto before = file_.Read().value();
  ASSERT_TRUE(file_.Advance(before, Restored(1, 0, 5, 9)).ok());
  const auto kept = file_.Read().value();
  EXPECT_EQ(file_.Advance(before, Head(11, 21)).value(), Succession::kOnward);
  EXPECT_EQ(file_.Read().value(), kept);
}

// Two commands at once: the slower one's head is older than what the faster
// one has kept meanwhile, which is no rollback.
TEST_F(RememberFileTest, SlowerCommandNeitherAlarmsNorSetsBack) {
  ASSERT_TRUE(file_.Advance(std::nullopt, Head(10, 20)).ok());
  const auto before = file_.Read().value();
  ASSERT_TRUE(file_.Advance(before, Head(12, 30)).ok());
  EXPECT_TRUE(file_.Advance(before, Head(11, 25)).ok());
  EXPECT_EQ(file_.Read().value(), Head(12, 30));
}

TEST_F(RememberFileTest, ForgetForgets) {
  EXPECT_TRUE(file_.Forget().ok());
  ASSERT_TRUE(file_.Advance(std::nullopt, Head(10, 20)).ok());
  EXPECT_TRUE(file_.Forget().ok());
  EXPECT_EQ(file_.Read().value(), std::nullopt);
}

TEST_F(RememberFileTest, DamageIsNamedAndNotWrittenOver) {
  WriteAll(folder_ + "/remember", "nonsense");
  EXPECT_EQ(file_.Read().status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(file_.Advance(std::nullopt, Head(1, 1)).status().code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(ReadAll(folder_ + "/remember"), "nonsense");
}

TEST_F(RememberFileTest, KilledAnywhereTheOldOrTheNewStands) {
  ASSERT_TRUE(file_.Advance(std::nullopt, Head(10, 20)).ok());
  bool struck = true;
  for (int nth = 1; struck; ++nth) {
    faults::FaultFileSystem fs(platform::PosixFileSystem());
    fs.KillAt(nth, /*torn_bytes=*/10);
    const auto before = file_.Read().value();
    const Remembered next = Head(before->revision + 1, 20);
    const auto status = RememberFile(folder_, fs).Advance(before, next);
    struck = fs.Struck();
    EXPECT_EQ(status.ok(), !struck);
    const auto now = file_.Read();
    ASSERT_TRUE(now.ok()) << now.status();
    EXPECT_TRUE(*now == before || *now == next);
  }
}

TEST_F(RememberFileTest, ManyAtOnceEndAtTheNewest) {
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 1; i <= 10; ++i) {
        const uint64_t n = i * 4 + t;
        if (!file_.Advance(std::nullopt, Head(n, n)).ok()) ++failures;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(file_.Read().value(), Head(43, 43));
}

}  // namespace
}  // namespace sodality
