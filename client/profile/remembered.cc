#include "client/profile/remembered.h"

#include <algorithm>
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

// Where no restore was seen the first format is written, as before there was
// another.
constexpr char kFirstLine[] = "sodality-remember-2";
constexpr char kUnrestored[] = "sodality-remember-1";
constexpr char kRevision[] = "revision: ";
constexpr char kNumber[] = "ledger-number: ";
constexpr char kLeaf[] = "ledger-leaf: ";
constexpr char kKey[] = "ledger-key: ";
constexpr char kIncarnation[] = "incarnation: ";
constexpr char kFormer[] = "former: ";
constexpr size_t kMaxFile = 4096;

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
std::string Rest(const std::string& line, std::string_view prefix) {
  return std::string_view(line).starts_with(prefix) ? line.substr(prefix.size())
                                                    : std::string();
}

// Zeros unless `hex` is as many lower-case digits as there are places.
template <size_t kBytes>
std::array<uint8_t, kBytes> Unhex(std::string_view hex) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<uint8_t, kBytes> out{};
  if (hex.size() != 2 * out.size()) return out;
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t high = kDigits.find(hex[2 * i]);
    const size_t low = kDigits.find(hex[2 * i + 1]);
    if (high == kDigits.npos || low == kDigits.npos) return {};
    out[i] = static_cast<uint8_t>(high * 16 + low);
  }
  return out;
}

bool Holds(const std::vector<ChapterLife>& lives, const ChapterLife& one) {
  return std::find(lives.begin(), lives.end(), one) != lives.end();
}

// The first follows none.
bool IsFormer(const ChapterLife& incarnation, const Remembered& known) {
  return incarnation != known.incarnation &&
         (incarnation == ChapterLife{} || Holds(known.former, incarnation));
}

bool IsNewer(const Remembered& seen, const Remembered& kept) {
  if (seen.incarnation != kept.incarnation) {
    return !IsFormer(seen.incarnation, kept);
  }
  return seen.ledger_number >= kept.ledger_number &&
         seen.revision >= kept.revision;
}

// What is to be remembered of `seen` by whoever remembered `kept`.
Remembered After(const Remembered& kept, Remembered seen) {
  std::vector<ChapterLife> former = kept.former;
  std::vector<ChapterLife> more = seen.former;
  if (seen.incarnation != kept.incarnation) more.push_back(kept.incarnation);
  for (const ChapterLife& one : more) {
    if (!Holds(former, one)) former.push_back(one);
  }
  while (former.size() > Remembered::kMaxFormer) former.erase(former.begin());
  seen.former = std::move(former);
  return seen;
}

}  // namespace

Remembered FollowKeys(Remembered known, const LedgerHead& head) {
  const auto incarnation = crypto::AsBytes(head.incarnation);
  const bool same_life =
      incarnation.empty()
          ? known.incarnation == ChapterLife{}
          : std::equal(incarnation.begin(), incarnation.end(),
                       known.incarnation.begin(), known.incarnation.end());
  const auto found =
      std::find_if(head.key_changes.begin(), head.key_changes.end(),
                   [&](const LedgerKeyChange& change) {
                     return crypto::AsText(known.ledger_key) == change.old_key;
                   });
  // Numbers of another incarnation say nothing of this one's.
  if (found == head.key_changes.end() ||
      (same_life && found->number <= known.ledger_number)) {
    return known;
  }
  const auto key = crypto::AsBytes(head.public_key);
  std::copy_n(key.begin(), std::min(key.size(), known.ledger_key.size()),
              known.ledger_key.begin());
  return known;
}

absl::StatusOr<Succession> CheckNotBehind(const Remembered& known,
                                          const Remembered& seen) {
  if (seen.ledger_key != known.ledger_key) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "another key than before signs the server's ledger",
                     {.reason = "LEDGER_KEY_CHANGED",
                      .hint = "no rotation leads there from the key that this "
                              "device knows: ask an admin whether an old "
                              "backup was restored"});
  }
  if (IsFormer(seen.incarnation, known)) {
    return WentBack("it is what it was before a restore");
  }
  if (seen.incarnation != known.incarnation) return Succession::kRestored;
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
  return Succession::kOnward;
}

std::string FormatRemembered(const Remembered& remembered) {
  const bool restored =
      remembered.incarnation != ChapterLife{} || !remembered.former.empty();
  std::string text =
      absl::StrCat(restored ? kFirstLine : kUnrestored, "\n", kRevision,
                   remembered.revision, "\n", kNumber, remembered.ledger_number,
                   "\n", kLeaf, pki::ToHex(remembered.ledger_leaf), "\n", kKey,
                   pki::ToHex(remembered.ledger_key), "\n");
  if (!restored) return text;
  absl::StrAppend(&text, kIncarnation, pki::ToHex(remembered.incarnation),
                  "\n");
  for (const ChapterLife& one : remembered.former) {
    absl::StrAppend(&text, kFormer, pki::ToHex(one), "\n");
  }
  return text;
}

absl::StatusOr<Remembered> ParseRemembered(std::string_view text) {
  const std::vector<std::string> lines =
      absl::StrSplit(absl::string_view(text.data(), text.size()), '\n');
  Remembered out;
  if (lines.size() >= 6 &&
      absl::SimpleAtoi(Rest(lines[1], kRevision), &out.revision) &&
      absl::SimpleAtoi(Rest(lines[2], kNumber), &out.ledger_number)) {
    out.ledger_leaf = Unhex<32>(Rest(lines[3], kLeaf));
    out.ledger_key = Unhex<32>(Rest(lines[4], kKey));
    out.incarnation = Unhex<16>(Rest(lines[5], kIncarnation));
    for (size_t i = 6; i + 1 < lines.size(); ++i) {
      out.former.push_back(Unhex<16>(Rest(lines[i], kFormer)));
    }
    // Only the canonical form is read, which the writer is the measure of.
    if (out.former.size() <= Remembered::kMaxFormer &&
        FormatRemembered(out) == text) {
      return out;
    }
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

absl::StatusOr<Succession> RememberFile::Advance(
    const std::optional<Remembered>& before, const Remembered& seen) const {
  absl::StatusOr<Succession> succession = Succession::kOnward;
  if (before.has_value()) succession = CheckNotBehind(*before, seen);
  if (!succession.ok()) return succession;
  const auto lock = FileLock::Wait(folder_ + kRememberLock);
  if (!lock.ok()) return lock.status();
  const auto kept = Read();
  if (!kept.ok()) return kept.status();
  Remembered next = seen;
  if (kept->has_value()) {
    if (!IsNewer(seen, **kept)) return succession;
    next = After(**kept, seen);
    if (next == **kept) return succession;
  }
  const absl::Status written = platform::ReplaceFile(
      *fs_, folder_ + kRememberFile, crypto::AsBytes(FormatRemembered(next)));
  if (!written.ok()) return written;
  return succession;
}

absl::Status RememberFile::Forget() const {
  const auto lock = FileLock::Wait(folder_ + kRememberLock);
  if (!lock.ok()) return lock.status();
  const absl::Status s = fs_->Remove(folder_ + kRememberFile);
  return absl::IsNotFound(s) ? absl::OkStatus() : s;
}

}  // namespace sodality
