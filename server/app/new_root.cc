#include "server/app/new_root.h"

#include <sys/stat.h>

#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "crypto/keyring_file.h"
#include "crypto/random.h"
#include "crypto/root_key.h"
#include "crypto/sharing.h"
#include "platform/file.h"
#include "server/app/custody.h"
#include "server/app/shares.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<NewRoot> RootOfFile(const std::string& path) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::not_found) {
    auto key = ReadRootKeyFile(path);
    if (!key.ok()) return key.status();
    return NewRoot{crypto::Root::FromKeyFile(*std::move(key))};
  }
  auto key = crypto::CreateRootKeyFile(platform::PosixFileSystem(), path,
                                       crypto::SystemRandom());
  if (!key.ok()) return key.status();
  NewRoot root{crypto::Root::FromKeyFile(*std::move(key))};
  root.made.emplace_back(path);
  return root;
}

absl::StatusOr<NewRoot> RootOfPassphrase(const InitOptions& options) {
  const auto passphrase = ReadNewPassphraseFile(options.root.passphrase_file);
  if (!passphrase.ok()) return passphrase.status();
  auto root = crypto::Root::FromNewPassphrase(
      *passphrase, options.passphrase_cost, crypto::SystemRandom());
  if (!root.ok()) return root.status();
  return NewRoot{*std::move(root)};
}

// An empty folder that is there is taken as it is: a stick's may be.
absl::Status MakeFolder(const std::string& path, NewRoot& root) {
  if (::mkdir(path.c_str(), S_IRWXU) == 0) {
    root.made.emplace_back(path);
    const fs::path place = fs::absolute(fs::path(path) / "").parent_path();
    return platform::PosixFileSystem().SyncFolder(place.parent_path());
  }
  std::error_code error;
  if (fs::is_directory(path, error) && fs::is_empty(path, error)) {
    return absl::OkStatus();
  }
  return absl::UnavailableError("cannot make the folder " + path);
}

std::string FileOf(const crypto::ShareInfo& info, const std::string& folder) {
  return folder + "/share-" + std::to_string(info.index) + "-of-" +
         std::to_string(info.set.count) + ".txt";
}

absl::Status WriteShares(std::span<const crypto::Share> shares,
                         const InitOptions& options, NewRoot& root) {
  const absl::Status made = MakeFolder(options.shares.folder, root);
  if (!made.ok()) return made;
  for (const crypto::Share& share : shares) {
    const std::string path = FileOf(share.info(), options.shares.folder);
    const auto text = crypto::EncodeShare(share, options.chapter);
    const absl::Status written =
        WriteNewFile(path, text.Expose(crypto::AllowSecretAccess()));
    if (!written.ok()) return written;
    root.made.emplace_back(path);
    root.share_files.push_back(path);
  }
  return absl::OkStatus();
}

absl::StatusOr<NewRoot> RootOfShares(const InitOptions& options,
                                     const crypto::Bytes16& chapter) {
  auto dealt =
      crypto::DealRoot(chapter, options.shares.counts, crypto::SystemRandom());
  if (!dealt.ok()) return dealt.status();
  NewRoot root{std::move(dealt->root)};
  const absl::Status written = WriteShares(dealt->shares, options, root);
  if (!written.ok()) return written;
  return root;
}

}  // namespace

void NewRoot::Keep() {
  for (RemovedUnlessKept& file : made) file.Keep();
}

absl::StatusOr<NewRoot> FindRoot(const InitOptions& options,
                                 const crypto::Bytes16& chapter) {
  if (!options.root.key_file.empty()) return RootOfFile(options.root.key_file);
  if (!options.shares.empty()) return RootOfShares(options, chapter);
  return RootOfPassphrase(options);
}

// All are read back, and each is verified; any of them give the same key.
absl::Status TryShares(const NewRoot& root, const DataFolder& folder,
                       const crypto::Bytes16& chapter) {
  if (root.share_files.empty()) return absl::OkStatus();
  const auto key = RootFromShareFiles(root.share_files, folder, chapter);
  if (!key.ok()) return key.status();
  return crypto::KeyringFile(platform::PosixFileSystem(), folder.keyring())
      .Load(*key)
      .status();
}

}  // namespace sodality::app
