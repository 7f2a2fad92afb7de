// Internal: what writing and reading a record share. docs/formats.md section 2.
#ifndef SODALITY_CRYPTO_RECORD_LAYOUT_H_
#define SODALITY_CRYPTO_RECORD_LAYOUT_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "crypto/aad.h"
#include "crypto/aead.h"
#include "crypto/byte_codec.h"
#include "crypto/key.h"
#include "crypto/keyed_hash.h"
#include "crypto/record.h"

namespace sodality::crypto {

inline constexpr uint8_t kRecordFormat = 1;
inline constexpr uint8_t kRecordAlgorithm = 1;
inline constexpr size_t kRecordHeaderSize = 8;
inline constexpr size_t kRecordBoxSize = RecordKey::kSize + kTagSize;
inline constexpr size_t kRecordCommitmentSize = 32;
// Header and wrapped key: what stands in front of the fields.
inline constexpr size_t kRecordPrefixSize =
    kRecordHeaderSize + kNonceSize + kRecordBoxSize + kRecordCommitmentSize;

// Id and length of every field in order: what the commitment covers, so that a
// field cannot be dropped from a record unnoticed.
using FieldDirectory = absl::InlinedVector<uint8_t, 192>;
void AppendToDirectory(FieldDirectory& directory, uint16_t field_id,
                       size_t sealed_size);

// What a wrapped key is bound to. Borrows.
struct WrapBinding {
  const RecordContext& context;
  uint32_t wrap_key_version;
  const FieldDirectory& directory;
};
AssociatedData BoxBinding(const WrapBinding& binding);
Bytes32 RecordCommitment(const SubKey& commit, const WrapBinding& binding);
AssociatedData FieldBinding(const RecordContext& context, uint16_t field_id);

CommittingKeys RecordSubKeys(const RecordKey& key);

struct KeyToWrap {
  const RecordKey& record_key;
  const SubKey& commit;
  Nonce nonce;
};

// Header, nonce, box and commitment: kRecordPrefixSize bytes.
void WriteRecordPrefix(ByteWriter& out, const WrapKey& wrap,
                       const KeyToWrap& key, const WrapBinding& binding);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_RECORD_LAYOUT_H_
