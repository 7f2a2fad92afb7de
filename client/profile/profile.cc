#include "client/profile/profile.h"

#include <cstdlib>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/include/sodality/connect_profile.h"
#include "client/include/sodality/error_info.h"
#include "client/profile/key_file.h"
#include "client/profile/private_file.h"
#include "client/profile/profile_files.h"
#include "crypto/pki/verify.h"

namespace sodality {
namespace {

constexpr size_t kMaxFile = 64 * 1024;
constexpr size_t kMaxPassphrase = 1024;

absl::Status NotEnrolled(const std::string& folder) {
  return MakeError(absl::StatusCode::kUnauthenticated,
                   absl::StrCat("no profile in ", folder),
                   {.reason = "NOT_ENROLLED",
                    .hint = "enrol this device: sodality join FILE"});
}

absl::Status Damaged(const std::string& path, std::string_view why) {
  return absl::DataLossError(absl::StrCat(path, ": ", std::string(why)));
}

absl::StatusOr<std::string> ReadText(platform::FileSystem& fs,
                                     const std::string& path) {
  const auto bytes = platform::ReadFile(fs, path, kMaxFile);
  if (bytes.ok()) return std::string(crypto::AsText(*bytes));
  if (absl::IsNotFound(bytes.status())) return Damaged(path, "is missing");
  return bytes.status();
}

template <typename T>
absl::StatusOr<T> NamingFile(absl::StatusOr<T> parsed,
                             const std::string& path) {
  if (parsed.ok()) return parsed;
  return Damaged(path, std::string(parsed.status().message()));
}

absl::StatusOr<ProfileInfo> LoadInfo(platform::FileSystem& fs,
                                     const std::string& folder) {
  const std::string path = folder + kInfoFile;
  const auto bytes = platform::ReadFile(fs, path, kMaxFile);
  if (absl::IsNotFound(bytes.status())) return NotEnrolled(folder);
  if (!bytes.ok()) return bytes.status();
  return NamingFile(ParseProfileInfo(crypto::AsText(*bytes)), path);
}

absl::StatusOr<pki::CaCertificate> LoadAuthority(platform::FileSystem& fs,
                                                 const std::string& path) {
  const auto pem = ReadText(fs, path);
  if (!pem.ok()) return pem.status();
  return NamingFile(pki::CaCertificate::ParsePem(*pem), path);
}

absl::StatusOr<pki::Certificate> LoadCertificate(platform::FileSystem& fs,
                                                 const std::string& path) {
  const auto pem = ReadText(fs, path);
  if (!pem.ok()) return pem.status();
  return NamingFile(pki::Certificate::ParsePem(*pem), path);
}

}  // namespace

absl::StatusOr<std::string> DefaultProfileFolder() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') {
    return absl::StrCat(config, "/sodality");
  }
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') {
    return absl::StrCat(home, "/.config/sodality");
  }
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      "neither XDG_CONFIG_HOME nor HOME is set",
      {.reason = "USAGE", .hint = "name a folder with --profile DIR"});
}

absl::StatusOr<crypto::SecretBytes> ReadPassphraseFile(
    const std::string& path) {
  auto& fs = platform::PosixFileSystem();
  auto bytes = platform::ReadFile(fs, path, kMaxPassphrase + 2);
  if (!bytes.ok()) return bytes.status();
  std::string_view line = crypto::AsText(*bytes);
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  absl::StatusOr<crypto::SecretBytes> out =
      absl::InvalidArgumentError(absl::StrCat(
          path, " is not one line of at most ", kMaxPassphrase, " bytes"));
  if (!line.empty() && line.size() <= kMaxPassphrase &&
      line.find('\n') == std::string_view::npos) {
    out = crypto::SecretBytes::CopyOf(crypto::AsBytes(line));
  }
  crypto::Wipe(*bytes);
  return out;
}

Profile::Profile(Parts parts) : parts_(std::move(parts)) {}

absl::StatusOr<Profile> Profile::Load(const std::string& folder,
                                      platform::FileSystem& fs) {
  const absl::Status safe = CheckPrivateFolder(folder);
  if (absl::IsNotFound(safe)) return NotEnrolled(folder);
  if (!safe.ok()) return safe;
  auto info = LoadInfo(fs, folder);
  if (!info.ok()) return info.status();
  auto authority = LoadAuthority(fs, folder + kAuthorityFile);
  if (!authority.ok()) return authority.status();
  auto certificate = LoadCertificate(fs, folder + kCertificateFile);
  if (!certificate.ok()) return certificate.status();

  if (authority->chapter_id() != info->chapter_id) {
    return Damaged(folder + kAuthorityFile, "is another chapter's");
  }
  if (!IsDeviceOf(*authority, *certificate) ||
      certificate->identity().id != info->device_id) {
    return Damaged(folder + kCertificateFile, "is not this device's");
  }
  return Profile({.folder = folder,
                  .fs = &fs,
                  .info = *std::move(info),
                  .authority = *std::move(authority),
                  .certificate = *std::move(certificate)});
}

absl::Status Profile::CheckInForce(platform::Timestamp now) const {
  const pki::Validity& life = certificate().validity();
  if (now >= life.not_after) {
    return MakeError(
        absl::StatusCode::kUnauthenticated,
        absl::StrCat("this device's certificate expired at ",
                     platform::FormatTimestamp(life.not_after)),
        {.reason = "CERTIFICATE_EXPIRED",
         .hint = "ask an admin for a new invite, then: sodality join FILE"});
  }
  if (now < life.not_before) {
    return MakeError(absl::StatusCode::kUnauthenticated,
                     absl::StrCat("this device's certificate holds only from ",
                                  platform::FormatTimestamp(life.not_before)),
                     {.reason = "CERTIFICATE_NOT_YET_VALID",
                      .hint = "check this machine's clock",
                      .retry_at = platform::FormatTimestamp(life.not_before)});
  }
  return absl::OkStatus();
}

bool Profile::RenewalDue(platform::Timestamp now) const {
  return now >= pki::RenewalDue(certificate().validity());
}

absl::StatusOr<bool> Profile::KeyHasPassphrase() const {
  const auto content = ReadKeyFile(folder() + kKeyFile);
  if (!content.ok()) return content.status();
  return !IsPlainKey(*content);
}

absl::StatusOr<pki::PrivateKey> Profile::UnlockKey(
    const PassphraseSource& ask) const {
  const std::string path = folder() + kKeyFile;
  const auto content = ReadKeyFile(path);
  if (absl::IsNotFound(content.status())) return Damaged(path, "is missing");
  if (!content.ok()) return content.status();
  auto key = OpenKey(*content, ask);
  if (!key.ok()) return key;
  if (key->public_key() != certificate().public_key()) {
    return Damaged(path, "does not belong to this device's certificate");
  }
  return key;
}

absl::Status Profile::ReplaceCertificate(pki::Certificate renewed) {
  if (!IsDeviceOf(authority(), renewed) ||
      renewed.identity() != certificate().identity() ||
      renewed.public_key() != certificate().public_key()) {
    return absl::InvalidArgumentError(
        "the renewed certificate is not this device's");
  }
  const std::string pem = renewed.ToPem();
  auto s = platform::ReplaceFile(*parts_.fs, folder() + kCertificateFile,
                                 crypto::AsBytes(pem));
  if (!s.ok()) return s;
  parts_.certificate = std::move(renewed);
  return absl::OkStatus();
}

}  // namespace sodality
