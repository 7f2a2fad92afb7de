// A member's record, sealed: a fresh record key wrapped by a wrap key, a
// commitment to it, and one ciphertext a field. docs/formats.md section 2 has
// the bytes, docs/adr/0004-envelope.md the reasons. Read next: keyring.h.
#ifndef SODALITY_CRYPTO_RECORD_H_
#define SODALITY_CRYPTO_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/keyed_hash.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

inline constexpr size_t kMaxFields = 512;
inline constexpr size_t kMaxFieldSize = 1 << 20;  // Bytes of plaintext.
// u16 field id, u32 length, nonce, tag; the padding comes on top.
inline constexpr size_t kFieldOverhead = 46;

// What a record is bound to; moved to another, it does not open.
struct RecordContext {
  Bytes16 chapter_id{};
  Bytes16 member_id{};
  uint64_t revision = 0;  // The member's own: 1, 2, 3...
};

struct FieldToSeal {
  uint16_t field_id = 0;
  const Plaintext* value = nullptr;  // Borrowed; not null.
};

// Seals `fields` under a fresh record key. Fields may come in any order; two
// of the same id, more than kMaxFields or a value above kMaxFieldSize are
// INVALID_ARGUMENT (naming the field id, never the value).
absl::StatusOr<std::vector<uint8_t>> SealRecord(
    const RecordContext& context, Versioned<WrapKey> wrap,
    std::span<const FieldToSeal> fields, Random& random);

class RecordReader;
struct WrapBinding;  // record_layout.h

// A sealed record, parsed and not opened. Borrows the bytes.
// Cost: no allocation up to 32 fields. Thread safety: const methods are safe.
class SealedRecord final {
 public:
  // DATA_LOSS when the bytes are no record; FAILED_PRECONDITION when the
  // format is newer than this code.
  static absl::StatusOr<SealedRecord> Parse(std::span<const uint8_t> bytes);

  uint32_t wrap_key_version() const { return wrap_key_version_; }

  // Unwraps the record key and checks the commitment, which also covers the
  // list of fields. `wrap` is the key of wrap_key_version(). DATA_LOSS, with
  // one message whatever the cause, when record, context and key do not belong
  // together.
  absl::StatusOr<RecordReader> Unwrap(const WrapKey& wrap,
                                      const RecordContext& context) const;

  // The same record under another wrap key; only the wrapped key changes.
  // Errors as Unwrap. The record key stays the same: a new wrap key does not
  // help against someone who had the old one (that is what re-sealing is for).
  absl::StatusOr<std::vector<uint8_t>> Rewrap(const WrapKey& from,
                                              Versioned<WrapKey> to,
                                              const RecordContext& context,
                                              Random& random) const;
  // The same fields under a fresh record key. DATA_LOSS also when a field does
  // not open.
  absl::StatusOr<std::vector<uint8_t>> Reseal(const WrapKey& from,
                                              Versioned<WrapKey> to,
                                              const RecordContext& context,
                                              Random& random) const;

 private:
  friend class RecordReader;
  struct Entry {
    uint16_t field_id = 0;
    std::span<const uint8_t> box;  // A nonce, then what is sealed.
  };
  using Entries = absl::InlinedVector<Entry, 32>;
  SealedRecord() = default;
  struct Unwrapped {
    RecordKey record_key;
    CommittingKeys subkeys;
  };
  absl::StatusOr<Unwrapped> UnwrapKey(const WrapKey& wrap,
                                      const WrapBinding& binding) const;
  absl::InlinedVector<uint8_t, 192> Directory() const;

  std::span<const uint8_t> bytes_;
  uint32_t wrap_key_version_ = 0;
  Entries entries_;  // Ascending by field id.
};

// A record whose key has been unwrapped; opens fields one by one, on demand.
// Borrows the record's bytes.
// Thread safety: const methods are safe. Secrets: holds the subkey `seal`.
class RecordReader final {
 public:
  // Ids of the fields present, ascending. Opens nothing.
  std::vector<uint16_t> field_ids() const;
  size_t size() const { return entries_.size(); }
  [[nodiscard]] bool Has(uint16_t field_id) const;
  // NOT_FOUND when absent; DATA_LOSS when it does not open.
  absl::StatusOr<Plaintext> OpenField(uint16_t field_id) const;

 private:
  friend class SealedRecord;
  RecordReader(const RecordContext& context, SealedRecord::Entries entries,
               SubKey seal)
      : context_(context),
        entries_(std::move(entries)),
        seal_(std::move(seal)) {}
  const SealedRecord::Entry* Find(uint16_t field_id) const;

  RecordContext context_;
  SealedRecord::Entries entries_;
  SubKey seal_;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_RECORD_H_
