#include "client/cli/profile_connection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "client/cli/named_file.h"
#include "client/include/sodality/connect_profile.h"
#include "client/include/sodality/error_info.h"
#include "client/profile/profile_connection.h"
#include "client/profile/remembered.h"
#include "platform/file_error.h"

namespace sodality::cli {
namespace {

absl::StatusOr<Profile> LoadProfile(const Session& session) {
  const auto folder = ProfileFolder(session);
  if (!folder.ok()) return folder.status();
  auto profile = Profile::Load(*folder);
  if (!profile.ok()) return OfProfile(profile.status());
  return profile;
}

absl::StatusOr<pki::PrivateKey> Unlock(const Profile& profile,
                                       Session& session) {
  auto key = profile.UnlockKey([&session] { return Passphrase(session); });
  if (!key.ok()) return OfProfile(key.status());
  return key;
}

Time ExpiryOf(const Profile& profile) {
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>(
          std::chrono::milliseconds(
              profile.certificate().validity().not_after.millis)));
}

template <size_t kBytes>
void CopyInto(const std::string& from, std::array<uint8_t, kBytes>& to) {
  const auto bytes = crypto::AsBytes(from);
  std::copy_n(bytes.begin(), std::min(bytes.size(), to.size()), to.begin());
}

Remembered ToRemembered(const LedgerHead& head) {
  Remembered seen;
  seen.revision = head.revision;
  seen.ledger_number = head.number;
  CopyInto(head.leaf, seen.ledger_leaf);
  CopyInto(head.public_key, seen.ledger_key);
  if (head.incarnation.empty()) return seen;
  CopyInto(head.incarnation, seen.incarnation);
  CopyInto(head.parent, seen.former.emplace_back());
  return seen;
}

class ProfileMemory final : public Memory {
 public:
  ProfileMemory(const Profile& profile, RememberFile file,
                std::optional<Remembered> before)
      : info_(profile.info()),
        folder_(profile.folder()),
        file_(std::move(file)),
        before_(std::move(before)) {}

  std::string address() const override { return info_.address; }
  std::string folder() const override { return folder_; }

  void Expect(LedgerChain* chain) const override {
    if (before_.has_value()) {
      const bool first = before_->incarnation == ChapterLife{};
      chain->Expect(before_->ledger_number, before_->ledger_leaf,
                    first ? std::string()
                          : std::string(crypto::AsText(before_->incarnation)));
    }
  }

  absl::StatusOr<bool> Advance(const LedgerHead& head) override {
    const absl::Status signature = VerifyHead(info_.chapter_id, head);
    if (!signature.ok()) return signature;
    auto before = before_;
    if (before.has_value()) before = FollowKeys(*std::move(before), head);
    const auto succession = file_.Advance(before, ToRemembered(head));
    if (!succession.ok()) return OfProfile(succession.status());
    return *succession == Succession::kRestored;
  }

 private:
  const ProfileInfo info_;
  const std::string folder_;
  const RememberFile file_;
  const std::optional<Remembered> before_;
};

// Enrolling anew is the last resort: a new profile knows nothing of what this
// one has seen of the server.
std::string_view ProfileHint(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
      return "the profile is whole: see that its folder and files are yours "
             "alone";
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
      return "the profile may be whole: is the disk full or failing, or a "
             "limit reached?";
    default:
      return "put the file back from a copy; without one, enrol anew with "
             "sodality --profile NEW join FILE and keep this folder: it alone "
             "knows what this device has seen of the server";
  }
}

absl::StatusOr<crypto::SecretBytes> PassphraseIn(const std::string& path) {
  auto passphrase = ReadPassphraseFile(path);
  if (passphrase.ok()) return passphrase;
  if (!absl::IsInvalidArgument(passphrase.status())) {
    return CannotRead(path, platform::ErrnoOf(passphrase.status()));
  }
  return BadContent(passphrase.status(),
                    "the file holds the passphrase and nothing else");
}

}  // namespace

absl::Status OfProfile(const absl::Status& status) {
  if (!GetErrorInfo(status).reason.empty()) return status;
  return WithErrorInfo(status, {.reason = "PROFILE_UNUSABLE",
                                .hint = std::string(ProfileHint(status))});
}

absl::StatusOr<std::string> ProfileFolder(const Session& session) {
  if (!session.options().profile.empty()) return session.options().profile;
  return DefaultProfileFolder();
}

absl::StatusOr<crypto::SecretBytes> Passphrase(Session& session) {
  const GlobalOptions& options = session.options();
  if (!options.passphrase_file.empty()) {
    return PassphraseIn(options.passphrase_file);
  }
  absl::StatusOr<crypto::SecretBuffer> answer =
      absl::CancelledError("--no-input");
  if (!options.no_input) {
    answer = session.environment().terminal.AskSecret(
        "Passphrase of this device's key: ");
  }
  if (answer.ok()) {
    return crypto::SecretBytes::CopyOf(
        answer->Expose(crypto::AllowSecretAccess()));
  }
  return MakeError(absl::StatusCode::kCancelled,
                   "this device's key needs its passphrase",
                   {.reason = "PASSPHRASE_NEEDED",
                    .hint = "give it with --passphrase-file FILE"});
}

absl::StatusOr<std::shared_ptr<Connection>> ConnectProfile(Session& session) {
  auto profile = LoadProfile(session);
  if (!profile.ok()) return profile.status();
  const auto now = session.environment().clock.Now();
  const absl::Status in_force = profile->CheckInForce(now);
  if (!in_force.ok()) return in_force;
  const auto key = Unlock(*profile, session);
  if (!key.ok()) return key.status();
  Options options;
  options.now = [&session] { return session.Now(); };
  return ConnectAs(
      *profile, *key, std::move(options), [&session](const absl::Status& why) {
        session.Warn("this device's certificate could not be renewed: " +
                     std::string(why.message()));
      });
}

absl::StatusOr<Time> RenewNow(const Client& client, Session& session) {
  auto profile = LoadProfile(session);
  if (!profile.ok()) return profile.status();
  const auto key = Unlock(*profile, session);
  if (!key.ok()) return key.status();
  const absl::Status renewed = Renew(client, *key, *profile);
  if (!renewed.ok()) return OfProfile(renewed);
  return ExpiryOf(*profile);
}

absl::StatusOr<std::unique_ptr<Memory>> OpenProfileMemory(Session& session) {
  const auto profile = LoadProfile(session);
  if (!profile.ok()) return profile.status();
  RememberFile file(profile->folder());
  const auto before = file.Read();
  if (!before.ok()) return OfProfile(before.status());
  return std::make_unique<ProfileMemory>(*profile, std::move(file), *before);
}

}  // namespace sodality::cli
