#include "server/core/committer.h"
#include "server/store/memory/memory_store.h"
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

// Its entry may neither be lost nor overtaken: docs/adr/0009-ledger.md.
TEST_F(LedgerFaultTest, OnAFullDiskTheEntryOfAWriteIsOwed) {
  segment_bytes_ = 2048;
  ASSERT_TRUE(Open(true, fs_).ok());
  fs_.Inject({.operation = Operation::kAllocate,
              .status = absl::ResourceExhaustedError("no room"),
              .sticky = true});
  store::Revision revision = 0;
  absl::Status last;
  while (last.ok()) last = Append(Look({0, 1}), ++revision).status();
  const auto is_full = [](const absl::Status& status) {
    return GetErrorInfo(status).reason == Reason::kDiskFull;
  };
  EXPECT_TRUE(is_full(last));
  const Head full = ledger_->head();
  EXPECT_EQ(full.revision, revision - 1);
  // Nothing overtakes it, however small.
  EXPECT_TRUE(is_full(Release(Look({})).status()));
  EXPECT_TRUE(is_full(Append(Look({}), 0).status()));
  EXPECT_TRUE(is_full(Append(Look({2}), ++revision).status()));
  EXPECT_TRUE(is_full(ledger_->Settle()));
  EXPECT_EQ(ledger_->head().number, full.number);

  fs_.Heal();
  EXPECT_TRUE(ledger_->Settle().ok());
  EXPECT_EQ(ledger_->head().number, full.number + 2);
  EXPECT_EQ(ledger_->head().revision, revision);
  const Entry owed = ledger_->Read(full.number + 1).value();
  EXPECT_EQ(owed.header.revision, revision - 1);
  ASSERT_EQ(owed.header.parts.size(), 2u);
  EXPECT_TRUE(OpenMemberPart(owed, 1, members_[1].key).ok());
  EXPECT_EQ(ledger_->Read(full.number + 2).value().header.revision, revision);
  ASSERT_TRUE(Reopen().ok());
  ExpectWhole();
}

TEST_F(LedgerFaultTest, AWriteWhoseEntryIsOwedSucceedsAndTheNextIsRefused) {
  segment_bytes_ = 2048;
  ASSERT_TRUE(Open(true, fs_).ok());
  store::MemoryStore store;
  Committer committer(store, *ledger_);
  fs_.Inject({.operation = Operation::kAllocate,
              .status = absl::ResourceExhaustedError("no room"),
              .sticky = true});
  store::Revision stored = 0;
  absl::Status last;
  for (int i = 0; last.ok(); ++i) {
    store::Write write;
    write.put_rows.push_back(
        {store::AccessTable::kPrincipals, {static_cast<uint8_t>(i)}, 0, {1}});
    const auto done = committer.Commit(std::move(write), Look({0, 1}));
    if (done.ok()) stored = *done;
    last = done.status();
  }
  EXPECT_EQ(GetErrorInfo(last).reason, Reason::kDiskFull);
  // The last that was answered is stored, but not in the ledger yet.
  EXPECT_EQ(store.LastRevision().value(), stored);
  EXPECT_EQ(ledger_->head().revision, stored - 1);
  fs_.Heal();
  ASSERT_TRUE(ledger_->Settle().ok());
  EXPECT_EQ(ledger_->head().revision, stored);
  ExpectWhole();
}

TEST_F(LedgerFaultTest, ZerosAreWrittenAheadOfManyGroupsAtOnce) {
  segment_bytes_ = 1 << 20;
  ASSERT_TRUE(Open(true, fs_).ok());
  const int before = fs_.Count(Operation::kWrite);
  ASSERT_TRUE(Release(Look({0})).ok());
  EXPECT_EQ(fs_.Count(Operation::kWrite), before + 2);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Release(Look({0})).ok());
  EXPECT_EQ(fs_.Count(Operation::kWrite), before + 22);
}

TEST_F(LedgerFaultTest, ADiskWithoutRoomForZerosTakesTheGroups) {
  segment_bytes_ = 1 << 20;
  ASSERT_TRUE(Open(true, fs_).ok());
  fs_.Inject({.operation = Operation::kWrite,
              .nth = 2,
              .status = absl::ResourceExhaustedError("no room"),
              .torn_bytes = 700});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Release(Look({0})).ok());
  EXPECT_TRUE(fs_.Struck());
  EXPECT_EQ(fs_.Count(Operation::kWrite), 6);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, 5u);
  ExpectWhole();
}

TEST_F(LedgerFaultTest, ZerosThatAreWrittenAheadStayWithinTheSegment) {
  segment_bytes_ = 4096;
  ASSERT_TRUE(Open(true, fs_).ok());
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Release(Look({0})).ok());
  int segments = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    ++segments;
    EXPECT_EQ(file.file_size(), segment_bytes_) << file.path();
  }
  EXPECT_GT(segments, 1);
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
