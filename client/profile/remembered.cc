#include "client/profile/remembered.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/include/sodality/error_info.h"
#include "client/profile/private_file.h"
#include "client/profile/profile_files.h"
#include "crypto/pki/digest.h"
#include "crypto/secret.h"

namespace sodality {
namespace {

constexpr char kFirstLine[] = "sodality-remember-1";
constexpr char kRevision[] = "revision: ";
constexpr char kNumber[] = "ledger-number: ";
constexpr char kLeaf[] = "ledger-leaf: ";
constexpr char kKey[] = "ledger-key: ";
constexpr size_t kMaxFile = 1024;

absl::Status WentBack(const std::string& how) {
  return MakeError(absl::StatusCode::kDataLoss,
                   absl::StrCat("the server went back: ", how),
                   {.reason = "SERVER_WENT_BACK",
                    .hint = "ask an admin whether a backup was restored"});
}

absl::Status Behind(const char* what, uint64_t known, uint64_t seen) {
  return WentBack(absl::StrCat(what, " ", seen, " is behind ", known,
                               ", which this device has seen"));
}

// What follows `prefix`; empty when the line is another.
std::string After(const std::string& line, std::string_view prefix) {
  return std::string_view(line).starts_with(prefix) ? line.substr(prefix.size())
                                                    : std::string();
}

// Zeros unless `hex` is 64 lower-case digits.
std::array<uint8_t, 32> Hex32(std::string_view hex) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<uint8_t, 32> out{};
  if (hex.size() != 2 * out.size()) return out;
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t high = kDigits.find(hex[2 * i]);
    const size_t low = kDigits.find(hex[2 * i + 1]);
    if (high == kDigits.npos || low == kDigits.npos) return {};
    out[i] = static_cast<uint8_t>(high * 16 + low);
  }
  return out;
}

bool IsNewer(const Remembered& seen, const std::optional<Remembered>& kept) {
  return !kept.has_value() ||
         (seen.ledger_number >= kept->ledger_number &&
          seen.revision >= kept->revision && seen != *kept);
}

}  // namespace

absl::Status CheckNotBehind(const Remembered& known, const Remembered& seen) {
  if (seen.ledger_key != known.ledger_key) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "another key than before signs the server's ledger",
                     {.reason = "LEDGER_KEY_CHANGED",
                      .hint = "ask an admin whether it was rotated"});
  }
  if (seen.ledger_number < known.ledger_number) {
    return Behind("ledger entry", known.ledger_number, seen.ledger_number);
  }
  if (seen.revision < known.revision) {
    return Behind("revision", known.revision, seen.revision);
  }
  if (seen.ledger_number == known.ledger_number &&
      seen.ledger_leaf != known.ledger_leaf) {
    return WentBack(absl::StrCat("ledger entry ", known.ledger_number,
                                 " is not the one this device has seen"));
  }
  return absl::OkStatus();
}

std::string FormatRemembered(const Remembered& remembered) {
  return absl::StrCat(kFirstLine, "\n", kRevision, remembered.revision, "\n",
                      kNumber, remembered.ledger_number, "\n", kLeaf,
                      pki::ToHex(remembered.ledger_leaf), "\n", kKey,
                      pki::ToHex(remembered.ledger_key), "\n");
}

absl::StatusOr<Remembered> ParseRemembered(std::string_view text) {
  const std::vector<std::string> lines =
      absl::StrSplit(absl::string_view(text.data(), text.size()), '\n');
  Remembered out;
  if (lines.size() == 6 &&
      absl::SimpleAtoi(After(lines[1], kRevision), &out.revision) &&
      absl::SimpleAtoi(After(lines[2], kNumber), &out.ledger_number)) {
    out.ledger_leaf = Hex32(After(lines[3], kLeaf));
    out.ledger_key = Hex32(After(lines[4], kKey));
    // Only the canonical form is read, which the writer is the measure of.
    if (FormatRemembered(out) == text) return out;
  }
  return absl::DataLossError("what was remembered of the server is damaged");
}

RememberFile::RememberFile(std::string profile_folder, platform::FileSystem& fs)
    : folder_(std::move(profile_folder)), fs_(&fs) {}

absl::StatusOr<std::optional<Remembered>> RememberFile::Read() const {
  const auto bytes =
      platform::ReadFile(*fs_, folder_ + kRememberFile, kMaxFile);
  if (absl::IsNotFound(bytes.status())) return std::nullopt;
  if (!bytes.ok()) return bytes.status();
  auto parsed = ParseRemembered(crypto::AsText(*bytes));
  if (!parsed.ok()) return parsed.status();
  return *parsed;
}

absl::Status RememberFile::Advance(const std::optional<Remembered>& before,
                                   const Remembered& seen) const {
  if (before.has_value()) {
    if (auto s = CheckNotBehind(*before, seen); !s.ok()) return s;
  }
  const auto lock = FileLock::Wait(folder_ + kRememberLock);
  if (!lock.ok()) return lock.status();
  const auto kept = Read();
  if (!kept.ok()) return kept.status();
  if (!IsNewer(seen, *kept)) return absl::OkStatus();
  return platform::ReplaceFile(*fs_, folder_ + kRememberFile,
                               crypto::AsBytes(FormatRemembered(seen)));
}

absl::Status RememberFile::Forget() const {
  const auto lock = FileLock::Wait(folder_ + kRememberLock);
  if (!lock.ok()) return lock.status();
  const absl::Status s = fs_->Remove(folder_ + kRememberFile);
  return absl::IsNotFound(s) ? absl::OkStatus() : s;
}

}  // namespace sodality
