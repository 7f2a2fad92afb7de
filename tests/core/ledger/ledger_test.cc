#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "crypto/aad.h"
#include "tests/core/ledger/ledger_fixture.h"

namespace sodality::core {
namespace {

using LedgerTest = LedgerFixture;

TEST_F(LedgerTest, NumbersEntriesWithoutGapsAcrossRestarts) {
  ASSERT_TRUE(Create().ok());
  for (uint64_t n = 1; n <= 5; ++n) EXPECT_EQ(*Release(Look({0})), n);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(*Release(Look({1})), 6u);
  ExpectWhole();
}

TEST_F(LedgerTest, CountsEachMembersOwnEntries) {
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0, 1})).ok());
  ASSERT_TRUE(Reopen().ok());
  ASSERT_TRUE(Release(Look({1})).ok());
  const auto entry = ledger_->Read(2);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->header.parts.at(0).sequence, 2u);
}

TEST_F(LedgerTest, RefusalIsRecordedWithoutMembersAndAnsweredWithItsReason) {
  ASSERT_TRUE(Create().ok());
  authority_.status = MemberNotFound();
  EXPECT_EQ(Release(Look({0})).status(), MemberNotFound());
  const auto entry = ledger_->Read(1);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->header.outcome, Outcome::kRefused);
  EXPECT_TRUE(entry->header.parts.empty());
}

TEST_F(LedgerTest, UsedUpBudgetShowsNobodyAndSaysWhenItRefills) {
  ASSERT_TRUE(Create().ok());
  authority_.budget.per_hour = 2;
  ASSERT_TRUE(Release(Look({0, 1})).ok());
  ASSERT_TRUE(Release(Look({1, 0})).ok());  // The same members count once.
  const auto refused = Release(Look({2}));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorInfo(refused.status()).reason, Reason::kBudgetExhausted);
  EXPECT_EQ(GetErrorInfo(refused.status()).retry_at,
            clock_.Now() + std::chrono::hours(1));
  EXPECT_EQ(ledger_->Left(grant_, authority_.budget).per_hour, 0u);
  clock_.Advance(std::chrono::hours(1));
  EXPECT_TRUE(Release(Look({2})).ok());
}

TEST_F(LedgerTest, BudgetSurvivesARestart) {
  ASSERT_TRUE(Create().ok());
  authority_.budget.in_all = 1;
  ASSERT_TRUE(Release(Look({0})).ok());
  ASSERT_TRUE(Reopen().ok());
  EXPECT_FALSE(Release(Look({1})).ok());
  EXPECT_TRUE(Release(Look({0})).ok());
}

TEST_F(LedgerTest, RefusedMembersAreNotCharged) {
  ASSERT_TRUE(Create().ok());
  authority_.budget.in_all = 2;
  EXPECT_FALSE(Release(Look({0, 1, 2})).ok());
  EXPECT_EQ(ledger_->Left(grant_, authority_.budget).in_all, 2u);
  EXPECT_TRUE(Release(Look({3, 4})).ok());
}

TEST_F(LedgerTest, ReplayedWriteIsSkipped) {
  ASSERT_TRUE(Create().ok());
  EntryDraft write;
  write.action = Action::kUpdateMember;
  EXPECT_EQ(*Append(write, 7), 1u);
  EXPECT_EQ(*Append(write, 7), 1u);
  EXPECT_EQ(*Append(write, 6), 1u);
  EXPECT_EQ(*Append(write, 0), 2u);  // An act without a write is no replay.
  EXPECT_EQ(ledger_->head().revision, 7u);
  EXPECT_EQ(ledger_->head().number, 2u);
}

TEST_F(LedgerTest, FillsSegmentAfterSegment) {
  segment_bytes_ = 4096;
  ASSERT_TRUE(Create().ok());
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(Release(Look({0, 1})).ok());
  EXPECT_GT(platform::PosixFileSystem().List(folder_)->size(), 3u);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, 40u);
  ExpectWhole();
}

TEST_F(LedgerTest, EntryLargerThanASegmentGetsItsOwn) {
  segment_bytes_ = 2048;
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  EXPECT_EQ(*Release(Look({0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4})), 2u);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, 2u);
  ExpectWhole();
}

TEST_F(LedgerTest, ConcurrentReleasesAreAllDurableAndOrdered) {
  ASSERT_TRUE(Create().ok());
  constexpr int kThreads = 4;
  constexpr int kEach = 100;
  std::atomic<int> released{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        if (Release(Look({static_cast<size_t>(t)})).ok()) ++released;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(released, kThreads * kEach);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, uint64_t{kThreads * kEach});
  ExpectWhole();
}

TEST_F(LedgerTest, DestructionAnswersWhatWasQueued) {
  ASSERT_TRUE(Create().ok());
  std::atomic<int> answered{0};
  for (int i = 0; i < 50; ++i) {
    ledger_->Release(Look({0}), [&](const auto& n) { answered += n.ok(); });
  }
  ledger_.reset();
  EXPECT_EQ(answered, 50);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, 50u);
}

TEST_F(LedgerTest, SignedHeadVerifiesForThisHeadAlone) {
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  const SignedHead head = ledger_->SignHead(ledger_->head(), {});
  const auto message = [&](uint64_t number) {
    crypto::AssociatedData data("sodality/ledger-head/1");
    data.Add(keyring_->chapter_id()).AddU64(number).Add(head.head.leaf);
    return data.AddU64(head.head.revision);
  };
  EXPECT_TRUE(crypto::VerifySignature(head.public_key, message(1).bytes(),
                                      head.signature));
  EXPECT_FALSE(crypto::VerifySignature(head.public_key, message(2).bytes(),
                                       head.signature));
}

TEST_F(LedgerTest, AHeadBehindARestoreIsSignedForThatIncarnation) {
  ASSERT_TRUE(Create().ok());
  const Descent descent{{{1}}, {{2}}};
  const SignedHead head = ledger_->SignHead(ledger_->head(), descent);
  EXPECT_EQ(head.descent.incarnation, descent.incarnation);
  const auto verifies = [&](const char* tag, const Descent& of) {
    crypto::AssociatedData data(tag);
    data.Add(keyring_->chapter_id()).AddU64(0).Add(head.head.leaf).AddU64(0);
    data.Add(of.incarnation.bytes).Add(of.parent.bytes);
    return crypto::VerifySignature(head.public_key, data.bytes(),
                                   head.signature);
  };
  EXPECT_TRUE(verifies("sodality/ledger-head/2", descent));
  EXPECT_FALSE(verifies("sodality/ledger-head/1", descent));
  EXPECT_FALSE(verifies("sodality/ledger-head/2", {{{1}}, {{3}}}));
  EXPECT_FALSE(verifies("sodality/ledger-head/2", {{{3}}, {{2}}}));
}

TEST_F(LedgerTest, DraftForTheOutboxComesBackWhole) {
  ASSERT_TRUE(Create().ok());
  const EntryDraft draft = Look({0, 1});
  const auto opened = ledger_->OpenDraft(ledger_->SealDraft(draft));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->grant->version, 2u);
  EXPECT_EQ(opened->members.at(1).commitment, draft.members[1].commitment);
  EXPECT_EQ(opened->members.at(1).sealed, draft.members[1].sealed);
}

TEST_F(LedgerTest, ReadBeyondTheHeadFindsNothing) {
  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(ledger_->Read(0).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger_->Read(1).status().code(), absl::StatusCode::kNotFound);
}

// What stands in the files up to there is a ledger that ends there, in the
// midst of a segment or at its end.
TEST_F(LedgerTest, ItsExtentIsALedgerOfItsOwn) {
  segment_bytes_ = 2048;
  ASSERT_TRUE(Create().ok());
  std::vector<LedgerExtent> extents = {ledger_->extent()};
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(Release(Look({0, 1})).ok());
    extents.push_back(ledger_->extent());
  }
  EXPECT_TRUE(extents.front().segments.empty());
  EXPECT_GT(extents.back().segments.size(), 3u);
  ledger_.reset();
  const std::string all = scratch_ / "all";
  std::filesystem::rename(folder_, all);
  for (size_t n = 1; n < extents.size(); ++n) {
    SCOPED_TRACE(n);
    std::filesystem::create_directory(folder_);
    for (const LedgerExtent::Segment& segment : extents[n].segments) {
      const std::string path = folder_ + "/" + segment.name;
      std::filesystem::copy_file(all + "/" + segment.name, path);
      std::filesystem::resize_file(path, segment.length);
      std::filesystem::resize_file(path, segment.size);
    }
    ASSERT_TRUE(Reopen().ok());
    EXPECT_EQ(ledger_->head().number, n);
    EXPECT_EQ(ledger_->head().leaf, extents[n].head.leaf);
    EXPECT_EQ(ledger_->torn_bytes(), 0u);
    ExpectWhole();
    ledger_.reset();
    std::filesystem::remove_all(folder_);
  }
}

}  // namespace
}  // namespace sodality::core
