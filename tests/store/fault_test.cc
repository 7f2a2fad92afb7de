// What a failing disk does to the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <tuple>

#include "tests/faults/fault_vfs.h"
#include "tests/store/scenario.h"
#include "tests/store/sqlcipher_fixture.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using faults::FaultKind;
using faults::FaultVfs;
using faults::Operation;
using testing::HasSubstr;

class FaultTest : public SqlcipherFixture {
 protected:
  void SetUp() override { vfs_.ResetCounts(); }
  void TearDown() override { vfs_.Disarm(); }

  void OpenAnew() {
    Close();
    for (const char* end : {"", "-wal", "-shm"}) {
      std::filesystem::remove(path_ + end);
    }
    Open();
  }
  StatusCode PutCode(uint32_t number) {
    return Apply(*store_, WriteOf(PutOf(number, 0))).status().code();
  }

  FaultVfs& vfs_ = FaultVfs::Installed();
};

class EveryFault
    : public FaultTest,
      public testing::WithParamInterface<std::tuple<FaultKind, bool>> {};

// The n-th write or sync fails, once or from then on, for every n.
TEST_P(EveryFault, LeavesWhatWasAcknowledgedAndASoundStore) {
  const auto [kind, sticky] = GetParam();
  bool struck = true;
  int after = 0;
  for (; struck; ++after) {
    OpenAnew();
    std::set<uint32_t> acknowledged;
    vfs_.Arm({kind, Operation::kWriteOrSync, after, sticky});
    RunScenario(*store_, [&](uint32_t number) { acknowledged.insert(number); });
    Close();
    struck = vfs_.struck();
    vfs_.Disarm();
    EXPECT_TRUE(struck || acknowledged.size() == kScenarioWrites);
    Open();
    ExpectSound(*store_, acknowledged);
    if (HasFailure()) FAIL() << "after " << after << " operations";
  }
  EXPECT_GT(after, 20);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, EveryFault,
    testing::Values(std::tuple(FaultKind::kInputOutput, false),
                    std::tuple(FaultKind::kDiskFull, false),
                    std::tuple(FaultKind::kDiskFull, true),
                    std::tuple(FaultKind::kTornWrite, true)));

TEST_F(FaultTest, AFailedSyncStopsTheStoreForGood) {
  Open();
  ASSERT_EQ(PutCode(1), StatusCode::kOk);
  vfs_.Arm({FaultKind::kInputOutput, Operation::kSync});
  EXPECT_EQ(PutCode(2), StatusCode::kUnavailable);
  EXPECT_TRUE(vfs_.struck());

  // The disk answers again, but nobody knows what it holds.
  vfs_.ResetCounts();
  const absl::Status refused = Apply(*store_, WriteOf(PutOf(3, 0))).status();
  EXPECT_EQ(refused.code(), StatusCode::kUnavailable);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("stopped"));
  EXPECT_EQ(store_->WriterStatus(), refused);
  EXPECT_EQ(store_->Checkpoint(), refused);
  EXPECT_TRUE(store_->Get(MemberOf(1)).ok());
  EXPECT_FALSE(store_->Get(MemberOf(2)).ok());
  Close();
  EXPECT_EQ(vfs_.writes(), 0);
  EXPECT_EQ(vfs_.syncs(), 0);

  Open();
  EXPECT_TRUE(store_->Get(MemberOf(1)).ok());
  EXPECT_EQ(PutCode(3), StatusCode::kOk);
}

TEST_F(FaultTest, AFailedSyncOfACheckpointStopsTheStoreToo) {
  Open();
  ASSERT_EQ(PutCode(1), StatusCode::kOk);
  vfs_.Arm({FaultKind::kInputOutput, Operation::kSync});
  EXPECT_EQ(store_->Checkpoint().code(), StatusCode::kUnavailable);
  EXPECT_EQ(PutCode(2), StatusCode::kUnavailable);
}

TEST_F(FaultTest, AFullDiskFailsWritesUntilThereIsRoom) {
  Open();
  ASSERT_EQ(PutCode(1), StatusCode::kOk);
  vfs_.Arm({FaultKind::kDiskFull, Operation::kWrite, 0, /*sticky=*/true});
  for (uint32_t i = 2; i < 6; ++i) {
    EXPECT_EQ(PutCode(i), StatusCode::kResourceExhausted);
  }
  EXPECT_EQ(store_->Checkpoint().code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE(store_->WriterStatus().ok());
  EXPECT_TRUE(store_->Get(MemberOf(1)).ok());
  vfs_.Disarm();
  EXPECT_EQ(Apply(*store_, WriteOf(PutOf(2, 0))).value(), 2u);
  EXPECT_EQ(store_->Counts()->members, 2u);
}

TEST_F(FaultTest, AFailedCommitAnswersEveryWaiterInOrder) {
  Open();
  constexpr uint32_t kWrites = 40;
  vfs_.Arm({FaultKind::kDiskFull, Operation::kWrite, 0, /*sticky=*/true});
  Answers answers(kWrites);
  for (uint32_t i = 0; i < kWrites; ++i) {
    store_->Submit(WriteOf(PutOf(i, 0)), answers.For(i));
  }
  for (const auto& answer : answers.Wait()) {
    EXPECT_EQ(answer.status().code(), StatusCode::kResourceExhausted);
  }
  EXPECT_TRUE(std::ranges::is_sorted(answers.order()));
  EXPECT_EQ(store_->LastRevision().value(), 0u);
}

// A transaction larger than the page cache writes to the log before its end.
TEST_F(FaultTest, ATransactionThatSpillsIsUndoneToo) {
  SqlcipherStore::Options options = Options();
  options.create = true;
  options.writer_cache_bytes = 64 << 10;
  store_ = SqlcipherStore::Open(options).value();
  Write write = EmptyWrite();
  for (uint32_t i = 0; i < 500; ++i) {
    write.put_members.push_back(PutOf(i, 0, {i, 7}));
    write.put_members.back().sealed.resize(1000);
  }
  for (const int after : {0, 10, 100}) {
    vfs_.Arm({FaultKind::kDiskFull, Operation::kWrite, after, true});
    EXPECT_EQ(Apply(*store_, write).status().code(),
              StatusCode::kResourceExhausted);
    EXPECT_TRUE(vfs_.struck());
    vfs_.Disarm();
    EXPECT_EQ(store_->Counts()->members, 0u);
  }
  EXPECT_EQ(Apply(*store_, write).value(), 1u);
  EXPECT_EQ(store_->Counts()->members, 500u);
  EXPECT_THAT(store_->CheckIntegrity().value(), testing::IsEmpty());
}

TEST_F(FaultTest, ReadersNeverWriteOrSync) {
  Open();
  for (uint32_t i = 0; i < 20; ++i) ASSERT_EQ(PutCode(i), StatusCode::kOk);
  vfs_.ResetCounts();
  EXPECT_EQ(store_->Find({}, std::nullopt, 100)->size(), 20u);
  EXPECT_TRUE(store_->Get(MemberOf(1)).ok());
  EXPECT_EQ(store_->Counts()->members, 20u);
  EXPECT_EQ(vfs_.writes(), 0);
  EXPECT_EQ(vfs_.syncs(), 0);
}

TEST_F(FaultTest, OneGroupIsOneSync) {
  Open();
  ASSERT_EQ(PutCode(1000), StatusCode::kOk);
  vfs_.ResetCounts();
  ASSERT_EQ(PutCode(1001), StatusCode::kOk);
  EXPECT_EQ(vfs_.syncs(), 1);
}

TEST_F(FaultTest, NothingIsSpilledToATemporaryFile) {
  SqlcipherStore::Options options = Options();
  options.create = true;
  options.writer_cache_bytes = 64 << 10;
  options.reader_cache_bytes = 64 << 10;
  store_ = SqlcipherStore::Open(options).value();
  for (uint32_t from = 0; from < 2000; from += 500) {
    Write write = EmptyWrite();
    for (uint32_t i = from; i < from + 500; ++i) {
      write.put_members.push_back(PutOf(i, 0, {i % 3, i % 7 + 10}));
    }
    ASSERT_TRUE(Apply(*store_, write).ok());
  }
  EXPECT_TRUE(
      store_->Find({{{TokenOf(1)}, {TokenOf(12)}}}, std::nullopt, 1000).ok());
  EXPECT_THAT(store_->CheckIntegrity().value(), testing::IsEmpty());
  Close();
  EXPECT_EQ(vfs_.temporary_files(), 0);
}

// The child runs the scenario and is killed at its n-th write or sync; the
// parent hears of acknowledgements through a pipe.
class KillTest : public FaultTest {
 protected:
  // Returns false when the child came to its end alive.
  bool RunKilled(int after, std::set<uint32_t>& acknowledged) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) RunChild(after, ends[1]);
    close(ends[1]);
    uint32_t number = 0;
    while (read(ends[0], &number, sizeof(number)) == sizeof(number)) {
      acknowledged.insert(number);
    }
    close(ends[0]);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

 private:
  [[noreturn]] void RunChild(int after, int pipe_end) {
    auto store = SqlcipherStore::Open(Options());
    if (!store.ok()) _exit(1);
    vfs_.Arm({FaultKind::kKill, Operation::kWriteOrSync, after});
    RunScenario(**store, [&](uint32_t number) {
      (void)!write(pipe_end, &number, sizeof(number));
    });
    store->reset();
    _exit(0);
  }
};

TEST_F(KillTest, AtEveryWriteAndSyncKeepsWhatWasAcknowledged) {
  bool killed = true;
  int after = 0;
  for (; killed; ++after) {
    OpenAnew();
    Close();
    std::set<uint32_t> acknowledged;
    killed = RunKilled(after, acknowledged);
    EXPECT_TRUE(killed || acknowledged.size() == kScenarioWrites);
    Open();
    ExpectSound(*store_, acknowledged);
    if (HasFailure()) FAIL() << "killed after " << after << " operations";
  }
  EXPECT_GT(after, 20);
}

}  // namespace
}  // namespace sodality::store
