#include "crypto/root_key.h"

#include <array>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/byte_codec.h"
#include "crypto/hex_digits.h"
#include "crypto/sha256.h"

namespace sodality::crypto {
namespace {

constexpr std::string_view kPrefix = "sodality-root-1-";
constexpr size_t kChecksumBytes = 4;
constexpr size_t kKeyDigits = 2 * RootKey::kSize;
constexpr size_t kChecksumDigits = 2 * kChecksumBytes;
constexpr size_t kTextSize =
    kPrefix.size() + kKeyDigits + 1 + kChecksumDigits;  // Without line feed.
constexpr uint64_t kMaxFileSize = 4096;

Bytes32 Checksum(const RootKey& key) {
  return Sha256({AsBytes(kPrefix), key.Expose(AllowSecretAccess())});
}

std::string_view WithoutTrailingSpace(std::string_view text) {
  while (!text.empty() &&
         std::string_view(" \t\r\n").find(text.back()) != text.npos) {
    text.remove_suffix(1);
  }
  return text;
}

absl::StatusOr<RootKey> ParseDigits(std::string_view digits) {
  SecretBuffer bytes = SecretBuffer::OfSize(RootKey::kSize);
  if (!FromHex(digits, bytes.ExposeMutable(AllowSecretAccess()))) {
    return absl::InvalidArgumentError("the root key has a wrong character");
  }
  return RootKey::FromBytes(bytes.Expose(AllowSecretAccess()));
}

}  // namespace

SecretBytes EncodeRootKey(const RootKey& key) {
  SecretBytes text = SecretBytes::OfSize(kTextSize + 1);
  ByteWriter out(text.ExposeMutable(AllowSecretAccess()));
  out.PutBytes(AsBytes(kPrefix));
  PutHex(out, key.Expose(AllowSecretAccess()));
  out.PutBytes(AsBytes("-"));
  PutHex(out, std::span<const uint8_t>(Checksum(key)).first(kChecksumBytes));
  out.PutBytes(AsBytes("\n"));
  return text;
}

absl::StatusOr<RootKey> DecodeRootKey(const SecretBytes& text) {
  const std::string_view line =
      WithoutTrailingSpace(AsText(text.Expose(AllowSecretAccess())));
  if (line.substr(0, kPrefix.size()) != kPrefix) {
    return absl::InvalidArgumentError(
        absl::StrCat("a root key begins with \"", std::string(kPrefix), "\""));
  }
  if (line.size() != kTextSize || line[kPrefix.size() + kKeyDigits] != '-') {
    return absl::InvalidArgumentError("the root key has the wrong length");
  }
  auto key = ParseDigits(line.substr(kPrefix.size(), kKeyDigits));
  if (!key.ok()) return key.status();
  std::array<uint8_t, kChecksumBytes> stated{};
  const bool digits = FromHex(line.substr(kTextSize - kChecksumDigits), stated);
  const Bytes32 checksum = Checksum(*key);
  if (!digits ||
      !ConstantTimeEquals(stated, std::span(checksum).first(kChecksumBytes))) {
    return absl::InvalidArgumentError(
        "the root key's checksum differs: a character is wrong");
  }
  return key;
}

absl::StatusOr<RootKey> CreateRootKeyFile(platform::FileSystem& fs,
                                          const std::string& path,
                                          Random& random) {
  const auto existing = fs.Open(path, /*create=*/false);
  if (existing.ok()) {
    return absl::AlreadyExistsError(absl::StrCat(path, " exists already"));
  }
  if (!absl::IsNotFound(existing.status())) return existing.status();
  RootKey key = RootKey::Generate(random);
  if (auto s = ReplaceRootKeyFile(fs, path, key); !s.ok()) return s;
  return key;
}

absl::Status ReplaceRootKeyFile(platform::FileSystem& fs,
                                const std::string& path, const RootKey& key) {
  const SecretBytes text = EncodeRootKey(key);
  return platform::ReplaceFile(fs, path, text.Expose(AllowSecretAccess()));
}

absl::StatusOr<RootKey> LoadRootKeyFile(platform::FileSystem& fs,
                                        const std::string& path) {
  auto bytes = platform::ReadFile(fs, path, kMaxFileSize);
  if (!bytes.ok()) return bytes.status();
  const SecretBytes text = SecretBytes::CopyOf(*bytes);
  Wipe(*bytes);
  auto key = DecodeRootKey(text);
  if (key.ok()) return key;
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", key.status().message()));
}

absl::StatusOr<RootKey> RootKeyFromPassphrase(
    const SecretBytes& passphrase, const Argon2Parameters& parameters) {
  const auto bytes = DeriveFromPassphrase(passphrase, parameters);
  if (!bytes.ok()) return bytes.status();
  return RootKey::FromBytes(bytes->Expose(AllowSecretAccess()));
}

}  // namespace sodality::crypto
