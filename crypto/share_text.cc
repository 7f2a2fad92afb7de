// The text of a share: docs/formats.md section 8.
#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "crypto/byte_codec.h"
#include "crypto/hex_digits.h"
#include "crypto/sha256.h"
#include "crypto/share.h"

namespace sodality::crypto {
namespace {

constexpr std::string_view kFamily = "sodality-share-";
constexpr std::string_view kPrefix = "sodality-share-1-";
constexpr size_t kFixedSize = 3 + 16 + 16 + ShareValue::kSize;
constexpr size_t kMinBody = kFixedSize + kMinThreshold * sizeof(Bytes32);
constexpr size_t kMaxBody = kFixedSize + kMaxShares * sizeof(Bytes32);
constexpr size_t kChecksumBytes = 4;
constexpr size_t kChecksumDigits = 2 * kChecksumBytes;
// Three commitments fill four lines.
constexpr size_t kLineSize = 88;

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(
      absl::string_view(what.data(), what.size()));
}

using Checksum = std::array<uint8_t, kChecksumBytes>;

Checksum ChecksumOf(std::span<const uint8_t> body) {
  const Bytes32 hash = Sha256({AsBytes(kPrefix), body});
  Checksum out;
  std::copy_n(hash.begin(), out.size(), out.begin());
  return out;
}

SecretBytes EncodeBody(const Share& share) {
  const ShareInfo& info = share.info();
  SecretBytes body = SecretBytes::OfSize(kFixedSize + info.commitments.size() *
                                                          sizeof(Bytes32));
  ByteWriter out(body.ExposeMutable(AllowSecretAccess()));
  out.Put(info.index);
  out.Put(info.set.threshold);
  out.Put(info.set.count);
  out.PutBytes(info.chapter);
  out.PutBytes(info.set.id);
  out.PutBytes(share.value().Expose(AllowSecretAccess()));
  for (const Bytes32& commitment : info.commitments) out.PutBytes(commitment);
  return body;
}

absl::StatusOr<Share> DecodeBody(std::span<const uint8_t> body) {
  ByteReader in(body);
  ShareInfo info;
  info.index = in.Get<uint8_t>();
  info.set.threshold = in.Get<uint8_t>();
  info.set.count = in.Get<uint8_t>();
  info.chapter = in.GetArray<16>();
  info.set.id = in.GetArray<16>();
  const auto bytes = in.GetBytes(ShareValue::kSize);
  if (!in.ok()) return Wrong("the share is cut off");
  auto value = ShareValue::CopyOf(bytes.first<ShareValue::kSize>());
  while (in.left() > 0) info.commitments.push_back(in.GetArray<32>());
  return Share::Create(std::move(info), std::move(value));
}

// The prefix, the digits and the checksum, on one line.
SecretBytes OneLine(const Share& share) {
  const SecretBytes secret = EncodeBody(share);
  const auto body = secret.Expose(AllowSecretAccess());
  SecretBytes line = SecretBytes::OfSize(kPrefix.size() + 2 * body.size() + 1 +
                                         kChecksumDigits);
  ByteWriter out(line.ExposeMutable(AllowSecretAccess()));
  out.PutBytes(AsBytes(kPrefix));
  PutHex(out, body);
  out.PutBytes(AsBytes("-"));
  PutHex(out, ChecksumOf(body));
  return line;
}

std::string Remark(const ShareInfo& info, std::string_view chapter_name) {
  // A name like a share's would be read as one.
  const bool like_a_share = chapter_name.find(kFamily) != chapter_name.npos;
  const std::string name(like_a_share ? "the chapter" : chapter_name);
  return absl::StrCat("# Share ", info.index, " of ", info.set.count,
                      " of the root key of ", name, ". ", "Any ",
                      info.set.threshold,
                      " of them open it: show it to nobody.\n");
}

// `text` from the family's name on, without white space; empty where it is not.
SecretBytes Compact(std::string_view text) {
  const size_t start = std::min(text.find(kFamily), text.size());
  SecretBytes out = SecretBytes::OfSize(text.size() - start);
  const auto bytes = out.ExposeMutable(AllowSecretAccess());
  size_t size = 0;
  for (const char c : text.substr(start)) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    bytes[size++] = static_cast<uint8_t>(c);
  }
  out.Truncate(size);
  return out;
}

absl::Status CheckPrefix(std::string_view line) {
  if (line.substr(0, kPrefix.size()) == kPrefix) return absl::OkStatus();
  const std::string_view rest =
      line.substr(std::min(kFamily.size(), line.size()));
  const size_t digits = rest.find_first_not_of("0123456789");
  if (digits != 0 && digits != rest.npos && rest[digits] == '-') {
    return absl::FailedPreconditionError(
        "the share's format is unknown (newer than this program?)");
  }
  return Wrong(absl::StrCat("there is no share: one begins with \"",
                            std::string(kPrefix), "\""));
}

absl::StatusOr<Share> DecodeLine(std::string_view line) {
  const absl::Status prefix = CheckPrefix(line);
  if (!prefix.ok()) return prefix;
  line.remove_prefix(kPrefix.size());
  if (line.size() <= kChecksumDigits + 1 ||
      line[line.size() - kChecksumDigits - 1] != '-') {
    return Wrong("the share is cut off, or goes on behind its end");
  }
  const std::string_view digits =
      line.substr(0, line.size() - kChecksumDigits - 1);
  const size_t size = digits.size() / 2;
  if (digits.size() % 2 != 0 || size < kMinBody || size > kMaxBody ||
      (size - kFixedSize) % sizeof(Bytes32) != 0) {
    return Wrong("the share has the wrong length: digits are missing or twice");
  }
  SecretBytes body = SecretBytes::OfSize(size);
  const auto bytes = body.ExposeMutable(AllowSecretAccess());
  Checksum stated{};
  if (!FromHex(digits, bytes) ||
      !FromHex(line.substr(line.size() - kChecksumDigits), stated)) {
    return Wrong("the share has a wrong character");
  }
  if (!ConstantTimeEquals(stated, ChecksumOf(bytes))) {
    return Wrong("the share's checksum differs: a character is wrong");
  }
  return DecodeBody(bytes);
}

}  // namespace

SecretBytes EncodeShare(const Share& share, std::string_view chapter_name) {
  const SecretBytes line = OneLine(share);
  const auto digits = line.Expose(AllowSecretAccess());
  const std::string remark = Remark(share.info(), chapter_name);
  const size_t lines = (digits.size() + kLineSize - 1) / kLineSize;
  SecretBytes text = SecretBytes::OfSize(remark.size() + digits.size() + lines);
  ByteWriter out(text.ExposeMutable(AllowSecretAccess()));
  out.PutBytes(AsBytes(remark));
  for (size_t at = 0; at < digits.size(); at += kLineSize) {
    out.PutBytes(digits.subspan(at, std::min(kLineSize, digits.size() - at)));
    out.PutBytes(AsBytes("\n"));
  }
  return text;
}

absl::StatusOr<Share> DecodeShare(const SecretBytes& text) {
  if (text.size() > kMaxShareText) {
    return Wrong("the share is longer than any can be");
  }
  const SecretBytes line = Compact(AsText(text.Expose(AllowSecretAccess())));
  return DecodeLine(AsText(line.Expose(AllowSecretAccess())));
}

}  // namespace sodality::crypto
