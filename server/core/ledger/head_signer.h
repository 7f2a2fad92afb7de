// Signs heads of the ledger, each under the version of the signing key that is
// its number's, and says how one version followed another. docs/formats-
// ledger.md, docs/adr/0025-ledger-key.md. Read next: ledger_impl.h.
#ifndef SODALITY_SERVER_CORE_LEDGER_HEAD_SIGNER_H_
#define SODALITY_SERVER_CORE_LEDGER_HEAD_SIGNER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/signing.h"
#include "server/core/ledger/entry.h"

namespace sodality::core {

// From which entry on a version of the ledger's keys is in use.
struct SignKeyStart {
  uint64_t number = 0;
  uint32_t version = 0;
};
// Of an entry that says so; nothing of every other.
std::optional<SignKeyStart> FindSignKeyStart(const EntryHeader& header);

// Version 1 signs until the first start. Thread safety: safe. Secrets: one
// expanded key; the keyring is shared.
class HeadSigner final {
 public:
  // `starts` in the order of their numbers. DATA_LOSS unless they are of
  // versions 2, 3 and so on; FAILED_PRECONDITION when the keyring lacks one.
  static absl::StatusOr<std::shared_ptr<const HeadSigner>> Create(
      std::shared_ptr<const crypto::Keyring> keyring,
      std::vector<SignKeyStart> starts);

  // `head` may be of before the last start.
  SignedHead Sign(const Head& head, const Descent& descent) const;

 private:
  HeadSigner(std::shared_ptr<const crypto::Keyring> keyring,
             std::vector<SignKeyStart> starts,
             const crypto::LedgerSignKey& newest);

  const std::shared_ptr<const crypto::Keyring> keyring_;
  const std::vector<SignKeyStart> starts_;
  const crypto::Signer newest_;
  std::vector<SignedHead::KeyChange> changes_;  // As many as starts.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_HEAD_SIGNER_H_
