// The only connection that writes, and the only one that checkpoints.
// Read next: write_statements.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_WRITER_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/mutex.h"
#include "server/store/group_writer.h"
#include "server/store/sqlcipher/housekeeping_statements.h"
#include "server/store/sqlcipher/write_statements.h"
#include "sqlcipher/connection.h"
#include "sqlcipher/copy.h"
#include "sqlcipher/transaction.h"

namespace sodality::store {

// A group is one transaction with a savepoint for each write. What goes wrong:
//
//   a write's own fault (ABORTED, ...)   undone alone; the others go on
//   damage met by one write (DATA_LOSS)  that write fails; the rest is tried
//                                        again without it
//   full disk, no memory                 the whole group fails; later ones may
//                                        succeed
//   any other input or output error      the group fails and the writer stops
//                                        for good: after a failed sync nobody
//                                        knows what the medium holds
//
// Thread safety: SetSealer and status are safe; everything else is called on
// the one thread of the GroupWriter.
class Writer final : public GroupTarget {
 public:
  // `log_pages`: how long the write-ahead log grows before a checkpoint.
  static absl::StatusOr<std::unique_ptr<Writer>> Open(
      sqlcipher::Connection connection, int log_pages);

  void SetSealer(DigestSealer& sealer) SODALITY_EXCLUDES(mutex_);
  // For good, when what it would go on with is not what it should be.
  void Stop(const absl::Status& cause) SODALITY_EXCLUDES(mutex_);
  // OK, or why it has stopped.
  absl::Status status() const SODALITY_EXCLUDES(mutex_);

  GroupOutcome CommitGroup(const std::vector<Write>& writes,
                           const Housekeeping& housekeeping) override;
  void AfterAnswers() override;

  // Whether a commit was tried.
  [[nodiscard]] bool has_written() const { return has_written_; }
  absl::Status Checkpoint(sqlcipher::CheckpointMode mode);
  absl::StatusOr<std::vector<std::string>> CheckIntegrity();

  // From now on a group is taken whole or not at all.
  void TakeWholeGroups(bool whole) { whole_groups_ = whole; }
  [[nodiscard]] int log_frames() const { return connection_.log_frames(); }
  // How many frames are so many that readers would be waited for.
  [[nodiscard]] int long_log() const;
  // Refuses what `other` would, of key versions that were retired.
  void RefuseAs(const Writer& other) {
    statements_.writes.RefuseAs(other.statements_.writes);
  }

  [[nodiscard]] Revision revision() const { return revision_; }
  absl::StatusOr<uint64_t> CountPages();
  absl::Status SetCache(uint64_t bytes) { return connection_.SetCache(bytes); }
  // As sqlcipher::Copy::Begin; this outlives the copy.
  absl::StatusOr<sqlcipher::Copy> BeginCopy(const std::string& path,
                                            std::span<const uint8_t> key);

 private:
  struct Group;
  struct Statements {
    WriteStatements writes;
    HousekeepingStatements housekeeping;
  };

  Writer(sqlcipher::Connection connection, Statements statements,
         Revision revision, int log_pages);

  absl::Status TryGroup(Group& group, const Housekeeping& housekeeping);
  absl::Status ApplyWrites(Group& group);
  absl::StatusOr<WriteEffects> ApplyOne(const Write& write, Revision revision,
                                        const WriteEffects& before);
  absl::Status SealAndCommit(sqlcipher::Transaction& transaction,
                             const Group& group, DigestSealer& sealer);
  DigestSealer* sealer() const SODALITY_EXCLUDES(mutex_);

  sqlcipher::Connection connection_;
  Statements statements_;  // Gone before connection_.
  Revision revision_;      // Of the last commit.
  bool has_written_ = false;
  bool log_holds_erased_ = false;  // What a commit has erased.
  bool whole_groups_ = false;
  const int log_pages_;
  int checkpoint_at_;  // Pages in the log that start the next checkpoint.

  mutable platform::Mutex mutex_;
  absl::Status stopped_ SODALITY_GUARDED_BY(mutex_);
  DigestSealer* sealer_ SODALITY_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_WRITER_H_
