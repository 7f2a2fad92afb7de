#include "crypto/pki/invite_lines.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "crypto/pki/digest.h"
#include "crypto/secret.h"
#include "crypto/sha256.h"

namespace sodality::pki {
namespace {

constexpr std::string_view kChecksumName = "checksum: ";
constexpr size_t kChecksumLineSize = kChecksumName.size() + 64 + 1;

absl::Status Damaged(std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("the invite ", std::string(what)));
}

class LineReader final {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  // Without its line feed; nothing when no whole line is left.
  std::optional<std::string_view> Next() {
    ++line_;
    const size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  std::string_view rest() const { return rest_; }
  size_t line() const { return line_; }  // Of what Next() returned last.

 private:
  std::string_view rest_;
  size_t line_ = 0;
};

absl::StatusOr<std::string_view> ReadField(LineReader& lines,
                                           std::string_view name) {
  const std::string prefix = absl::StrCat(std::string(name), ": ");
  const auto line = lines.Next();
  if (!line.has_value() || !line->starts_with(prefix)) {
    return InviteLineError(lines.line(), absl::StrCat("no '", prefix, "'"));
  }
  return line->substr(prefix.size());
}

absl::StatusOr<InviteBlock> ReadBlock(LineReader& lines,
                                      const std::string& label) {
  const std::string_view start = lines.rest();
  const std::string last = absl::StrCat("-----END ", label, "-----");
  auto line = lines.Next();
  const size_t first_line = lines.line();
  if (line != absl::StrCat("-----BEGIN ", label, "-----")) {
    return InviteLineError(first_line, absl::StrCat("no ", label, " block"));
  }
  while (line.has_value() && *line != last) line = lines.Next();
  if (!line.has_value()) {
    return InviteLineError(first_line,
                           absl::StrCat(label, " block does not end"));
  }
  return InviteBlock{start.substr(0, start.size() - lines.rest().size()),
                     first_line};
}

absl::Status CheckPrefix(std::string_view text) {
  if (!text.starts_with(kInvitePrefix)) {
    return absl::InvalidArgumentError("this is not an invite");
  }
  if (text.substr(0, text.find('\n')) != kInviteFirstLine) {
    return Damaged("has a version that this program does not know");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> CheckedBody(std::string_view text) {
  if (text.size() < kChecksumLineSize) return Damaged("is cut short");
  const std::string_view body = text.substr(0, text.size() - kChecksumLineSize);
  const std::string_view last = text.substr(body.size());
  if (!body.ends_with('\n') || !last.starts_with(kChecksumName)) {
    return Damaged("is cut short or has something after its checksum");
  }
  if (last != ChecksumLine(body)) {
    return Damaged("is damaged: its checksum does not match");
  }
  return body;
}

}  // namespace

absl::StatusOr<InviteLines> SplitInvite(std::string_view text) {
  if (auto s = CheckPrefix(text); !s.ok()) return s;
  const auto body = CheckedBody(text);
  if (!body.ok()) return body.status();

  InviteLines out;
  LineReader lines(*body);
  lines.Next();  // CheckPrefix has looked at it.
  for (size_t i = 0; i < kInviteFieldCount; ++i) {
    const auto value = ReadField(lines, kInviteFieldNames[i]);
    if (!value.ok()) return value.status();
    out.fields[i] = *value;
  }
  for (const auto& [block, label] : {std::pair{&out.authority, "CERTIFICATE"},
                                     std::pair{&out.certificate, "CERTIFICATE"},
                                     std::pair{&out.key, "PRIVATE KEY"}}) {
    const auto read = ReadBlock(lines, label);
    if (!read.ok()) return read.status();
    *block = *read;
  }
  if (!lines.rest().empty()) {
    return InviteLineError(lines.line() + 1, "unknown content");
  }
  return out;
}

std::string ChecksumLine(std::string_view body) {
  const auto hash = crypto::Sha256(crypto::AsBytes(body));
  return absl::StrCat(std::string(kChecksumName), ToHex(hash), "\n");
}

absl::Status InviteLineError(size_t line, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("invite line ", line, ": ", std::string(what)));
}

}  // namespace sodality::pki
