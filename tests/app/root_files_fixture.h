// A keyring and its root key on a file system that fails.
#ifndef SODALITY_TESTS_APP_ROOT_FILES_FIXTURE_H_
#define SODALITY_TESTS_APP_ROOT_FILES_FIXTURE_H_

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/root_key.h"
#include "crypto/sealed_keyring.h"
#include "server/app/root_files.h"
#include "server/core/error.h"
#include "tests/faults/fault_file_system.h"
#include "tests/scratch.h"

namespace sodality::app {

inline crypto::Root KeyFileRoot(const crypto::RootKey& key) {
  return crypto::Root::FromKeyFile(key.Clone());
}

class RootFilesFixture : public testing::Test {
 protected:
  RootFilesFixture() : old_(crypto::RootKey::Generate(crypto::SystemRandom())) {
    Found();
  }

  // The chapter as it was before.
  void Found() {
    for (const auto& entry :
         std::filesystem::directory_iterator(scratch_.path())) {
      std::filesystem::remove_all(entry.path());
    }
    EXPECT_TRUE(crypto::ReplaceRootKeyFile(disk_, root_, old_).ok());
    std::vector<crypto::Root> roots;
    roots.push_back(KeyFileRoot(old_));
    EXPECT_TRUE(File().Store(keyring_, roots, crypto::SystemRandom()).ok());
    both_ = false;
  }
  crypto::KeyringFile File() { return {disk_, path_}; }
  bool Opens(const crypto::RootKey& key) { return File().Load(key).ok(); }
  crypto::RootKey KeyIn(const std::string& path) {
    auto key = crypto::LoadRootKeyFile(disk_, path);
    EXPECT_TRUE(key.ok()) << key.status();
    return key.ok() ? *std::move(key) : old_.Clone();
  }
  // A start by `root`.
  std::unique_ptr<RootFiles> Begin(const crypto::RootKey& root,
                                   const RootPlace& place) {
    auto opened = File().LoadToChange(root);
    EXPECT_TRUE(opened.ok()) << opened.status();
    if (!opened.ok()) return nullptr;
    return std::make_unique<RootFiles>(
        RootFilesOptions{.fs = fs_,
                         .keyring = path_,
                         .place = place,
                         .random = crypto::SystemRandom()},
        std::move(opened->resealer));
  }
  std::unique_ptr<RootFiles> Begin() {
    return Begin(KeyIn(root_), {root_, ""});
  }

  // What core does: `both_` is the row's phase.
  absl::Status Advance(RootFiles& files) {
    auto found = files.Look();
    if (!found.ok()) return found.status();
    EXPECT_NE(*found, core::RootsFound::kNewLost);
    if (!both_ && *found == core::RootsFound::kOne) {
      if (auto s = files.MakeNew(); !s.ok()) return s;
      if (auto s = files.Store(keyring_, core::SealedFor::kBoth); !s.ok())
        return s;
      found = core::RootsFound::kBoth;
    }
    both_ = true;
    if (*found == core::RootsFound::kOne) return absl::OkStatus();
    if (auto s = files.PutInPlace(); !s.ok()) return s;
    return files.Store(keyring_, core::SealedFor::kNew);
  }

  void ExpectRotated(const std::string& place) {
    const crypto::RootKey key = KeyIn(place);
    EXPECT_FALSE(key.Equals(old_));
    EXPECT_TRUE(Opens(key));
    EXPECT_FALSE(Opens(old_)) << "the old root key opens the keyring";
    EXPECT_EQ(File().Slots()->size(), 1u);
    EXPECT_FALSE(std::filesystem::exists(place + ".new"));
    EXPECT_FALSE(std::filesystem::exists(place + ".new.new"));
    struct stat facts {};
    EXPECT_EQ(::stat(place.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
  }
  // A fault that was set; whether it struck.
  bool RunIntoFault(bool restarts) {
    auto files = Begin();
    const absl::Status ran = Advance(*files);
    const bool struck = fs_.Struck();
    EXPECT_TRUE(struck || ran.ok()) << ran;
    fs_.Heal();
    EXPECT_TRUE(Opens(KeyIn(root_))) << "the next start is locked out";
    if (restarts) files = Begin();
    if (files == nullptr) return false;
    const absl::Status again = Advance(*files);
    EXPECT_TRUE(again.ok()) << again;
    ExpectRotated(root_);
    return struck;
  }
  static core::Reason ReasonOf(const absl::Status& status) {
    return core::GetErrorInfo(status).reason;
  }

  platform::FileSystem& disk_ = platform::PosixFileSystem();
  faults::FaultFileSystem fs_{disk_};
  const Scratch scratch_{Scratch::On::kMemory};
  const std::string path_ = scratch_ / "keyring";
  const std::string root_ = scratch_ / "root.key";
  const std::string new_root_ = scratch_ / "next.key";
  const crypto::Keyring keyring_ = crypto::Keyring::Create(
      {crypto::Bytes16{1}, {4, 12, 9}, platform::Timestamp{1'790'000'000'000}},
      crypto::SystemRandom());
  const crypto::RootKey old_;
  bool both_ = false;
};

}  // namespace sodality::app

#endif  // SODALITY_TESTS_APP_ROOT_FILES_FIXTURE_H_
