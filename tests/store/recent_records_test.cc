#include "server/store/recent_records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "tests/store/sample.h"

namespace sodality::store {
namespace {

constexpr size_t kRoom = 1 << 20;

MemberRecord RecordOf(uint32_t number, uint64_t revision, size_t bytes = 10) {
  return {MemberOf(number), revision, revision, Bytes(bytes, 7)};
}

// The revision that is found; 0 when nothing is.
uint64_t Find(RecentRecords& records, uint32_t number) {
  const auto found = records.Find(MemberOf(number));
  if (!found) return 0;
  EXPECT_EQ(found->id, MemberOf(number));
  return found->revision;
}

void Keep(RecentRecords& records, const MemberRecord& record) {
  records.Keep(record, records.Now());
}

TEST(RecentRecordsTest, FindsWhatWasKeptAndNothingElse) {
  RecentRecords records(kRoom);
  EXPECT_EQ(Find(records, 1), 0u);
  Keep(records, RecordOf(1, 3));
  EXPECT_EQ(records.Find(MemberOf(1))->sealed, Bytes(10, 7));
  EXPECT_EQ(Find(records, 1), 3u);
  EXPECT_EQ(Find(records, 2), 0u);
}

// Between two commits there is but one record of a member.
TEST(RecentRecordsTest, KeepsWhatIsThereAlready) {
  RecentRecords records(kRoom);
  Keep(records, RecordOf(1, 3));
  Keep(records, RecordOf(1, 3));
  EXPECT_EQ(Find(records, 1), 3u);
  { const RecentRecords::Commit commit(records, {WriteOf(PutOf(1, 3))}); }
  EXPECT_EQ(Find(records, 1), 0u);
}

TEST(RecentRecordsTest, ACommitForgetsWhatItRewraps) {
  RecentRecords records(kRoom);
  for (uint32_t n = 1; n <= 2; ++n) Keep(records, RecordOf(n, 1));
  Write write = EmptyWrite();
  write.rewrap_members.push_back({MemberOf(1), 1, 2, Bytes(10, 8)});
  const RecentRecords::Commit commit(records, {write});
  EXPECT_EQ(Find(records, 1), 0u);
  EXPECT_EQ(Find(records, 2), 1u);
}

TEST(RecentRecordsTest, ACommitForgetsWhatItWritesFromItsBeginning) {
  RecentRecords records(kRoom);
  for (uint32_t n = 1; n <= 3; ++n) Keep(records, RecordOf(n, 1));
  {
    const RecentRecords::Commit commit(
        records, {WriteOf(PutOf(1, 1)), WriteOf(EraseMember{MemberOf(2), 1})});
    EXPECT_EQ(Find(records, 1), 0u);
    EXPECT_EQ(Find(records, 2), 0u);
    EXPECT_EQ(Find(records, 3), 1u);
  }
  EXPECT_EQ(Find(records, 1), 0u);
  EXPECT_EQ(Find(records, 2), 0u);
  EXPECT_EQ(Find(records, 3), 1u);
}

TEST(RecentRecordsTest, WhatAReadMetWhileACommitWasUnderWayIsNotKept) {
  RecentRecords records(kRoom);
  const auto before = records.Now();
  RecentRecords::Moment during;
  {
    const RecentRecords::Commit commit(records, {WriteOf(PutOf(1, 1))});
    during = records.Now();
    records.Keep(RecordOf(1, 1), before);
    records.Keep(RecordOf(1, 1), during);
    EXPECT_EQ(Find(records, 1), 0u);
  }
  records.Keep(RecordOf(1, 1), before);
  records.Keep(RecordOf(1, 1), during);
  EXPECT_EQ(Find(records, 1), 0u);
  Keep(records, RecordOf(1, 2));
  EXPECT_EQ(Find(records, 1), 2u);
}

TEST(RecentRecordsTest, WhatWasAskedForLatelyOutlastsTheRest) {
  constexpr uint32_t kFit = 10;  // In half of the memory.
  RecentRecords records(size_t{2} * kFit * 100);
  for (uint32_t n = 0; n < 100; ++n) {
    Keep(records, RecordOf(n, 1, 100));
    EXPECT_EQ(Find(records, 0), 1u) << n;
  }
  uint32_t left = 0;
  for (uint32_t n = 1; n < 100; ++n) left += Find(records, n) == 0 ? 0 : 1;
  EXPECT_GE(left, kFit - 1);
  EXPECT_LE(left, 2 * kFit);
}

TEST(RecentRecordsTest, NothingTakesMoreThanHalfOfTheMemory) {
  RecentRecords records(200);
  Keep(records, RecordOf(1, 1, 100));
  Keep(records, RecordOf(2, 1, 101));
  EXPECT_EQ(Find(records, 1), 1u);
  EXPECT_EQ(Find(records, 2), 0u);
  RecentRecords none(0);
  Keep(none, RecordOf(1, 1, 1));
  EXPECT_EQ(Find(none, 1), 0u);
}

// Who has seen a record, in the store or here, or was told of its commit, never
// finds an older one.
TEST(RecentRecordsTest, NeverTellsOfThePast) {
  RecentRecords records(kRoom);
  std::atomic<uint64_t> stored = 1;
  std::atomic<uint64_t> told = 1;
  std::atomic<bool> ending = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      uint64_t seen = 0;
      while (!ending) {
        const uint64_t least = std::max(seen, told.load());
        uint64_t now = Find(records, 1);
        if (now == 0) {
          const auto began = records.Now();
          now = stored;
          records.Keep(RecordOf(1, now), began);
        }
        ASSERT_GE(now, least);
        seen = now;
      }
    });
  }
  for (int i = 0; i < 5000; ++i) {
    {
      const RecentRecords::Commit commit(records, {WriteOf(PutOf(1, stored))});
      ++stored;
    }
    told = stored.load();
  }
  ending = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace sodality::store
