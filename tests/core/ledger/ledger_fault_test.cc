#include "tests/core/ledger/ledger_fixture.h"
#include "tests/faults/fault_file_system.h"

namespace sodality::core {
namespace {

using faults::Fault;
using faults::FaultFileSystem;
using faults::Operation;

class LedgerFaultTest : public LedgerFixture {
 protected:
  FaultFileSystem fs_{platform::PosixFileSystem()};
};

TEST_F(LedgerFaultTest, FailedSyncStopsForGoodAndAcknowledgesNothing) {
  ASSERT_TRUE(Open(true, fs_).ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  fs_.Inject({.operation = Operation::kSync});
  const auto failed = Release(Look({0}));
  EXPECT_EQ(GetErrorInfo(failed.status()).reason, Reason::kStoreStopped);
  EXPECT_EQ(ledger_->head().number, 1u);
  // The disk works again, but what it holds is unknown: still stopped.
  EXPECT_EQ(GetErrorInfo(Release(Look({0})).status()).reason,
            Reason::kStoreStopped);
  ASSERT_TRUE(Reopen().ok());
  ExpectWhole();
  EXPECT_GE(ledger_->head().number, 1u);
}

TEST_F(LedgerFaultTest, FullDiskRefusesAndRecoversWhenThereIsRoom) {
  segment_bytes_ = 2048;
  ASSERT_TRUE(Open(true, fs_).ok());
  fs_.Inject({.operation = Operation::kAllocate,
              .status = absl::ResourceExhaustedError("no room"),
              .sticky = true});
  uint64_t durable = 0;
  absl::Status last;
  for (int i = 0; i < 10 && last.ok(); ++i) {
    const auto number = Release(Look({0}));
    last = number.status();
    if (number.ok()) durable = *number;
  }
  EXPECT_EQ(GetErrorInfo(last).reason, Reason::kDiskFull);
  EXPECT_EQ(ledger_->head().number, durable);
  fs_.Heal();
  EXPECT_EQ(*Release(Look({0})), durable + 1);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, durable + 1);
  ExpectWhole();
}

// A kill at every change of a run over several segments: what was answered is
// there, and the chain is whole.
TEST_F(LedgerFaultTest, KillAtEveryChangeLosesNothingAcknowledged) {
  segment_bytes_ = 4096;
  for (const size_t torn : {size_t{0}, size_t{700}}) {
    for (int n = 1;; ++n) {
      std::filesystem::remove_all(folder_);
      ASSERT_TRUE(Open(true, fs_).ok());
      fs_.KillAt(n, torn);
      uint64_t acknowledged = 0;
      for (int i = 0; i < 6; ++i) {
        const auto number = Release(Look({0, 1}));
        if (number.ok()) acknowledged = *number;
      }
      const bool struck = fs_.Struck();
      ledger_.reset();
      fs_.Heal();
      ASSERT_TRUE(Reopen().ok()) << "killed at change " << n;
      EXPECT_GE(ledger_->head().number, acknowledged) << n;
      ExpectWhole();
      EXPECT_TRUE(Release(Look({2})).ok());
      if (!struck) break;
    }
  }
}

}  // namespace
}  // namespace sodality::core
