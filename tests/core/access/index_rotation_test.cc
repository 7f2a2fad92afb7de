// An index key that is rotated while members are searched and written.
#include <gmock/gmock.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "server/core/keys/index_exchange.h"
#include "tests/core/access/index_rotation_fixture.h"

namespace sodality::core {
namespace {

using absl::StatusCode;
using testing::ElementsAre;

class IndexRotationTest : public IndexRotationFixture {};

TEST_F(IndexRotationTest, EverybodyIsFoundOnceAtEveryStep) {
  ASSERT_TRUE(Put(Seal(2300)).ok());
  EXPECT_THAT(IndexRecords(), ElementsAre(2300u));
  const auto begun = StartIndex();
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->kind, crypto::KeyKind::kIndex);
  EXPECT_EQ(begun->from, 1u);
  EXPECT_EQ(begun->to, 2u);
  EXPECT_EQ(Met().size(), 2300u);
  // Of the new version at once.
  const auto written = Seal(10);
  EXPECT_EQ(VersionsOf(written[0]), std::set<uint16_t>{2});
  ASSERT_TRUE(Put(written).ok());
  bool more = true;
  uint64_t done = 0;
  while (more) {
    ExpectAllMetOnce(2310);
    more = rotation().Step().value();
    const auto status = rotation().Status();
    if (!status->rotation) continue;
    EXPECT_GT(status->rotation->done, done);
    done = status->rotation->done;
    EXPECT_EQ(status->rotation->total, 2310u);
    EXPECT_THAT(IndexRecords(), ElementsAre(2310u - done, done));
  }
  EXPECT_EQ(done, 2000u);
  EXPECT_THAT(IndexRecords(), ElementsAre(0u, 2310u));
  ExpectAllMetOnce(2310);
  // Questions are of one version again.
  const Members members = *Members::Create(chapter_->directory_parts());
  EXPECT_EQ(members.index()->versions().written, 2u);
  EXPECT_FALSE(members.index()->versions().other);
  EXPECT_TRUE(chapter_->CheckMembers().ok());
  EXPECT_THAT(KeyActs(), ElementsAre("ROTATE_KEY 2", "ACTIVATE_KEY 2",
                                     "REINDEX_RECORDS 2", "REINDEX_RECORDS 2",
                                     "REINDEX_RECORDS 2", "FINISH_ROTATION 2"));
  ASSERT_TRUE(Restart().ok());
  ExpectAllMetOnce(2310);
}

TEST_F(IndexRotationTest, GoesOnWhereItWasStopped) {
  ASSERT_TRUE(Put(Seal(2100)).ok());
  ASSERT_TRUE(StartIndex().ok());
  ASSERT_TRUE(rotation().Step().value());
  ASSERT_TRUE(Restart().ok());
  ExpectAllMetOnce(2100);
  const auto status = rotation().Status();
  ASSERT_TRUE(status->rotation);
  EXPECT_EQ(status->rotation->rotation.work, RotationWork::kReindex);
  EXPECT_EQ(status->rotation->done, 1000u);
  EXPECT_EQ(VersionsOf(Seal(1)[0]), std::set<uint16_t>{2});
  ASSERT_TRUE(Run().ok());
  ExpectAllMetOnce(2100);
  EXPECT_THAT(KeyActs(), testing::SizeIs(6));  // No batch twice.
}

TEST_F(IndexRotationTest, AKeyThatIsNotWrittenYetChangesNothing) {
  ASSERT_TRUE(Put(Seal(2)).ok());
  keyring_fault_ = KeyringFault::kRefused;
  EXPECT_EQ(ReasonOf(StartIndex().status()), Reason::kDiskFull);
  EXPECT_EQ(VersionsOf(Seal(1)[0]), std::set<uint16_t>{1});
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(VersionsOf(Seal(1)[0]), std::set<uint16_t>{1});
  ExpectAllMetOnce(2);
  // One that is in the file and of which nobody knows: the next start does.
  keyring_fault_ = KeyringFault::kUnknown;
  EXPECT_FALSE(rotation().Step().ok());
  EXPECT_EQ(VersionsOf(Seal(1)[0]), std::set<uint16_t>{1});
  keyring_fault_ = KeyringFault::kNone;
  ASSERT_TRUE(Restart().ok());
  ExpectAllMetOnce(2);
  EXPECT_EQ(VersionsOf(Seal(1)[0]), std::set<uint16_t>{2});
  ASSERT_TRUE(Run().ok());
  ExpectAllMetOnce(2);
}

// Nothing that is stored may be refused when its tokens are cut longer.
// Sealed before the rotation, written behind the cursor or when all is over.
TEST_F(IndexRotationTest, AWriteThatComesLateIsSweptOrRefused) {
  ASSERT_TRUE(Put(Seal(1100)).ok());
  auto early = Seal(20);
  std::ranges::sort(early, {}, &store::PutMember::id);
  ASSERT_TRUE(StartIndex().ok());
  ASSERT_TRUE(rotation().Step().value());
  ASSERT_LT(early[0].id, rotation().Status()->rotation->rotation.cursor);
  EXPECT_TRUE(Put({early[0]}).ok());
  ExpectAllMetOnce(1101);
  ASSERT_TRUE(Run().ok());
  ExpectAllMetOnce(1101);
  EXPECT_EQ(Put({early[1]}).code(), StatusCode::kAborted);
  ExpectAllMetOnce(1101);
}

TEST_F(IndexRotationTest, WhoAsksByTheOldVersionIsWaitedFor) {
  LiveIndex index(*SearchIndex::Create(chapter_->schema(), keyring_));
  crypto::Keyring keyring = keyring_.Clone();
  keyring.RotateIndex(PlanIndex(10'000), {}, crypto::SystemRandom());
  const Rotation rotation{.work = RotationWork::kReindex, .from = 1, .to = 2};
  IndexExchange exchange(chapter_->schema(), index,
                         std::chrono::milliseconds(1));
  auto asking = index.Current();
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(exchange.Begin(keyring, rotation).value());
    // Everybody else asks for both, and writes as before.
    EXPECT_EQ(index.Current()->versions().written, 1u);
    EXPECT_EQ(index.Current()->versions().other, 2u);
  }
  asking.reset();
  EXPECT_TRUE(exchange.Begin(keyring, rotation).value());
  EXPECT_EQ(index.Current()->versions().written, 2u);
  EXPECT_EQ(index.Current()->versions().other, 1u);
  asking = index.Current();
  EXPECT_TRUE(exchange.Begin(keyring, rotation).value());  // Again.
  EXPECT_EQ(index.Current(), asking);
  EXPECT_TRUE(exchange.End(keyring, rotation).ok());
  EXPECT_FALSE(index.Current()->versions().other);
}

// Begun it is, and goes on when they have their answer.
TEST_F(IndexRotationTest, ALongQuestionHoldsUpTheFirstStepAlone) {
  ASSERT_TRUE(Put(Seal(10)).ok());
  auto asking = chapter_->directory_parts().index.Current();
  ASSERT_TRUE(StartIndex().ok());
  EXPECT_EQ(rotation().Status()->rotation->rotation.phase,
            RotationPhase::kStarting);
  EXPECT_EQ(VersionsOf(Seal(1)[0]), std::set<uint16_t>{1});
  asking.reset();
  ASSERT_TRUE(Run().ok());
  ExpectAllMetOnce(10);
  EXPECT_EQ(VersionsOf(Seal(1)[0]), std::set<uint16_t>{2});
}

TEST_F(IndexRotationTest, AnIndexThatIsOutgrownIsMadeAnewByItself) {
  ASSERT_TRUE(Put(Seal(30)).ok());
  EXPECT_FALSE(rotation().Step().value());
  clock_.Advance(std::chrono::hours(1));
  // The fixture's was planned for hundreds; the schema expects thousands.
  ASSERT_TRUE(rotation().Step().value());
  const auto running = rotation().Status()->rotation;
  ASSERT_TRUE(running);
  EXPECT_EQ(running->rotation.work, RotationWork::kReindex);
  EXPECT_EQ(ReasonOf(Start().status()), Reason::kRotationRunning);
  ASSERT_TRUE(Run().ok());
  ExpectAllMetOnce(30);
  const auto info = chapter_->keyring()->Info(crypto::KeyKind::kIndex, 2);
  EXPECT_EQ(info->index, PlanIndex(10'000));
  EXPECT_THAT(KeyActs(), ElementsAre("ROTATE_KEY 2", "ACTIVATE_KEY 2",
                                     "REINDEX_RECORDS 2", "FINISH_ROTATION 2"));
  // It fits now.
  clock_.Advance(std::chrono::hours(100));
  EXPECT_FALSE(rotation().Step().value());
}

TEST_F(IndexRotationTest, AskersWritersAndASweepDoNotMeet) {
  ASSERT_TRUE(Put(Seal(1500)).ok());
  std::atomic<bool> end = false;
  std::thread sweeper([&] {
    while (!end) {
      EXPECT_TRUE(rotation().Step().ok());
      rotation().AwaitWork(std::chrono::milliseconds(1));
    }
  });
  std::atomic<size_t> written = 1500;
  std::thread asker([&] {
    while (!end) {
      const size_t least = written;
      const auto met = Met();
      EXPECT_GE(met.size(), least);
      for (const auto& [id, times] : met) EXPECT_EQ(times, 1);
    }
  });
  for (uint32_t round = 1; round <= 3; ++round) {
    const auto begun = StartIndex();
    EXPECT_TRUE(begun.ok()) << begun.status();
    do {
      // Refused when the rotation has ended since it was sealed.
      absl::Status added;
      do {
        added = Put(Seal(1));
      } while (absl::IsAborted(added));
      EXPECT_TRUE(added.ok()) << added;
      ++written;
    } while (rotation().Status()->rotation);
  }
  end = true;
  rotation().Wake();
  sweeper.join();
  asker.join();
  ExpectAllMetOnce(written);
  EXPECT_TRUE(chapter_->CheckMembers().ok());
}

}  // namespace
}  // namespace sodality::core
