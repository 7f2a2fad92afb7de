// One sealed value bound to a purpose and to associated data: access rows, the
// digest row, ledger entries, a member's part of an entry. docs/formats.md
// section 3. Read next: keyed_hash.h.
#ifndef SODALITY_CRYPTO_SEALED_BLOB_H_
#define SODALITY_CRYPTO_SEALED_BLOB_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/aad.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

// Bytes of a blob beyond the padded plaintext.
inline constexpr size_t kBlobOverhead = 46;
inline constexpr size_t kMaxBlobSize = 4 << 20;  // Bytes of plaintext.

// The key version a blob names, without opening it. DATA_LOSS when the bytes
// are no blob; FAILED_PRECONDITION when the format is newer than this code.
absl::StatusOr<uint32_t> BlobKeyVersion(std::span<const uint8_t> blob);

// Seals and opens blobs of one purpose under one key version. Making one costs
// one hash, so keep it where many blobs follow each other.
// Thread safety: const methods are safe. Secrets: holds a subkey, wiped at
// destruction.
class BlobSealer final {
 public:
  // `purpose` separates uses of one key, e.g. "ledger-entry".
  BlobSealer(Versioned<StateKey> key, std::string_view purpose);
  BlobSealer(Versioned<LedgerKey> key, std::string_view purpose);
  BlobSealer(Versioned<LeaseKey> key, std::string_view purpose);
  BlobSealer(Versioned<SuppressionKey> key, std::string_view purpose);
  BlobSealer(Versioned<MemberLedgerKey> key, std::string_view purpose);

  // Pads to a length bucket and seals. INVALID_ARGUMENT above kMaxBlobSize.
  absl::StatusOr<std::vector<uint8_t>> Seal(const AssociatedData& bound_to,
                                            const Plaintext& plaintext,
                                            Random& random) const;
  // DATA_LOSS, with one message whatever the cause, when it does not open;
  // FAILED_PRECONDITION when the blob names another key version or a newer
  // format.
  absl::StatusOr<Plaintext> Open(const AssociatedData& bound_to,
                                 std::span<const uint8_t> blob) const;

 private:
  uint32_t version_;
  std::string purpose_;
  SubKey seal_;
};

// The place of an access row. A row moved to another place does not open.
struct RowPlace {
  uint16_t table_id = 0;
  Bytes16 row_id{};
  uint64_t row_version = 0;
};

// Access rows (principals, devices, grants, invites, approvals).
// Thread safety and secrets as BlobSealer.
class RowSealer final {
 public:
  RowSealer(const Bytes16& chapter_id, Versioned<StateKey> key);
  absl::StatusOr<std::vector<uint8_t>> Seal(const RowPlace& place,
                                            const Plaintext& plaintext,
                                            Random& random) const;
  absl::StatusOr<Plaintext> Open(const RowPlace& place,
                                 std::span<const uint8_t> row) const;

 private:
  Bytes16 chapter_id_;
  BlobSealer blobs_;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SEALED_BLOB_H_
