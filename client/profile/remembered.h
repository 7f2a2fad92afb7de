// What this device has seen of its server, so that a server set back to an old
// state (database and ledger together) is noticed. File: docs/formats-pki.md.
#ifndef SODALITY_CLIENT_PROFILE_REMEMBERED_H_
#define SODALITY_CLIENT_PROFILE_REMEMBERED_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/include/sodality/ledger_types.h"
#include "platform/file.h"

namespace sodality {

using ChapterLife = std::array<uint8_t, 16>;

// A head of the ledger with the store's revision when it was signed.
struct Remembered {
  uint64_t revision = 0;
  uint64_t ledger_number = 0;
  std::array<uint8_t, 32> ledger_leaf{};
  std::array<uint8_t, 32> ledger_key{};  // Ed25519 public key of the heads
  // Of the chapter; another after each restore of a backup, zeros before the
  // first.
  ChapterLife incarnation{};
  // Those that others followed, the oldest first; kMaxFormer at most, the
  // newest. A server names one, the parent of the one that it is.
  std::vector<ChapterLife> former = {};

  static constexpr size_t kMaxFormer = 64;
  friend bool operator==(const Remembered&, const Remembered&) = default;
};

// `known` as if the key of `head` had signed it, when the changes of key that
// `head` tells lead there from the one that did, at entries that this device
// had not seen; else as it is. The head is verified (VerifyHead).
Remembered FollowKeys(Remembered known, const LedgerHead& head);

enum class Succession {
  kOnward,
  kRestored,  // From a backup: what this device saw after that is lost.
};

// DATA_LOSS (SERVER_WENT_BACK) when `seen` is older than `known`, names
// another leaf at the same number, or is of an incarnation that another
// followed; FAILED_PRECONDITION (LEDGER_KEY_CHANGED) when another key signed
// it. Does not check signatures.
absl::StatusOr<Succession> CheckNotBehind(const Remembered& known,
                                          const Remembered& seen);

std::string FormatRemembered(const Remembered& remembered);
// DATA_LOSS when `text` is nothing that FormatRemembered returned.
absl::StatusOr<Remembered> ParseRemembered(std::string_view text);

// The file `remember` of one profile. Thread safety: safe, also between
// processes: one waits for the other.
class RememberFile final {
 public:
  explicit RememberFile(std::string profile_folder,
                        platform::FileSystem& fs = platform::PosixFileSystem());

  // Nothing when nothing has been remembered yet; DATA_LOSS when damaged. Read
  // it before the server is asked for its head.
  absl::StatusOr<std::optional<Remembered>> Read() const;
  // Checks `seen` against what was remembered `before` the server was asked,
  // then keeps it atomically unless another process has kept a newer one.
  // Errors as CheckNotBehind and Read.
  absl::StatusOr<Succession> Advance(const std::optional<Remembered>& before,
                                     const Remembered& seen) const;
  // After an admin has restored a backup and said so: the past is forgotten.
  absl::Status Forget() const;

 private:
  std::string folder_;
  platform::FileSystem* fs_;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_REMEMBERED_H_
