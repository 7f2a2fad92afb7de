// Group commit without the medium: a queue, the one thread that empties it, and
// the order in which waiters are answered. Both stores are a GroupTarget.
// Read next: sqlcipher/writer.h.
#ifndef SODALITY_SERVER_STORE_GROUP_WRITER_H_
#define SODALITY_SERVER_STORE_GROUP_WRITER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/clock.h"
#include "platform/mutex.h"
#include "server/store/member_store.h"

namespace sodality::store {

// A group never waits for company: it is what was queued when the one before
// ended, up to these limits (one write always fits).
struct GroupLimits {
  size_t writes = 256;
  size_t bytes = 16 << 20;
};

// What goes along with the next transaction and has no revision of its own.
struct Housekeeping {
  Revision outbox_through = 0;  // 0: nothing acknowledged.
  std::optional<platform::Timestamp> expire_before;
  std::vector<LedgerIndexRow> index_rows;
  uint64_t indexed_through = 0;  // 0: nothing indexed.

  [[nodiscard]] bool empty() const {
    return outbox_through == 0 && !expire_before && indexed_through == 0;
  }
  // Adds what was queued after this.
  void Append(Housekeeping later);
};

struct GroupOutcome {
  std::vector<absl::StatusOr<Revision>> writes;  // One a write, in order.
  bool housekept = false;                        // False: hand it in again.
};

class GroupTarget {
 public:
  virtual ~GroupTarget() = default;
  // Makes the group durable before it returns. Called on one thread only.
  virtual GroupOutcome CommitGroup(const std::vector<Write>& writes,
                                   const Housekeeping& housekeeping) = 0;
  // Called when the group's waiters are answered: time for what need not be
  // waited for.
  virtual void AfterAnswers() {}
};

// Thread safety: safe. Lifetime: `target` outlives this; the destructor
// commits what is queued and answers every waiter.
class GroupWriter {
 public:
  GroupWriter(GroupTarget& target, GroupLimits limits);
  ~GroupWriter();
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  // As MemberStore::Submit. A write over a limit is answered in its turn too.
  void Submit(Write write, WriteDone done);
  // Runs `command` on the writer's thread when all that was queued before is
  // committed, housekeeping included, and returns when it has run.
  void Run(const std::function<void()>& command);
  // Goes with the next group, or alone after a second without one. Rows of the
  // ledger's index beyond a million waiting end the indexing until the next
  // start, which resumes from what is durable.
  void Add(Housekeeping housekeeping);

 private:
  struct Item {
    Write write;
    WriteDone done;
    std::function<void()> command;  // Set: no write.
  };
  struct Batch {
    std::vector<Write> writes;
    std::vector<WriteDone> done;
    Housekeeping housekeeping;
    std::function<void()> command;
    bool last = false;
  };

  void Loop();
  Batch Take() SODALITY_EXCLUDES(mutex_);
  void WaitForWork() SODALITY_REQUIRES(mutex_);
  void Commit(Batch& batch) SODALITY_EXCLUDES(mutex_);

  GroupTarget& target_;
  const GroupLimits limits_;
  platform::Mutex mutex_;
  platform::CondVar work_;
  std::deque<Item> queue_ SODALITY_GUARDED_BY(mutex_);
  Housekeeping pending_ SODALITY_GUARDED_BY(mutex_);
  // When `pending_` goes alone; none while there is nothing to go.
  std::optional<std::chrono::steady_clock::time_point> due_
      SODALITY_GUARDED_BY(mutex_);
  bool indexing_ SODALITY_GUARDED_BY(mutex_) = true;
  bool stopping_ SODALITY_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_GROUP_WRITER_H_
