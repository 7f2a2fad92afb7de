// The file `tombstones` beside the ledger: append-only, each entry sealed and
// bound to the one before, under a key that no rotation changes. It goes with
// every backup, and a copy of it tells whoever restores an older backup what
// ended since. docs/formats-backup.md section 4. Read next: tombstones.h.
#ifndef SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONE_FILE_H_
#define SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONE_FILE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/sealed_blob.h"
#include "crypto/sha256.h"
#include "server/core/tombstones/tombstone.h"
#include "server/store/ids.h"

namespace sodality::core {

// The largest file that is read. Bytes.
inline constexpr uint64_t kMaxTombstoneFile = uint64_t{1} << 30;

// The end of a chain of entries.
struct TombstoneChain {
  uint64_t number = 0;     // Of the last entry, from 1.
  crypto::Bytes32 link{};  // SHA-256 of its sealed bytes; zeros before any.
};

// What a file says.
struct TombstoneContent {
  std::vector<TombstoneEntry> entries;
  TombstoneChain chain;
  uint64_t length = 0;  // Bytes up to the end of the last whole entry.
  // Behind it: an append that was cut off, or damage to the last entries.
  uint64_t torn_bytes = 0;
};

// Thread safety: safe. Secrets: holds a subkey of the suppression key.
class TombstoneCodec final {
 public:
  // FAILED_PRECONDITION when the keyring has no suppression key.
  static absl::StatusOr<TombstoneCodec> Create(const crypto::Keyring& keyring);

  // What stands at the beginning of a file.
  store::Bytes Header() const;
  // The bytes of the entry behind `chain`, which moves on to it.
  absl::StatusOr<store::Bytes> Seal(const TombstoneEntry& entry,
                                    crypto::Random& random,
                                    TombstoneChain& chain) const;
  // A whole file. DATA_LOSS naming the entry that is damaged with others behind
  // it; FAILED_PRECONDITION for another chapter's, or a newer program's.
  absl::StatusOr<TombstoneContent> Read(std::span<const uint8_t> file) const;

 private:
  TombstoneCodec(const crypto::Bytes16& chapter_id, crypto::BlobSealer sealer)
      : chapter_id_(chapter_id), sealer_(std::move(sealer)) {}
  absl::StatusOr<TombstoneEntry> Open(std::span<const uint8_t> blob,
                                      TombstoneChain& chain) const;

  crypto::Bytes16 chapter_id_;
  crypto::BlobSealer sealer_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONE_FILE_H_
