// Sealed records in memory that were read lately, so that reading one again
// touches no page: most look-ups of a chapter of thousands. Read next:
// sqlcipher/sqlcipher_store.h.
#ifndef SODALITY_SERVER_STORE_RECENT_RECORDS_H_
#define SODALITY_SERVER_STORE_RECENT_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "absl/hash/hash.h"
#include "platform/mutex.h"
#include "server/store/member_store.h"

namespace sodality::store {

// Never tells of a member what a commit has changed, or may be about to change:
// a commit announces what it writes before it begins, and what a read met that
// was under way meanwhile is not kept. So whoever has seen a newer record finds
// no older one here.
//
// What was asked for least lately goes, half of the memory at once: it holds
// between half and all of it. Thread safety: safe.
class RecentRecords final {
 public:
  // How far commits were when a read began.
  class Moment final {
    friend class RecentRecords;
    uint64_t commits_ = 0;
  };

  // From its construction to its end. One at a time.
  class [[nodiscard]] Commit final {
   public:
    Commit(RecentRecords& records, const std::vector<Write>& writes)
        : records_(records) {
      records_.Begin(writes);
    }
    ~Commit() { records_.End(); }
    Commit(const Commit&) = delete;
    Commit& operator=(const Commit&) = delete;

   private:
    RecentRecords& records_;
  };

  // `bytes`: of sealed records, without what keeping them costs besides. What
  // takes more than half of it is never kept: with 0 nothing is.
  explicit RecentRecords(size_t bytes) : most_bytes_(bytes / 2) {}

  std::optional<MemberRecord> Find(const MemberId& id)
      SODALITY_EXCLUDES(mutex_);
  Moment Now() const SODALITY_EXCLUDES(mutex_);
  // What a read met that began at `began`. No work if it is there already.
  void Keep(const MemberRecord& record, Moment began) SODALITY_EXCLUDES(mutex_);

 private:
  using Records =
      std::unordered_map<MemberId, MemberRecord, absl::Hash<MemberId>>;

  void Begin(const std::vector<Write>& writes) SODALITY_EXCLUDES(mutex_);
  void End() SODALITY_EXCLUDES(mutex_);
  // Freed by the caller without the lock, as what Put returns.
  Records::node_type Take(const MemberId& id) SODALITY_REQUIRES(mutex_);
  // Returns what has to go for it.
  [[nodiscard]] Records Put(MemberRecord record) SODALITY_REQUIRES(mutex_);

  const size_t most_bytes_;  // Of each half.
  mutable platform::Mutex mutex_;
  uint64_t commits_ SODALITY_GUARDED_BY(mutex_) = 0;  // Odd: one is under way.
  // What was asked for since the halves were last swapped, and before.
  Records newer_ SODALITY_GUARDED_BY(mutex_);
  Records older_ SODALITY_GUARDED_BY(mutex_);
  size_t newer_bytes_ SODALITY_GUARDED_BY(mutex_) = 0;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_RECENT_RECORDS_H_
