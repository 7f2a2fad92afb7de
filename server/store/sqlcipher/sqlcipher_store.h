// The MemberStore of service: one SQLCipher file in WAL mode. One connection
// writes and checkpoints, on a thread of its own, with group commit; a few
// read-only connections read. Read next: schema.h, writer.h, reader.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_SQLCIPHER_STORE_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_SQLCIPHER_STORE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/clock.h"
#include "platform/mutex.h"
#include "server/store/group_writer.h"
#include "server/store/member_store.h"
#include "server/store/recent_records.h"
#include "server/store/sqlcipher/database.h"
#include "server/store/sqlcipher/kept_digest.h"
#include "server/store/sqlcipher/page_copy.h"
#include "server/store/store_maintenance.h"

namespace sodality::store {

// Thread safety: safe. Lifetime: the destructor waits for queued writes, folds
// the write-ahead log into the file if anything was written, and closes every
// connection. The caller
// holds the lock on the folder (platform::FolderLock): a second process on the
// file breaks the rule of one checkpointer. Secrets: the key is copied into
// SQLCipher's own connection memory and nowhere else.
class SqlcipherStore final : public MemberStore, public StoreMaintenance {
 public:
  struct Options {
    // Of the first version of the page key; a later one's stands beside it
    // (members.db, members.2.db).
    std::string path;
    uint32_t page_version = 1;
    // 32 bytes of page key, 16 bytes of salt. Used during Open only.
    std::span<const uint8_t> key;
    bool create = false;  // Makes the file (mode 0600) when it is absent.
    // Changes no byte of any file (sqlcipher::OpenMode::kExamine): every write
    // fails.
    bool examine = false;
    int readers = 3;                         // 1 to 16.
    uint64_t reader_cache_bytes = 24 << 20;  // Each.
    // Filled by imports: holds the pages that a full group changes.
    uint64_t writer_cache_bytes = 128 << 20;
    // Sealed records kept in memory: half to all of it.
    uint64_t recent_bytes = 32 << 20;
    uint64_t checkpoint_bytes = 4 << 20;  // Log size that starts one.
    GroupLimits group;
    // A copy under another key is given up when less is left on the disk.
    uint64_t copy_reserve_bytes = 64 << 20;
  };

  // Errors: INVALID_ARGUMENT for a key of another length or readers out of
  // range; NOT_FOUND when the file is absent and not `create`;
  // PERMISSION_DENIED when the key is another file's; DATA_LOSS when the first
  // page does not open under its own salt; FAILED_PRECONDITION when SQLCipher
  // is older than 4.6, the file is no member store, its schema is newer than
  // this program, or a connection rule does not hold; UNAVAILABLE otherwise.
  static absl::StatusOr<std::unique_ptr<SqlcipherStore>> Open(
      const Options& options);
  ~SqlcipherStore() override;

  // OK, or why the writer has stopped for good (UNAVAILABLE). Reads go on.
  absl::Status WriterStatus() const;

  void Submit(Write write, WriteDone done) override;
  void SetDigestSealer(DigestSealer& sealer) override;
  absl::StatusOr<MemberRecord> Get(const MemberId& id) override;
  std::optional<MemberRecord> Recall(const MemberId& id) override;
  absl::StatusOr<std::vector<MemberRecord>> Find(
      const TokenQuery& query, const std::optional<MemberId>& after,
      size_t limit) override;
  absl::Status VisitHolders(const HolderQuery& query,
                            const MemberVisitor& visit) override;
  absl::StatusOr<std::vector<std::pair<MemberId, uint64_t>>> ListMembers(
      const std::optional<MemberId>& after, size_t limit) override;
  absl::StatusOr<std::vector<AccessRow>> ReadAccessRows() override;
  absl::StatusOr<Bytes> ReadDigest() override;
  absl::StatusOr<Bytes> FindRequest(const RequestKey& key) override;
  absl::StatusOr<Revision> LastRevision() override;
  absl::StatusOr<StoreCounts> Counts() override;
  absl::StatusOr<std::vector<OutboxRow>> ReadOutbox() override;
  void AcknowledgeOutbox(Revision through) override;
  void ExpireRequests(platform::Timestamp now) override;
  void AppendLedgerIndex(std::vector<LedgerIndexRow> rows,
                         uint64_t through) override;
  absl::StatusOr<uint64_t> LedgerIndexedThrough() override;
  absl::StatusOr<std::vector<uint64_t>> FindLedgerEntries(
      const LedgerTag& tag, uint64_t before, size_t limit) override;

  // Both run on the writer's thread behind what is queued; writes wait.
  absl::Status Checkpoint() override;
  absl::StatusOr<std::vector<std::string>> CheckIntegrity() override;

  StoreMaintenance* maintenance() override { return this; }
  absl::Status CheckRoomForCopy() override;
  absl::StatusOr<CopyProgress> CopyOn(const PageKeyVersion& target) override;
  absl::Status CheckCopy() override;
  absl::Status SwitchToCopy(
      const std::function<absl::Status()>& make_active) override;
  absl::Status RemoveFile(uint32_t version) override;
  absl::StatusOr<StoreBackup> BackUp(
      const PageKeyVersion& key,
      const std::function<absl::Status()>& at_end) override;
  absl::Status RemoveBackup() override;
  void Interrupt() override;

 private:
  SqlcipherStore(Database database, const Options& options);
  static DatabaseOptions OptionsOf(const Options& options,
                                   const PageKeyVersion& key);

  // With its readers counted in pools_.
  Database Count(Database database) SODALITY_EXCLUDES(mutex_);
  std::shared_ptr<Writer> CurrentWriter() const SODALITY_EXCLUDES(mutex_);
  std::shared_ptr<ReaderPool> Readers() const SODALITY_EXCLUDES(mutex_);
  // Unless it is held to.
  void DropCopy();
  // The pages of a backup, and its end.
  class BackupCopy;
  absl::Status CheckBackup(const PageKeyVersion& key);

  // On the writer's thread.
  absl::Status StepCopy(const PageKeyVersion& target);
  absl::Status Switch(const std::function<absl::Status()>& make_active);

  // Announces each commit to the records in memory, and hands it to the copy.
  class AnnouncedWriter final : public GroupTarget {
   public:
    explicit AnnouncedWriter(SqlcipherStore& store) : store_(store) {}
    GroupOutcome CommitGroup(const std::vector<Write>& writes,
                             const Housekeeping& housekeeping) override;
    void AfterAnswers() override;

   private:
    SqlcipherStore& store_;
  };

  const Options options_;  // Without the key.
  RecentRecords recent_;
  KeptDigest digest_;
  mutable platform::Mutex mutex_;
  uint32_t page_version_ SODALITY_GUARDED_BY(mutex_);
  // The store's, and the former's while somebody reads from it.
  int pools_ SODALITY_GUARDED_BY(mutex_) = 0;
  platform::CondVar pool_ended_;
  Database database_ SODALITY_GUARDED_BY(mutex_);
  // Changed by those who ask for a copy, while the writer's thread waits.
  std::unique_ptr<PageCopy> copy_;
  uint32_t copy_version_ = 0;
  std::atomic<bool> interrupted_ = false;
  // Held while pages are copied for a backup, and while the store's file is
  // exchanged for another.
  platform::Mutex backing_up_;
  AnnouncedWriter announced_{*this};
  std::unique_ptr<GroupWriter> queue_;  // First to go.
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_SQLCIPHER_STORE_H_
