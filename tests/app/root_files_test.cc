// A new root key in the old one's place, whatever fails.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "crypto/backup_file.h"
#include "crypto/root_key.h"
#include "server/core/error.h"
#include "tests/app/root_files_fixture.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using core::RootsFound;
using core::SealedFor;
using faults::Operation;

class RootFilesTest : public RootFilesFixture {};

TEST_F(RootFilesTest, TheNewRootKeyTakesTheOldOnesPlace) {
  const auto files = Begin();
  ASSERT_TRUE(files->CheckPlace().ok()) << files->CheckPlace();
  EXPECT_EQ(files->Look().value(), RootsFound::kOne);
  ASSERT_TRUE(files->MakeNew().ok());
  EXPECT_TRUE(KeyIn(root_).Equals(old_));
  ASSERT_TRUE(files->Store(keyring_, SealedFor::kBoth).ok());
  EXPECT_EQ(files->Look().value(), RootsFound::kBoth);
  EXPECT_TRUE(Opens(old_));
  EXPECT_TRUE(Opens(KeyIn(root_ + ".new")));
  ASSERT_TRUE(files->PutInPlace().ok());
  EXPECT_TRUE(Opens(old_));
  EXPECT_TRUE(Opens(KeyIn(root_)));
  ASSERT_TRUE(files->Store(keyring_, SealedFor::kNew).ok());
  EXPECT_EQ(files->Look().value(), RootsFound::kOne);
  ExpectRotated(root_);
  // What changes later is for it, and it can be replaced in its turn.
  ASSERT_TRUE(files->StoreChanged(keyring_).ok());
  ExpectRotated(root_);
  both_ = false;
  const crypto::RootKey second = KeyIn(root_);
  ASSERT_TRUE(files->CheckPlace().ok());
  ASSERT_TRUE(Advance(*files).ok());
  EXPECT_FALSE(Opens(second));
  ExpectRotated(root_);
}

// The file may be the one or the other; a backup around either would be a
// guess.
TEST_F(RootFilesTest, NoBackupBeginsWhileNobodyKnowsWhichKeyringTheFileIs) {
  const auto files = Begin();
  ASSERT_TRUE(files->BeginBackup().ok());
  ASSERT_TRUE(files->MakeNew().ok());
  fs_.Inject({.operation = Operation::kSyncFolder,
              .nth = 1,
              .status = absl::UnavailableError("not synced"),
              .torn_bytes = 0});
  ASSERT_FALSE(files->Store(keyring_, SealedFor::kBoth).ok());
  EXPECT_EQ(files->BeginBackup().status().code(),
            absl::StatusCode::kUnavailable);
  ASSERT_TRUE(files->Store(keyring_, SealedFor::kBoth).ok());
  const auto backup = files->BeginBackup();
  ASSERT_TRUE(backup.ok()) << backup.status();
  for (const crypto::RootKey& root : {KeyIn(root_), KeyIn(root_ + ".new")}) {
    EXPECT_TRUE(crypto::BackupOpener::Begin(backup->head(), root).ok());
  }
}

TEST_F(RootFilesTest, EveryOperationFailsOnce) {
  for (const auto operation :
       {Operation::kOpen, Operation::kRead, Operation::kWrite, Operation::kSync,
        Operation::kRename, Operation::kRemove, Operation::kSyncFolder}) {
    for (const bool restarts : {false, true}) {
      bool struck = true;
      for (int nth = 1; struck; ++nth) {
        SCOPED_TRACE(testing::Message()
                     << "operation " << static_cast<int>(operation) << ", "
                     << nth << (restarts ? ", restarted" : ""));
        Found();
        fs_.Inject({.operation = operation,
                    .nth = nth,
                    .status = absl::ResourceExhaustedError("full"),
                    .torn_bytes = 20});
        struck = RunIntoFault(restarts);
        if (HasFailure()) return;
      }
    }
  }
}

TEST_F(RootFilesTest, AKillAtAnyChangeIsMadeGood) {
  for (const size_t torn : {size_t{0}, size_t{20}}) {
    bool struck = true;
    for (int nth = 1; struck; ++nth) {
      SCOPED_TRACE(testing::Message() << nth << ", torn " << torn);
      Found();
      fs_.KillAt(nth, torn);
      struck = RunIntoFault(/*restarts=*/true);
      if (HasFailure()) return;
    }
  }
}

TEST_F(RootFilesTest, AKillDuringTheNextStartIsMadeGoodToo) {
  int first = 1;
  for (bool struck = true; struck; ++first) {
    bool struck_again = true;
    for (int second = 1; struck_again; ++second) {
      SCOPED_TRACE(testing::Message() << first << ", then " << second);
      Found();
      fs_.KillAt(first);
      (void)Advance(*Begin());
      struck = fs_.Struck();
      fs_.Heal();
      fs_.KillAt(second);
      struck_again = RunIntoFault(/*restarts=*/true);
      if (HasFailure()) return;
    }
  }
}

TEST_F(RootFilesTest, ANewKeyThatIsLostIsSteppedBackFrom) {
  for (const bool restarts : {false, true}) {
    Found();
    auto files = Begin();
    ASSERT_TRUE(files->MakeNew().ok());
    ASSERT_TRUE(files->Store(keyring_, SealedFor::kBoth).ok());
    const crypto::RootKey lost = KeyIn(root_ + ".new");
    // Gone, or something else.
    if (restarts) {
      std::ofstream(root_ + ".new") << "no key";
      files = Begin();
    } else {
      fs::remove(root_ + ".new");
    }
    EXPECT_EQ(files->Look().value(), RootsFound::kNewLost);
    ASSERT_TRUE(files->Store(keyring_, SealedFor::kOld).ok());
    EXPECT_EQ(files->Look().value(), RootsFound::kOne);
    EXPECT_TRUE(Opens(old_));
    EXPECT_FALSE(Opens(lost));
    ASSERT_TRUE(Advance(*files).ok());
    ExpectRotated(root_);
  }
}

// A medium that cannot be read says nothing of what is on it.
TEST_F(RootFilesTest, AFileThatCannotBeReadIsNotLost) {
  const auto files = Begin();
  ASSERT_TRUE(files->MakeNew().ok());
  ASSERT_TRUE(files->Store(keyring_, SealedFor::kBoth).ok());
  fs_.Inject({.operation = Operation::kRead});
  EXPECT_TRUE(absl::IsUnavailable(files->Look().status()));
  fs_.Heal();
  EXPECT_EQ(files->Look().value(), RootsFound::kBoth);
}

TEST_F(RootFilesTest, ALinkStaysOne) {
  const std::string link = scratch_ / "link";
  fs::create_symlink(root_, link);
  const auto files = Begin(old_, {link, ""});
  ASSERT_TRUE(files->CheckPlace().ok());
  ASSERT_TRUE(Advance(*files).ok());
  EXPECT_TRUE(fs::is_symlink(link));
  ExpectRotated(root_);
}

}  // namespace
}  // namespace sodality::app
