#include "server/app/root_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "crypto/root_key.h"
#include "crypto/root_slot.h"
#include "platform/file_error.h"
#include "server/core/error.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using core::RootsFound;
using core::SealedFor;

// Whoever hears of it may be far from the server: no path.
absl::Status NoRootKeyFile(std::string_view what) {
  return core::MakeError(
      absl::StatusCode::kFailedPrecondition, what,
      {.reason = core::Reason::kNoRootKeyFile,
       .hint = "the server's operator starts it with a place for the new root "
               "key: sodalityd serve --new-root-key FILE"});
}

// A link stays one: what it names is replaced.
std::string Resolved(const std::string& path) {
  if (path.empty()) return path;
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  return error ? path : real.string();
}

std::string FolderOfFile(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

bool MayWriteIn(const std::string& folder) {
  return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

}  // namespace

RootFiles::RootFiles(const RootFilesOptions& options,
                     crypto::KeyringResealer resealer)
    : fs_(options.fs),
      random_(options.random),
      keyring_(options.fs, options.keyring),
      place_{Resolved(options.place.key_file), options.place.new_key_file},
      resealer_(std::move(resealer)) {}

std::string RootFiles::FreshPath() const {
  if (!place_.new_key_file.empty()) return place_.new_key_file;
  return place_.key_file.empty() ? std::string() : place_.key_file + ".new";
}

absl::Status RootFiles::CheckPlace() const {
  // Of no rotation that stands: it would take that for its own.
  if (resealer_.roots() != 1) {
    return NoRootKeyFile("more than one root key opens the keyring");
  }
  if (!place_.new_key_file.empty()) return CheckNewKeyFile();
  if (!place_.key_file.empty()) return CheckKeyFile();
  return NoRootKeyFile("the server was unsealed by no key file of its own");
}

absl::Status RootFiles::CheckKeyFile() const {
  std::error_code error;
  if (!fs::is_regular_file(place_.key_file, error)) {
    return NoRootKeyFile("the server's --root-key is no file");
  }
  const auto root = FindLast(place_.key_file);
  if (!root.ok()) return core::FromStore(root.status());
  if (!root->has_value()) {
    return NoRootKeyFile("the server's --root-key is not what unsealed it");
  }
  if (!MayWriteIn(FolderOfFile(place_.key_file))) {
    return NoRootKeyFile("the server may not write where its --root-key lies");
  }
  return absl::OkStatus();
}

absl::Status RootFiles::CheckNewKeyFile() const {
  std::error_code error;
  const auto there = fs::symlink_status(place_.new_key_file, error);
  if (there.type() != fs::file_type::not_found) {
    return NoRootKeyFile("the file of the server's --new-root-key is there");
  }
  if (!MayWriteIn(FolderOfFile(place_.new_key_file))) {
    return NoRootKeyFile(
        "the server may not write where its --new-root-key would lie");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<crypto::RootKey>> RootFiles::Find(
    const std::string& path) const {
  if (path.empty()) return std::nullopt;
  auto root = crypto::LoadRootKeyFile(fs_, path);
  if (root.ok()) return std::optional(*std::move(root));
  // Of what was read, and was none.
  const bool other = absl::IsInvalidArgument(root.status()) &&
                     platform::ErrnoOf(root.status()) == 0;
  if (other || absl::IsNotFound(root.status())) return std::nullopt;
  return root.status();
}

absl::StatusOr<std::optional<crypto::RootKey>> RootFiles::FindLast(
    const std::string& path) const {
  auto root = Find(path);
  if (root.ok() && root->has_value() && !resealer_.IsLast(**root)) {
    return std::nullopt;
  }
  return root;
}

absl::StatusOr<std::optional<crypto::RootKey>> RootFiles::FindNew() const {
  auto fresh = FindLast(FreshPath());
  if (!fresh.ok() || fresh->has_value()) return fresh;
  return FindLast(place_.key_file);
}

absl::StatusOr<RootsFound> RootFiles::Look() {
  if (resealer_.roots() == 1) return RootsFound::kOne;
  // Whoever came with it has it.
  if (resealer_.IsOfLast()) return RootsFound::kBoth;
  const auto found = FindNew();
  if (!found.ok()) return found.status();
  return found->has_value() ? RootsFound::kBoth : RootsFound::kNewLost;
}

absl::Status RootFiles::MakeNew() {
  const std::string path = FreshPath();
  if (path.empty()) return CheckPlace();
  crypto::RootKey root = crypto::RootKey::Generate(random_);
  // A file that an operator named is never written over: it is that of a stop
  // before the keyring was for it, or somebody else's.
  std::error_code error;
  if (!place_.new_key_file.empty() &&
      fs::symlink_status(path, error).type() != fs::file_type::not_found) {
    auto made = Find(path);
    if (!made.ok()) return made.status();
    if (!made->has_value() || resealer_.IsLast(**made)) {
      return NoRootKeyFile("the file of the server's --new-root-key is there");
    }
    root = **std::move(made);
  }
  if (auto s = crypto::ReplaceRootKeyFile(fs_, path, root); !s.ok()) return s;
  new_root_ = std::move(root);
  return absl::OkStatus();
}

absl::Status RootFiles::PutInPlace() {
  // Where the operator takes it from, or has taken it from.
  if (place_.key_file.empty()) return absl::OkStatus();
  const std::string fresh = FreshPath();
  auto beside = FindLast(fresh);
  if (!beside.ok()) return beside.status();
  if (beside->has_value()) {
    if (auto s = fs_.Rename(fresh, place_.key_file); !s.ok()) return s;
    return fs_.SyncFolder(FolderOfFile(place_.key_file));
  }
  const auto there = FindLast(place_.key_file);
  if (!there.ok()) return there.status();
  if (!there->has_value()) {
    return NoRootKeyFile("the new root key is not where the old one was");
  }
  // A rename that may not be durable, whatever a second sync says.
  return crypto::ReplaceRootKeyFile(fs_, place_.key_file, **there);
}

absl::Status RootFiles::StoreChanged(const crypto::Keyring& keyring) {
  return Replace(keyring, resealer_);
}

absl::Status RootFiles::Replace(const crypto::Keyring& keyring,
                                const crypto::KeyringResealer& resealer) {
  const absl::Status stored = keyring_.Store(keyring, resealer, random_);
  if (stored.ok()) {
    in_doubt_ = false;
  } else if (!platform::NothingReplaced(stored)) {
    in_doubt_ = true;
  }
  return stored;
}

absl::StatusOr<crypto::BackupSealer> RootFiles::BeginBackup() const {
  if (in_doubt_) {
    return absl::UnavailableError("the keyring's file is being written anew");
  }
  return keyring_.BeginBackup(resealer_, random_);
}

absl::Status RootFiles::Store(const crypto::Keyring& keyring,
                              SealedFor sealed_for) {
  switch (sealed_for) {
    case SealedFor::kBoth:
      if (!new_root_) return absl::FailedPreconditionError("no new root key");
      return Write(keyring,
                   resealer_.With(crypto::Root::FromKeyFile(new_root_->Clone()),
                                  random_));
    case SealedFor::kNew:
      break;
    case SealedFor::kOld:
      return Write(keyring, resealer_.Alone(random_));
  }
  if (resealer_.IsOfLast()) return Write(keyring, resealer_.Alone(random_));
  auto root = FindNew();
  if (!root.ok()) return root.status();
  if (!root->has_value()) {
    return absl::UnavailableError("the new root key is gone");
  }
  return Write(keyring,
               crypto::KeyringResealer::For(
                   crypto::Root::FromKeyFile(**std::move(root)), random_));
}

absl::Status RootFiles::Write(const crypto::Keyring& keyring,
                              crypto::KeyringResealer resealer) {
  const absl::Status stored = Replace(keyring, resealer);
  if (!stored.ok()) return stored;
  resealer_ = std::move(resealer);
  if (resealer_.roots() == 1) new_root_.reset();
  return absl::OkStatus();
}

}  // namespace sodality::app
