#include "client/profile/pending_profile.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/include/sodality/error_info.h"
#include "client/profile/key_file.h"
#include "client/profile/private_file.h"
#include "client/profile/profile_files.h"
#include "crypto/pki/digest.h"

namespace sodality {
namespace {

constexpr size_t kMaxMarker = 128;

std::string PendingFolder(const std::string& folder) {
  return folder + ".joining";
}

// "dir/" would put the pending folder inside.
std::string WithoutSlashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// Content of the file `invite`: which invite a key was made for.
std::string MarkerOf(const pki::Invite& invite) {
  return pki::ToHex(invite.certificate.fingerprint().bytes) + "\n";
}

// OK also for an empty folder, over which a rename succeeds.
absl::Status CheckVacant(platform::FileSystem& fs, const std::string& folder) {
  const auto names = fs.List(folder);
  if (absl::IsNotFound(names.status())) return absl::OkStatus();
  if (!names.ok()) return names.status();
  if (names->empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAlreadyExists,
                   absl::StrCat(folder, " is not empty"),
                   {.reason = "PROFILE_EXISTS",
                    .hint = "join with another folder: --profile DIR"});
}

absl::StatusOr<platform::FolderLock> LockJoin(const std::string& pending) {
  auto lock = platform::FolderLock::Acquire(pending);
  if (lock.ok() || !absl::IsFailedPrecondition(lock.status())) return lock;
  return MakeError(
      absl::StatusCode::kAborted,
      absl::StrCat("another join into ", pending, " is under way"),
      {.reason = "JOIN_UNDER_WAY", .hint = "wait until it has ended"});
}

absl::Status RemoveIfThere(platform::FileSystem& fs, const std::string& path) {
  const absl::Status s = fs.Remove(path);
  return absl::IsNotFound(s) ? absl::OkStatus() : s;
}

absl::StatusOr<bool> WasBegunWith(platform::FileSystem& fs,
                                  const std::string& pending,
                                  const std::string& marker) {
  const auto found = platform::ReadFile(fs, pending + kInviteFile, kMaxMarker);
  if (absl::IsNotFound(found.status())) return false;
  if (!found.ok()) return found.status();
  return crypto::AsText(*found) == marker;
}

absl::StatusOr<pki::PrivateKey> ResumeKey(platform::FileSystem& fs,
                                          const std::string& path,
                                          const KeyProtection& protection) {
  const auto content = ReadKeyFile(path);
  if (!content.ok()) return content.status();
  const auto ask = [&]() -> absl::StatusOr<crypto::SecretBytes> {
    if (protection.passphrase.has_value()) {
      return protection.passphrase->Clone();
    }
    return MakeError(
        absl::StatusCode::kFailedPrecondition,
        "an earlier join with this invite gave its key a passphrase",
        {.reason = "PASSPHRASE_NEEDED",
         .hint = absl::StrCat("give it again, or remove ", ParentOf(path))});
  };
  auto key = OpenKey(*content, ask);
  if (!key.ok()) return key;
  if (IsPlainKey(*content) && protection.passphrase.has_value()) {
    auto s = WriteKeyFile(fs, path, *key, protection);
    if (!s.ok()) return s;
  }
  return key;
}

// The marker is written last and removed first: where it stands, the key is
// whole.
absl::StatusOr<pki::PrivateKey> BeginKey(platform::FileSystem& fs,
                                         const std::string& pending,
                                         const std::string& marker,
                                         const KeyProtection& protection) {
  if (auto s = RemoveIfThere(fs, pending + kInviteFile); !s.ok()) return s;
  auto key = pki::PrivateKey::Generate();
  if (!key.ok()) return key;
  if (auto s = WriteKeyFile(fs, pending + kKeyFile, *key, protection);
      !s.ok()) {
    return s;
  }
  auto s =
      platform::ReplaceFile(fs, pending + kInviteFile, crypto::AsBytes(marker));
  if (!s.ok()) return s;
  if (s = fs.SyncFolder(ParentOf(pending)); !s.ok()) return s;
  return key;
}

}  // namespace

PendingProfile::PendingProfile(Parts parts, const pki::Invite& invite)
    : parts_(std::move(parts)),
      authority_(invite.authority),
      address_(invite.address) {}

absl::StatusOr<PendingProfile> PendingProfile::Begin(
    const std::string& path, const pki::Invite& invite,
    const KeyProtection& protection, platform::FileSystem& fs) {
  const std::string folder = WithoutSlashes(path);
  if (auto s = CheckVacant(fs, folder); !s.ok()) return s;
  const std::string pending = PendingFolder(folder);
  if (auto s = MakeFolders(pending); !s.ok()) return s;
  if (auto s = CheckPrivateFolder(pending); !s.ok()) return s;
  auto lock = LockJoin(pending);
  if (!lock.ok()) return lock.status();
  const std::string marker = MarkerOf(invite);
  const auto resumed = WasBegunWith(fs, pending, marker);
  if (!resumed.ok()) return resumed.status();
  auto key = *resumed ? ResumeKey(fs, pending + kKeyFile, protection)
                      : BeginKey(fs, pending, marker, protection);
  if (!key.ok()) return key.status();
  return PendingProfile({.folder = folder,
                         .fs = &fs,
                         .lock = *std::move(lock),
                         .key = *std::move(key),
                         .resumed = *resumed},
                        invite);
}

absl::StatusOr<Profile> PendingProfile::Finish(const Enrolled& enrolled) {
  if (!IsDeviceOf(authority_, enrolled.certificate) ||
      enrolled.certificate.public_key() != key().public_key()) {
    return MakeError(
        absl::StatusCode::kInternal,
        "the server's answer is no certificate for this device",
        {.reason = "SERVER_FAILED", .hint = "tell whoever runs the server"});
  }
  const ProfileInfo info = {
      .address = address_,
      .chapter_id = authority_.chapter_id(),
      .chapter_name = enrolled.chapter_name,
      .server_name = pki::ServerName(authority_.chapter_id()),
      .device_id = enrolled.certificate.identity().id,
      .principal_name = enrolled.principal_name,
  };
  const std::string pending = PendingFolder(parts_.folder);
  for (const auto& [name, text] :
       {std::pair{kAuthorityFile, authority_.ToPem()},
        std::pair{kCertificateFile, enrolled.certificate.ToPem()},
        std::pair{kInfoFile, FormatProfileInfo(info)}}) {
    auto s = platform::ReplaceFile(*parts_.fs, pending + name,
                                   crypto::AsBytes(text));
    if (!s.ok()) return s;
  }
  if (auto s = parts_.fs->Rename(pending, parts_.folder); !s.ok()) return s;
  if (auto s = parts_.fs->SyncFolder(ParentOf(parts_.folder)); !s.ok()) {
    return s;
  }
  return Profile::Load(parts_.folder, *parts_.fs);
}

}  // namespace sodality
