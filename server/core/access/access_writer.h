// One change of access rows: sealed, committed with its ledger entry, then put
// into the table in memory.
#ifndef SODALITY_SERVER_CORE_ACCESS_ACCESS_WRITER_H_
#define SODALITY_SERVER_CORE_ACCESS_ACCESS_WRITER_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "crypto/sealed_blob.h"
#include "server/core/access/codec.h"
#include "server/core/chapter.h"

namespace sodality::core {

struct AccessChange {
  std::vector<AccessFact> facts;  // As they shall be; version as it is now.
  EntryDraft entry;
  std::optional<store::PutRequest> request;
};

// Facts that are durable in the store now: what ended by them is recorded among
// the tombstones (or owed there), and each stands, one version on, where
// everybody looks it up.
void Settle(std::vector<AccessFact> facts, const DirectoryParts& parts);

// Thread safety: safe; two changes of one row at once: one gets ABORTED.
class AccessWriter final {
 public:
  explicit AccessWriter(const DirectoryParts& parts);
  // The committer's errors, with a reason where the outside can act on it.
  absl::Status Apply(AccessChange change) const;

 private:
  const DirectoryParts parts_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_ACCESS_WRITER_H_
