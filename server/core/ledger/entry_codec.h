// Entries as bytes: the canonical header that is hashed, the stored form that
// is sealed, and drafts for the outbox. docs/formats-ledger.md. Read next:
// segment.h.
#ifndef SODALITY_SERVER_CORE_LEDGER_ENTRY_CODEC_H_
#define SODALITY_SERVER_CORE_LEDGER_ENTRY_CODEC_H_

#include <memory>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/sealed_blob.h"
#include "platform/mutex.h"
#include "server/core/ledger/entry.h"

namespace sodality::core {

store::Bytes EncodeHeader(const EntryHeader& header);
// Without the commitments, which stand beside the header. DATA_LOSS;
// FAILED_PRECONDITION for a newer format.
absl::StatusOr<EntryHeader> DecodeHeader(std::span<const uint8_t> bytes);

// SHA-256(0x00 || canonical header || commitment of each member part).
Hash LeafHash(std::span<const uint8_t> canonical,
              std::span<const EntryHeader::Part> parts);

// Makes an entry's canonical bytes and leaf from its header.
Entry MakeEntry(EntryHeader header, std::vector<store::Bytes> sealed_parts);

inline constexpr size_t kMaxEntryParts = 4096;

// Seals entries and drafts under the active version of the ledger key, and
// opens those of every version. Thread safety: safe.
class EntrySealer final {
 public:
  // FAILED_PRECONDITION when the keyring has no ledger key.
  static absl::StatusOr<std::unique_ptr<EntrySealer>> Create(
      std::shared_ptr<const crypto::Keyring> keyring, crypto::Random& random);

  // INVALID_ARGUMENT with more than kMaxEntryParts. SealDraft likewise.
  absl::StatusOr<store::Bytes> Seal(const Entry& entry) const;
  // DATA_LOSS when it does not open as entry `number`; FAILED_PRECONDITION
  // when its key version or its format is unknown. OpenDraft likewise.
  absl::StatusOr<Entry> Open(uint64_t number,
                             std::span<const uint8_t> blob) const;
  absl::StatusOr<store::Bytes> SealDraft(const EntryDraft& draft) const;
  absl::StatusOr<EntryDraft> OpenDraft(std::span<const uint8_t> blob) const;

 private:
  EntrySealer(std::shared_ptr<const crypto::Keyring> keyring, uint32_t active,
              crypto::Random& random);
  absl::StatusOr<crypto::Plaintext> OpenBlob(
      std::string_view purpose, const crypto::AssociatedData& bound_to,
      std::span<const uint8_t> blob) const;

  // Of one version.
  struct Sealers {
    explicit Sealers(crypto::Versioned<crypto::LedgerKey> key);
    uint32_t version;
    crypto::BlobSealer entries;
    crypto::BlobSealer drafts;
  };
  const Sealers& Active() const { return versions_[active_]; }

  const std::shared_ptr<const crypto::Keyring> keyring_;
  std::vector<Sealers> versions_;  // All that the keyring has.
  size_t active_ = 0;
  crypto::Random& random_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_ENTRY_CODEC_H_
