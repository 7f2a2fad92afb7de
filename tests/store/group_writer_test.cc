#include "server/store/group_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/store/sample.h"

namespace sodality::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Holds the writer's thread in its first group until it is let go.
class Gate {
 public:
  void Open() {
    const platform::MutexLock lock(mutex_);
    open_ = true;
    changed_.NotifyAll();
  }
  void Pass() {
    const platform::MutexLock lock(mutex_);
    reached_ = true;
    changed_.NotifyAll();
    while (!open_) changed_.Wait(mutex_);
  }
  void AwaitArrival() {
    const platform::MutexLock lock(mutex_);
    while (!reached_) changed_.Wait(mutex_);
  }

 private:
  platform::Mutex mutex_;
  platform::CondVar changed_;
  bool open_ SODALITY_GUARDED_BY(mutex_) = false;
  bool reached_ SODALITY_GUARDED_BY(mutex_) = false;
};

struct SeenGroup {
  size_t writes = 0;
  Housekeeping housekeeping;
};

// Its fields are the writer's thread's until the GroupWriter is gone.
class RecordingTarget final : public GroupTarget {
 public:
  GroupOutcome CommitGroup(const std::vector<Write>& writes,
                           const Housekeeping& housekeeping) override {
    gate.Pass();
    groups.push_back({writes.size(), housekeeping});
    GroupOutcome outcome;
    outcome.housekept = failures == 0;
    for (size_t i = 0; i < writes.size(); ++i) {
      if (failures > 0) {
        outcome.writes.emplace_back(absl::ResourceExhaustedError("full"));
      } else {
        outcome.writes.emplace_back(++revision);
      }
    }
    if (failures > 0) --failures;
    return outcome;
  }
  void AfterAnswers() override { ++after_answers; }

  Gate gate;
  std::vector<SeenGroup> groups;
  Revision revision = 0;
  int failures = 0;
  int after_answers = 0;
};

// Queues one write, waits until the thread is busy with it, then runs `queue`.
template <class Queue>
void WhileBusy(GroupWriter& writer, RecordingTarget& target, Queue queue) {
  writer.Submit(EmptyWrite(), [](const auto&) {});
  target.gate.AwaitArrival();
  queue();
  target.gate.Open();
}

Housekeeping IndexOf(uint64_t entry) {
  Housekeeping housekeeping;
  housekeeping.index_rows = {{IdOf<LedgerTag>(1), entry}};
  housekeeping.indexed_through = entry;
  return housekeeping;
}

TEST(GroupWriterTest, WhatIsQueuedDuringACommitBecomesOneGroup) {
  RecordingTarget target;
  Answers answers(9);
  {
    GroupWriter writer(target, {});
    WhileBusy(writer, target, [&] {
      for (size_t i = 0; i < 9; ++i) {
        writer.Submit(EmptyWrite(), answers.For(i));
      }
    });
  }
  ASSERT_THAT(target.groups, SizeIs(2));
  EXPECT_EQ(target.groups[0].writes, 1u);
  EXPECT_EQ(target.groups[1].writes, 9u);
  EXPECT_EQ(target.after_answers, 2);
  const auto all = answers.Wait();
  for (size_t i = 0; i < 9; ++i) EXPECT_EQ(all[i].value(), i + 2);
  EXPECT_THAT(answers.order(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8));
}

TEST(GroupWriterTest, AGroupKeepsItsLimits) {
  RecordingTarget target;
  Answers answers(8);
  {
    GroupWriter writer(target, {/*writes=*/3, /*bytes=*/1000});
    WhileBusy(writer, target, [&] {
      for (size_t i = 0; i < 8; ++i) {
        Write write = EmptyWrite();
        // The last ones fill a group each; the very last alone is too large.
        write.outbox.resize(i < 5 ? 1 : i < 7 ? 900 : 5000);
        writer.Submit(std::move(write), answers.For(i));
      }
    });
  }
  std::vector<size_t> sizes;
  for (const SeenGroup& group : target.groups) sizes.push_back(group.writes);
  EXPECT_THAT(sizes, ElementsAre(1, 3, 3, 1, 1));
}

TEST(GroupWriterTest, ACommandRunsBehindWhatWasQueuedBefore) {
  RecordingTarget target;
  target.gate.Open();
  GroupWriter writer(target, {});
  Answers answers(1);
  writer.Submit(EmptyWrite(), answers.For(0));
  writer.Add(IndexOf(5));
  size_t groups = 0;
  uint64_t indexed = 0;
  writer.Run([&] {
    groups = target.groups.size();
    for (const SeenGroup& group : target.groups) {
      indexed = std::max(indexed, group.housekeeping.indexed_through);
    }
  });
  EXPECT_GE(groups, 1u);
  EXPECT_EQ(indexed, 5u);
  EXPECT_THAT(answers.order(), SizeIs(1));
}

TEST(GroupWriterTest, HousekeepingOfAFailedGroupGoesWithTheNext) {
  RecordingTarget target;
  target.failures = 1;
  Answers answers(2);
  {
    GroupWriter writer(target, {});
    writer.Add(IndexOf(5));
    Housekeeping more;
    more.outbox_through = 1;
    more.expire_before = platform::Timestamp{9};
    writer.Add(more);
    writer.Submit(EmptyWrite(), answers.For(0));
    target.gate.AwaitArrival();
    writer.Submit(EmptyWrite(), answers.For(1));
    target.gate.Open();
  }
  EXPECT_FALSE(answers.Wait()[0].ok());
  EXPECT_TRUE(answers.Wait()[1].ok());
  ASSERT_THAT(target.groups, SizeIs(2));
  for (const SeenGroup& group : target.groups) {
    EXPECT_EQ(group.housekeeping.indexed_through, 5u);
    EXPECT_EQ(group.housekeeping.outbox_through, 1u);
    EXPECT_EQ(group.housekeeping.expire_before, platform::Timestamp{9});
  }
}

TEST(GroupWriterTest, HousekeepingIsHandedInUntilItIsKept) {
  RecordingTarget target;
  target.gate.Open();
  target.failures = 1;
  {
    GroupWriter writer(target, {});
    writer.Add(IndexOf(5));
    writer.Run([] {});
    writer.Add(IndexOf(6));
    writer.Run([] {});
  }
  ASSERT_THAT(target.groups, SizeIs(2));
  EXPECT_THAT(target.groups[0].housekeeping.index_rows, SizeIs(1));
  EXPECT_THAT(target.groups[1].housekeeping.index_rows, SizeIs(2));
  EXPECT_EQ(target.groups[1].housekeeping.indexed_through, 6u);
}

// A gap in the index would hide entries from those they are about.
TEST(GroupWriterTest, AnIndexThatFellBehindStopsWithoutAGap) {
  RecordingTarget target;
  {
    GroupWriter writer(target, {});
    WhileBusy(writer, target, [&] {
      writer.Add(IndexOf(5));
      Housekeeping flood;
      flood.index_rows.resize(1 << 20);
      flood.indexed_through = 1000;
      writer.Add(std::move(flood));
      writer.Add(IndexOf(1001));
    });
  }
  uint64_t indexed = 0;
  for (const SeenGroup& group : target.groups) {
    indexed = std::max(indexed, group.housekeeping.indexed_through);
  }
  EXPECT_EQ(indexed, 5u);
}

TEST(GroupWriterTest, TheDestructorKeepsWhatIsPending) {
  RecordingTarget target;
  target.gate.Open();
  {
    GroupWriter writer(target, {});
    writer.Add(IndexOf(5));
  }
  ASSERT_THAT(target.groups, SizeIs(1));
  EXPECT_EQ(target.groups[0].writes, 0u);
  EXPECT_EQ(target.groups[0].housekeeping.indexed_through, 5u);
}

TEST(GroupWriterTest, NothingToDoIsNoGroup) {
  RecordingTarget target;
  target.gate.Open();
  { GroupWriter writer(target, {}); }
  EXPECT_THAT(target.groups, IsEmpty());
}

}  // namespace
}  // namespace sodality::store
