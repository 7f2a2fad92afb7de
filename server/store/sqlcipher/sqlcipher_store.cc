#include "server/store/sqlcipher/sqlcipher_store.h"

#include <algorithm>

#include "server/store/limits.h"
#include "server/store/sqlcipher/reader_pool.h"
#include "server/store/sqlcipher/schema.h"
#include "server/store/sqlcipher/writer.h"

namespace sodality::store {
namespace {

constexpr int kMaxReaders = 16;
constexpr uint64_t kPageBytes = 4096;

sqlcipher::OpenMode WriterMode(const SqlcipherStore::Options& options) {
  if (options.examine) return sqlcipher::OpenMode::kExamine;
  return options.create ? sqlcipher::OpenMode::kCreate
                        : sqlcipher::OpenMode::kReadWrite;
}

absl::StatusOr<std::unique_ptr<Writer>> OpenWriter(
    const SqlcipherStore::Options& options) {
  auto connection = sqlcipher::Connection::Open({options.path, options.key,
                                                 WriterMode(options),
                                                 options.writer_cache_bytes});
  if (!connection.ok()) return connection.status();
  const absl::Status prepared = PrepareSchema(*connection, options.create);
  if (!prepared.ok()) return prepared;
  const uint64_t pages =
      std::clamp<uint64_t>(options.checkpoint_bytes / kPageBytes, 1, 1 << 20);
  return Writer::Open(*std::move(connection), static_cast<int>(pages));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqlcipherStore>> SqlcipherStore::Open(
    const Options& options) {
  if (options.readers < 1 || options.readers > kMaxReaders) {
    return absl::InvalidArgumentError("a store has 1 to 16 readers");
  }
  absl::StatusOr<std::unique_ptr<Writer>> writer = OpenWriter(options);
  if (!writer.ok()) return writer.status();
  auto readers =
      ReaderPool::Open({options.path, options.key,
                        options.examine ? sqlcipher::OpenMode::kExamine
                                        : sqlcipher::OpenMode::kReadOnly,
                        options.reader_cache_bytes},
                       options.readers);
  if (!readers.ok()) return readers.status();
  return std::unique_ptr<SqlcipherStore>(
      new SqlcipherStore(*std::move(writer), *std::move(readers), options));
}

SqlcipherStore::SqlcipherStore(std::unique_ptr<Writer> writer,
                               std::unique_ptr<ReaderPool> readers,
                               const Options& options)
    : readers_(std::move(readers)),
      writer_(std::move(writer)),
      recent_(options.recent_bytes),
      queue_(std::make_unique<GroupWriter>(announced_, options.group)) {}

GroupOutcome SqlcipherStore::AnnouncedWriter::CommitGroup(
    const std::vector<Write>& writes, const Housekeeping& housekeeping) {
  const RecentRecords::Commit commit(recent_, writes);
  return writer_.CommitGroup(writes, housekeeping);
}

void SqlcipherStore::AnnouncedWriter::AfterAnswers() { writer_.AfterAnswers(); }

SqlcipherStore::~SqlcipherStore() {
  queue_.reset();
  // A log that is left, because the writer has stopped or the disk is full, is
  // read back by the next open. One that was found and not written to may be of
  // a database that its owner has refused: it stays as it was.
  if (!writer_->has_written()) return;
  (void)writer_->Checkpoint(sqlcipher::CheckpointMode::kTruncate);
}

absl::Status SqlcipherStore::WriterStatus() const { return writer_->status(); }

void SqlcipherStore::Submit(Write write, WriteDone done) {
  queue_->Submit(std::move(write), std::move(done));
}

void SqlcipherStore::SetDigestSealer(DigestSealer& sealer) {
  writer_->SetSealer(sealer);
}

absl::StatusOr<MemberRecord> SqlcipherStore::Get(const MemberId& id) {
  const RecentRecords::Moment began = recent_.Now();
  absl::StatusOr<MemberRecord> record = readers_->Borrow()->Get(id);
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
  return readers_->Borrow()->Find(query, after, limit);
}

absl::Status SqlcipherStore::VisitHolders(const HolderQuery& query,
                                          const MemberVisitor& visit) {
  return readers_->Borrow()->VisitHolders(query, visit);
}

absl::StatusOr<std::vector<std::pair<MemberId, uint64_t>>>
SqlcipherStore::ListMembers(const std::optional<MemberId>& after,
                            size_t limit) {
  const absl::Status checked = CheckPage(limit);
  if (!checked.ok()) return checked;
  return readers_->Borrow()->ListMembers(after, limit);
}

absl::StatusOr<std::vector<AccessRow>> SqlcipherStore::ReadAccessRows() {
  return readers_->Borrow()->ReadAccessRows();
}

absl::StatusOr<Bytes> SqlcipherStore::ReadDigest() {
  return readers_->Borrow()->ReadDigest();
}

absl::StatusOr<Bytes> SqlcipherStore::FindRequest(const RequestKey& key) {
  return readers_->Borrow()->FindRequest(key);
}

absl::StatusOr<Revision> SqlcipherStore::LastRevision() {
  return readers_->Borrow()->LastRevision();
}

absl::StatusOr<StoreCounts> SqlcipherStore::Counts() {
  return readers_->Borrow()->Counts();
}

absl::StatusOr<std::vector<OutboxRow>> SqlcipherStore::ReadOutbox() {
  return readers_->Borrow()->ReadOutbox();
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
  return readers_->Borrow()->LedgerIndexedThrough();
}

absl::StatusOr<std::vector<uint64_t>> SqlcipherStore::FindLedgerEntries(
    const LedgerTag& tag, uint64_t before, size_t limit) {
  const absl::Status checked = CheckPage(limit);
  if (!checked.ok()) return checked;
  return readers_->Borrow()->FindLedgerEntries(tag, before, limit);
}

absl::Status SqlcipherStore::Checkpoint() {
  absl::Status done;
  queue_->Run([&] {
    done = writer_->Checkpoint(sqlcipher::CheckpointMode::kTruncate);
  });
  return done;
}

absl::StatusOr<std::vector<std::string>> SqlcipherStore::CheckIntegrity() {
  absl::StatusOr<std::vector<std::string>> found =
      absl::InternalError("the check did not run");
  queue_->Run([&] { found = writer_->CheckIntegrity(); });
  return found;
}

}  // namespace sodality::store
