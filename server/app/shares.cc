#include "server/app/shares.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "crypto/keyring_file.h"
#include "platform/file.h"
#include "platform/file_error.h"
#include "server/app/named_file.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

// A refusal names the set that is wanted: people compare it with their shares.
absl::Status NotOurs(const absl::Status& status, const crypto::ShareSet& set) {
  return absl::PermissionDeniedError(std::string(status.message()) +
                                     " (wanted: set " +
                                     text::EncodeBase32(set.id) + ")");
}

// To its end. One byte too many is a text too long for DecodeShare.
absl::StatusOr<crypto::SecretBytes> ReadStandardInput() {
  auto text = crypto::SecretBytes::OfSize(crypto::kMaxShareText + 1);
  const auto bytes = text.ExposeMutable(crypto::AllowSecretAccess());
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got =
        ::read(STDIN_FILENO, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return OfNamedFile(platform::FileError(errno, "read", "standard input"));
    }
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  text.Truncate(size);
  return text;
}

std::optional<crypto::ShareSet> SetOf(std::span<const crypto::RootSlot> slots) {
  for (const crypto::RootSlot& slot : slots) {
    if (slot.custody == crypto::Custody::kShares) return slot.shares;
  }
  return std::nullopt;
}

// What becomes of the share of a file that was not taken.
absl::Status NotTaken(const std::string& path, const absl::Status& added) {
  if (absl::IsAlreadyExists(added)) return OfNamedFile(InFile(path, added));
  if (absl::IsPermissionDenied(added)) return InFile(path, added);
  return added;
}

absl::Status TooFew(const ShareProgress& progress) {
  return absl::PermissionDeniedError("too few shares: " +
                                     FormatProgress(progress));
}

}  // namespace

absl::StatusOr<crypto::SecretBytes> ReadShareText(const std::string& path) {
  if (path == "-") return ReadStandardInput();
  auto bytes = platform::ReadFile(platform::PosixFileSystem(), path,
                                  crypto::kMaxShareText);
  if (!bytes.ok()) return OfNamedFile(bytes.status());
  auto text = crypto::SecretBytes::CopyOf(*bytes);
  crypto::Wipe(*bytes);
  return text;
}

absl::StatusOr<crypto::Share> ShareOfFile(const std::string& path,
                                          const crypto::SecretBytes& text) {
  auto share = crypto::DecodeShare(text);
  if (!share.ok()) return OfNamedFile(InFile(path, share.status()));
  return share;
}

absl::StatusOr<crypto::Share> ReadShareFile(const std::string& path) {
  const auto text = ReadShareText(path);
  if (!text.ok()) return text.status();
  return ShareOfFile(path, *text);
}

absl::StatusOr<std::optional<crypto::ShareSet>> SharesOf(
    const DataFolder& folder) {
  const auto slots =
      crypto::KeyringFile(platform::PosixFileSystem(), folder.keyring())
          .Slots();
  if (!slots.ok()) return slots.status();
  return SetOf(*slots);
}

absl::Status CollectedShares::Add(crypto::Share share) {
  const auto set = SharesOf(folder_);
  if (!set.ok()) return set.status();
  if (!*set) {
    return absl::PermissionDeniedError("this folder is not kept by shares");
  }
  ForgetStale();
  if (!collection_ || collection_->set() != **set) {
    collection_.emplace(chapter_, **set);
  }
  const absl::Status added = collection_->Add(std::move(share));
  if (absl::IsFailedPrecondition(added)) return NotOurs(added, **set);
  if (added.ok()) last_ = clock_.Now();
  return added;
}

ShareProgress CollectedShares::progress() const {
  if (!collection_) return {};
  return {static_cast<uint32_t>(collection_->size()),
          collection_->set().threshold};
}

absl::StatusOr<crypto::RootKey> CollectedShares::Take() {
  if (!collection_) {
    return absl::FailedPreconditionError("no share was handed in");
  }
  auto root = collection_->Combine();
  if (root.ok()) Forget();
  return root;
}

// A clock that was set back starts the wait anew.
std::optional<std::chrono::milliseconds> CollectedShares::ForgetStale() {
  if (!collection_ || collection_->size() == 0) return std::nullopt;
  const platform::Timestamp now = clock_.Now();
  if (now < last_) last_ = now;
  const std::chrono::milliseconds left = kPatience - (now - last_);
  if (left.count() > 0) return left;
  Forget();
  return std::nullopt;
}

absl::StatusOr<crypto::RootKey> RootFromShareFiles(
    const std::vector<std::string>& paths, const DataFolder& folder,
    const crypto::Bytes16& chapter) {
  CollectedShares shares(folder, chapter, platform::SystemClock());
  for (const std::string& path : paths) {
    auto share = ReadShareFile(path);
    if (!share.ok()) return share.status();
    const absl::Status added = shares.Add(*std::move(share));
    if (!added.ok()) return NotTaken(path, added);
  }
  if (!shares.complete()) return TooFew(shares.progress());
  return shares.Take();
}

absl::StatusOr<crypto::RootKey> RootFromShareFiles(
    const std::vector<std::string>& paths,
    std::span<const crypto::RootSlot> slots) {
  const auto set = SetOf(slots);
  if (!set) {
    return absl::PermissionDeniedError("this backup is not kept by shares");
  }
  std::optional<crypto::ShareCollection> shares;
  for (const std::string& path : paths) {
    auto share = ReadShareFile(path);
    if (!share.ok()) return share.status();
    if (!shares) shares.emplace(share->info().chapter, *set);
    absl::Status added = shares->Add(*std::move(share));
    if (absl::IsFailedPrecondition(added)) added = NotOurs(added, *set);
    if (!added.ok()) return NotTaken(path, added);
  }
  if (shares && shares->complete()) return shares->Combine();
  return TooFew(
      {static_cast<uint32_t>(shares ? shares->size() : 0), set->threshold});
}

}  // namespace sodality::app
