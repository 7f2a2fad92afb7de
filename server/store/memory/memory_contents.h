// What a MemoryStore holds, and what a group of writes makes of it. Internal to
// memory_store.cc.
#ifndef SODALITY_SERVER_STORE_MEMORY_MEMORY_CONTENTS_H_
#define SODALITY_SERVER_STORE_MEMORY_MEMORY_CONTENTS_H_

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/clock.h"
#include "platform/mutex.h"
#include "server/store/group_writer.h"
#include "server/store/member_store.h"

namespace sodality::store {

struct StoredMember {
  uint64_t revision = 0;
  uint64_t changed_at = 0;
  uint32_t wrap_version = 0;
  Bytes sealed;
  std::vector<IndexToken> tokens;  // Sorted.
};

struct StoredRequest {
  platform::Timestamp expires;
  Bytes sealed;
};

// All members are guarded by `mutex`: a group locks it, and so does whoever
// reads.
class MemoryContents final : public GroupTarget {
 public:
  using RowName = std::pair<AccessTable, IdBytes>;

  ~MemoryContents() override = default;

  GroupOutcome CommitGroup(const std::vector<Write>& writes,
                           const Housekeeping& housekeeping) override;

  platform::Mutex mutex;
  absl::Status failure SODALITY_GUARDED_BY(mutex);
  int writes_until_lost SODALITY_GUARDED_BY(mutex) = 0;
  DigestSealer* sealer SODALITY_GUARDED_BY(mutex) = nullptr;
  Revision revision SODALITY_GUARDED_BY(mutex) = 0;
  std::map<MemberId, StoredMember> members SODALITY_GUARDED_BY(mutex);
  std::map<RowName, AccessRow> rows SODALITY_GUARDED_BY(mutex);
  std::map<RequestKey, StoredRequest> requests SODALITY_GUARDED_BY(mutex);
  std::map<Revision, Bytes> outbox SODALITY_GUARDED_BY(mutex);
  std::map<LedgerTag, std::set<uint64_t>> index SODALITY_GUARDED_BY(mutex);
  uint64_t indexed_through SODALITY_GUARDED_BY(mutex) = 0;
  Bytes digest SODALITY_GUARDED_BY(mutex);
  uint32_t wrap_retired_below SODALITY_GUARDED_BY(mutex) = 0;
  uint16_t index_retired_below SODALITY_GUARDED_BY(mutex) = 0;

 private:
  uint64_t VersionOf(const MemberId& id) const SODALITY_REQUIRES(mutex);
  uint64_t VersionOf(const RowName& name) const SODALITY_REQUIRES(mutex);
  absl::StatusOr<Revision> CommitOne(const Write& write)
      SODALITY_REQUIRES(mutex);
  absl::Status CheckExpected(const Write& write) const SODALITY_REQUIRES(mutex);
  [[nodiscard]] bool IsRewrappedBy(const RewrapMember& rewrap) const
      SODALITY_REQUIRES(mutex);
  absl::Status CheckWrapVersions(const Write& write) const
      SODALITY_REQUIRES(mutex);
  absl::Status CheckIndexVersions(const Write& write) const
      SODALITY_REQUIRES(mutex);
  absl::Status Seal(const Write& write) SODALITY_REQUIRES(mutex);
  void Apply(const Write& write) SODALITY_REQUIRES(mutex);
  void Keep(const Housekeeping& housekeeping) SODALITY_REQUIRES(mutex);
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_MEMORY_MEMORY_CONTENTS_H_
