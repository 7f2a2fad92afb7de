// The digest row: what the database should hold, kept beside it under the state
// key, so that a row put back or taken out is noticed (docs/formats.md "Digest
// row"). Read next: chapter.h.
#ifndef SODALITY_SERVER_CORE_STORE_DIGEST_H_
#define SODALITY_SERVER_CORE_STORE_DIGEST_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/keyed_hash.h"
#include "crypto/keyring.h"
#include "crypto/sealed_blob.h"
#include "platform/mutex.h"
#include "server/core/ledger/entry.h"
#include "server/store/member_store.h"

namespace sodality::core {

// What one digest row says.
struct DigestFacts {
  // Table 0 is members, the others are the values of AccessTable.
  static constexpr size_t kTables = 10;
  store::Revision revision = 0;
  Head ledger;  // The ledger's head when the transaction was made.
  // The keyring's then; 0 in what a program before 0.2 wrote.
  uint64_t keyring_generation = 0;
  std::array<crypto::DigestAccumulator, kTables> tables;
};

// Thread safety: SealAfter and Resolve on the writer's thread; the rest safe.
class StoreDigest final : public store::DigestSealer {
 public:
  // Both are asked at each transaction: for the ledger's head, and for the
  // generation of the keyring whose file is durable.
  // FAILED_PRECONDITION when the keyring has no state key.
  static absl::StatusOr<std::unique_ptr<StoreDigest>> Create(
      const crypto::Keyring& keyring, crypto::Random& random,
      std::function<Head()> head, std::function<uint64_t()> generation);

  // Takes the stored row (empty: a fresh store) and checks it against the
  // store's revision. DATA_LOSS naming what does not fit.
  absl::Status Load(const store::Bytes& row, store::Revision revision);
  // DATA_LOSS when the rows are not those of the digest.
  absl::Status CheckAccessRows(std::span<const store::AccessRow> rows) const;
  // Reads every member's id and revision. DATA_LOSS when they are not those of
  // the digest; ABORTED when something is being written meanwhile: try again.
  absl::Status CheckMembers(store::MemberStore& store) const;
  DigestFacts facts() const;

  absl::StatusOr<store::Bytes> SealAfter(
      std::span<const store::RowChange> changes,
      store::Revision revision) override;
  void Resolve(bool committed) override;

 private:
  StoreDigest(const crypto::Keyring& keyring,
              crypto::Versioned<crypto::StateKey> key, crypto::Random& random,
              std::function<Head()> head, std::function<uint64_t()> generation);
  // How many groups there have been; nothing in the midst of one.
  std::optional<uint64_t> SettledGroups() const;

  const crypto::Bytes16 chapter_id_;
  const crypto::RowDigester digester_;
  const crypto::BlobSealer sealer_;
  crypto::Random& random_;
  const std::function<Head()> head_;
  const std::function<uint64_t()> generation_;
  DigestFacts pending_;  // The writer's thread only.
  mutable platform::Mutex mutex_;
  DigestFacts facts_ SODALITY_GUARDED_BY(mutex_);
  // Groups sealed, and whether the last of them is not resolved yet: its rows
  // may be read already.
  uint64_t groups_ SODALITY_GUARDED_BY(mutex_) = 0;
  bool in_between_ SODALITY_GUARDED_BY(mutex_) = false;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_STORE_DIGEST_H_
