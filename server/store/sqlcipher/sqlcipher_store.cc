#include "server/store/sqlcipher/sqlcipher_store.h"

#include <utility>

#include "server/store/limits.h"
#include "server/store/sqlcipher/store_file.h"

namespace sodality::store {
namespace {

constexpr int kMaxReaders = 16;

SqlcipherStore::Options WithoutKey(SqlcipherStore::Options options) {
  options.key = {};
  return options;
}

}  // namespace

DatabaseOptions SqlcipherStore::OptionsOf(const Options& options,
                                          const PageKeyVersion& key) {
  return {.path = PathOf(options.path, key.version),
          .key = key.key,
          .readers = options.readers,
          .reader_cache_bytes = options.reader_cache_bytes,
          .writer_cache_bytes = options.writer_cache_bytes,
          .checkpoint_bytes = options.checkpoint_bytes};
}

absl::StatusOr<std::unique_ptr<SqlcipherStore>> SqlcipherStore::Open(
    const Options& options) {
  if (options.readers < 1 || options.readers > kMaxReaders) {
    return absl::InvalidArgumentError("a store has 1 to 16 readers");
  }
  DatabaseOptions of_file =
      OptionsOf(options, {options.page_version, options.key});
  of_file.create = options.create;
  of_file.examine = options.examine;
  auto database = OpenDatabase(of_file);
  if (!database.ok()) return database.status();
  if (!options.examine) {
    // Of an earlier process. It takes up room; the next backup tries again.
    (void)sqlcipher::RemoveDatabase(BackupPathOf(options.path));
  }
  return std::unique_ptr<SqlcipherStore>(
      new SqlcipherStore(*std::move(database), options));
}

SqlcipherStore::SqlcipherStore(Database database, const Options& options)
    : options_(WithoutKey(options)),
      recent_(options.recent_bytes),
      page_version_(options.page_version),
      database_(Count(std::move(database))),
      queue_(std::make_unique<GroupWriter>(announced_, options.group)) {}

Database SqlcipherStore::Count(Database database) {
  {
    const platform::MutexLock lock(mutex_);
    ++pools_;
  }
  ReaderPool* const pool = database.readers.get();
  database.readers = std::shared_ptr<ReaderPool>(
      pool, [this, counted = std::move(database.readers)](
                const ReaderPool* /*pool*/) mutable {
        counted.reset();
        const platform::MutexLock lock(mutex_);
        --pools_;
        pool_ended_.NotifyAll();
      });
  return database;
}

std::shared_ptr<Writer> SqlcipherStore::CurrentWriter() const {
  const platform::MutexLock lock(mutex_);
  return database_.writer;
}

std::shared_ptr<ReaderPool> SqlcipherStore::Readers() const {
  const platform::MutexLock lock(mutex_);
  return database_.readers;
}

GroupOutcome SqlcipherStore::AnnouncedWriter::CommitGroup(
    const std::vector<Write>& writes, const Housekeeping& housekeeping) {
  const RecentRecords::Commit commit(store_.recent_, writes);
  const auto writer = store_.CurrentWriter();
  GroupOutcome outcome = writer->CommitGroup(writes, housekeeping);
  PageCopy* const copy = store_.copy_.get();
  if (copy == nullptr) return outcome;
  copy->Follow(writes, housekeeping, outcome);
  if (!copy->is_held_to() || copy->status().ok()) return outcome;
  // The next start may open the copy, which lacks this group.
  writer->Stop(copy->status());
  for (auto& answer : outcome.writes) answer = writer->status();
  return outcome;
}

void SqlcipherStore::AnnouncedWriter::AfterAnswers() {
  store_.CurrentWriter()->AfterAnswers();
}

SqlcipherStore::~SqlcipherStore() {
  queue_.reset();
  // A log that is left, because the writer has stopped or the disk is full, is
  // read back by the next open. One that was found and not written to may be of
  // a database that its owner has refused: it stays as it was.
  const auto writer = CurrentWriter();
  if (!writer->has_written()) return;
  (void)writer->Checkpoint(sqlcipher::CheckpointMode::kTruncate);
}

absl::Status SqlcipherStore::WriterStatus() const {
  return CurrentWriter()->status();
}

void SqlcipherStore::Submit(Write write, WriteDone done) {
  queue_->Submit(std::move(write), std::move(done));
}

void SqlcipherStore::SetDigestSealer(DigestSealer& sealer) {
  digest_.Wrap(sealer);
  CurrentWriter()->SetSealer(digest_);
}

absl::StatusOr<MemberRecord> SqlcipherStore::Get(const MemberId& id) {
  const RecentRecords::Moment began = recent_.Now();
  absl::StatusOr<MemberRecord> record = Readers()->Borrow()->Get(id);
  if (record.ok()) recent_.Keep(*record, began);
  return record;
}

std::optional<MemberRecord> SqlcipherStore::Recall(const MemberId& id) {
  return recent_.Find(id);
}

absl::StatusOr<std::vector<MemberRecord>> SqlcipherStore::Find(
    const TokenQuery& query, const std::optional<MemberId>& after,
    size_t limit) {
  absl::Status checked = CheckQuery(query);
  if (checked.ok()) checked = CheckPage(limit);
  if (!checked.ok()) return checked;
  return Readers()->Borrow()->Find(query, after, limit);
}

absl::Status SqlcipherStore::VisitHolders(const HolderQuery& query,
                                          const MemberVisitor& visit) {
  return Readers()->Borrow()->VisitHolders(query, visit);
}

absl::StatusOr<std::vector<std::pair<MemberId, uint64_t>>>
SqlcipherStore::ListMembers(const std::optional<MemberId>& after,
                            size_t limit) {
  const absl::Status checked = CheckPage(limit);
  if (!checked.ok()) return checked;
  return Readers()->Borrow()->ListMembers(after, limit);
}

absl::StatusOr<std::vector<AccessRow>> SqlcipherStore::ReadAccessRows() {
  return Readers()->Borrow()->ReadAccessRows();
}

absl::StatusOr<Bytes> SqlcipherStore::ReadDigest() {
  return Readers()->Borrow()->ReadDigest();
}

absl::StatusOr<Bytes> SqlcipherStore::FindRequest(const RequestKey& key) {
  return Readers()->Borrow()->FindRequest(key);
}

absl::StatusOr<Revision> SqlcipherStore::LastRevision() {
  return Readers()->Borrow()->LastRevision();
}

absl::StatusOr<StoreCounts> SqlcipherStore::Counts() {
  return Readers()->Borrow()->Counts();
}

absl::StatusOr<std::vector<OutboxRow>> SqlcipherStore::ReadOutbox() {
  return Readers()->Borrow()->ReadOutbox();
}

void SqlcipherStore::AcknowledgeOutbox(Revision through) {
  Housekeeping housekeeping;
  housekeeping.outbox_through = through;
  queue_->Add(std::move(housekeeping));
}

void SqlcipherStore::ExpireRequests(platform::Timestamp now) {
  Housekeeping housekeeping;
  housekeeping.expire_before = now;
  queue_->Add(std::move(housekeeping));
}

void SqlcipherStore::AppendLedgerIndex(std::vector<LedgerIndexRow> rows,
                                       uint64_t through) {
  Housekeeping housekeeping;
  housekeeping.index_rows = std::move(rows);
  housekeeping.indexed_through = through;
  queue_->Add(std::move(housekeeping));
}

absl::StatusOr<uint64_t> SqlcipherStore::LedgerIndexedThrough() {
  return Readers()->Borrow()->LedgerIndexedThrough();
}

absl::StatusOr<std::vector<uint64_t>> SqlcipherStore::FindLedgerEntries(
    const LedgerTag& tag, uint64_t before, size_t limit) {
  const absl::Status checked = CheckPage(limit);
  if (!checked.ok()) return checked;
  return Readers()->Borrow()->FindLedgerEntries(tag, before, limit);
}

}  // namespace sodality::store
