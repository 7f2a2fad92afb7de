// Where a new root key goes, and where it does not.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "crypto/root_key.h"
#include "server/core/error.h"
#include "tests/app/root_files_fixture.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using core::RootsFound;
using core::SealedFor;

class RootPlacesTest : public RootFilesFixture {};

// Of a passphrase, shares or a credential: a file of its own.
TEST_F(RootPlacesTest, WithoutAKeyFileANewOneIsMade) {
  for (const bool restarts : {false, true}) {
    Found();
    fs::remove(root_);
    const RootPlace place = {"", new_root_};
    auto files = Begin(old_, place);
    ASSERT_TRUE(files->CheckPlace().ok()) << files->CheckPlace();
    ASSERT_TRUE(files->MakeNew().ok());
    if (restarts) files = Begin(old_, place);  // Takes what is there.
    const crypto::RootKey made = KeyIn(new_root_);
    ASSERT_TRUE(Advance(*files).ok());
    EXPECT_TRUE(KeyIn(new_root_).Equals(made) || !restarts);
    ExpectRotated(new_root_);
  }
}

TEST_F(RootPlacesTest, TheNewKeyMayBeUsedBeforeTheEnd) {
  const auto files = Begin(old_, {"", new_root_});
  ASSERT_TRUE(files->MakeNew().ok());
  ASSERT_TRUE(files->Store(keyring_, SealedFor::kBoth).ok());
  both_ = true;
  // By a start that names no place, as its credential is the new key.
  const auto next = Begin(KeyIn(new_root_), {});
  EXPECT_EQ(next->Look().value(), RootsFound::kBoth);
  ASSERT_TRUE(Advance(*next).ok());
  ExpectRotated(new_root_);
}

TEST_F(RootPlacesTest, NobodysFileIsWrittenOver) {
  std::ofstream(new_root_) << "of somebody else";
  const auto files = Begin(old_, {"", new_root_});
  EXPECT_EQ(ReasonOf(files->CheckPlace()), core::Reason::kNoRootKeyFile);
  EXPECT_EQ(ReasonOf(files->MakeNew()), core::Reason::kNoRootKeyFile);
  EXPECT_EQ(fs::file_size(new_root_), 16u);
  // Nor is the old key its own successor.
  ASSERT_TRUE(crypto::ReplaceRootKeyFile(disk_, new_root_, old_).ok());
  EXPECT_EQ(ReasonOf(files->MakeNew()), core::Reason::kNoRootKeyFile);
}

TEST_F(RootPlacesTest, WithoutAPlaceThereIsAReason) {
  const std::string other = scratch_ / "other.key";
  ASSERT_TRUE(
      crypto::CreateRootKeyFile(disk_, other, crypto::SystemRandom()).ok());
  const std::vector<RootPlace> places = {
      {"", ""},                     // Unsealed by hand.
      {other, ""},                  // With another key than that.
      {scratch_ / "none.key", ""},  // It is gone.
      {scratch_.path(), ""},        // A folder.
      {"", scratch_ / "no-folder/new.key"},
  };
  for (const RootPlace& place : places) {
    const absl::Status refused = Begin(old_, place)->CheckPlace();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(refused), core::Reason::kNoRootKeyFile) << refused;
    EXPECT_NE(core::GetErrorInfo(refused).hint.find("--new-root-key FILE"),
              std::string::npos);
  }
}

// A keyring that was put back from the midst of a rotation.
TEST_F(RootPlacesTest, AKeyringOfTwoRootKeysIsNoPlaceToBegin) {
  const auto files = Begin();
  ASSERT_TRUE(files->MakeNew().ok());
  ASSERT_TRUE(files->Store(keyring_, SealedFor::kBoth).ok());
  EXPECT_EQ(ReasonOf(files->CheckPlace()), core::Reason::kNoRootKeyFile);
  EXPECT_EQ(
      ReasonOf(
          Begin(KeyIn(root_ + ".new"), {root_ + ".new", ""})->CheckPlace()),
      core::Reason::kNoRootKeyFile);
}

}  // namespace
}  // namespace sodality::app
