#include "server/store/sqlcipher/writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlcipher/integrity.h"

namespace sodality::store {
namespace {

// The log is emptied by waiting for readers when it is this much too long.
constexpr int kLongLog = 16;

bool IsOwnFault(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsAlreadyExists(status) ||
         absl::IsInvalidArgument(status);
}

// Table 0 holds the members.
bool ErasesMember(const WriteEffects& effects) {
  return std::any_of(effects.changes.begin(), effects.changes.end(),
                     [](const RowChange& change) {
                       return change.table == 0 && change.new_version == 0;
                     });
}

}  // namespace

// The writes of a group and what is known of each. Without an answer: to be
// tried.
struct Writer::Group {
  const std::vector<Write>& writes;
  std::vector<std::optional<absl::Status>> failed;
  std::vector<Revision> revisions;
  Revision last = 0;
  WriteEffects effects;
  std::optional<size_t> damaged;  // The write that met damage.

  explicit Group(const std::vector<Write>& all)
      : writes(all), failed(all.size()), revisions(all.size()) {}

  void FailRest(const absl::Status& status) {
    for (std::optional<absl::Status>& one : failed) {
      if (!one) one = status;
    }
  }
  [[nodiscard]] std::vector<absl::StatusOr<Revision>> Answers() const {
    std::vector<absl::StatusOr<Revision>> answers;
    for (size_t i = 0; i < failed.size(); ++i) {
      if (failed[i]) {
        answers.emplace_back(*failed[i]);
      } else {
        answers.emplace_back(revisions[i]);
      }
    }
    return answers;
  }
};

absl::StatusOr<std::unique_ptr<Writer>> Writer::Open(
    sqlcipher::Connection connection, int log_pages) {
  absl::StatusOr<int64_t> revision =
      connection.QueryInt("SELECT revision FROM state");
  if (absl::IsNotFound(revision.status())) {
    return absl::DataLossError("the store's state row is gone");
  }
  if (!revision.ok()) return revision.status();
  auto writes = WriteStatements::Prepare(connection);
  if (!writes.ok()) return writes.status();
  auto housekeeping = HousekeepingStatements::Prepare(connection);
  if (!housekeeping.ok()) return housekeeping.status();
  return std::unique_ptr<Writer>(new Writer(
      std::move(connection), {*std::move(writes), *std::move(housekeeping)},
      static_cast<Revision>(*revision), log_pages));
}

Writer::Writer(sqlcipher::Connection connection, Statements statements,
               Revision revision, int log_pages)
    : connection_(std::move(connection)),
      statements_(std::move(statements)),
      revision_(revision),
      log_pages_(log_pages),
      checkpoint_at_(log_pages) {}

void Writer::SetSealer(DigestSealer& sealer) {
  const platform::MutexLock lock(mutex_);
  sealer_ = &sealer;
}

DigestSealer* Writer::sealer() const {
  const platform::MutexLock lock(mutex_);
  return sealer_;
}

absl::Status Writer::status() const {
  const platform::MutexLock lock(mutex_);
  return stopped_;
}

void Writer::Stop(const absl::Status& cause) {
  const platform::MutexLock lock(mutex_);
  stopped_ = absl::UnavailableError(absl::StrCat(
      "the store has stopped writing after an error of its medium and stays "
      "so until a restart: ",
      std::string(cause.message())));
}

GroupOutcome Writer::CommitGroup(const std::vector<Write>& writes,
                                 const Housekeeping& housekeeping) {
  Group group(writes);
  absl::Status tried = status();
  if (!tried.ok()) {
    group.FailRest(tried);
    return {group.Answers(), /*housekept=*/true};  // Nothing will ever be.
  }
  do {
    group.damaged.reset();
    tried = TryGroup(group, housekeeping);
  } while (group.damaged);
  if (absl::IsUnavailable(tried) || !connection_.autocommit()) Stop(tried);
  if (tried.ok()) {
    revision_ = group.last;
    log_holds_erased_ = log_holds_erased_ || ErasesMember(group.effects);
  } else {
    group.FailRest(tried);
  }
  return {group.Answers(), tried.ok()};
}

absl::Status Writer::TryGroup(Group& group, const Housekeeping& housekeeping) {
  auto transaction = sqlcipher::Transaction::Begin(connection_);
  if (!transaction.ok()) return transaction.status();
  has_written_ = true;
  absl::Status status = ApplyWrites(group);
  if (status.ok()) status = statements_.housekeeping.Keep(housekeeping);
  if (!status.ok()) return status;
  if (group.last == revision_) return transaction->Commit();
  status = statements_.writes.CountMembers(group.effects);
  if (!status.ok()) return status;
  DigestSealer* const digest = sealer();
  if (digest != nullptr) return SealAndCommit(*transaction, group, *digest);
  status = statements_.writes.PutRevision(group.last);
  return status.ok() ? transaction->Commit() : status;
}

absl::Status Writer::SealAndCommit(sqlcipher::Transaction& transaction,
                                   const Group& group, DigestSealer& sealer) {
  const absl::StatusOr<Bytes> digest =
      sealer.SealAfter(group.effects.changes, group.last);
  absl::Status status =
      digest.ok() ? statements_.writes.PutState(group.last, *digest)
                  // Whatever its code: it says nothing about the medium.
                  : absl::InternalError(
                        absl::StrCat("the digest row was not sealed: ",
                                     std::string(digest.status().message())));
  if (status.ok()) status = transaction.Commit();
  sealer.Resolve(status.ok());
  return status;
}

absl::Status Writer::ApplyWrites(Group& group) {
  group.last = revision_;
  group.effects = {};
  for (size_t i = 0; i < group.writes.size(); ++i) {
    if (group.failed[i]) continue;
    const absl::StatusOr<WriteEffects> effects =
        ApplyOne(group.writes[i], group.last + 1, group.effects);
    if (effects.ok()) {
      group.revisions[i] = ++group.last;
      group.effects.Append(*effects);
      continue;
    }
    const bool damage = absl::IsDataLoss(effects.status());
    if (whole_groups_ || (!damage && !IsOwnFault(effects.status()))) {
      return effects.status();
    }
    group.failed[i] = effects.status();
    if (!damage) continue;
    group.damaged = i;
    return effects.status();
  }
  return absl::OkStatus();
}

absl::StatusOr<WriteEffects> Writer::ApplyOne(const Write& write,
                                              Revision revision,
                                              const WriteEffects& before) {
  auto savepoint = sqlcipher::Savepoint::Begin(connection_);
  if (!savepoint.ok()) return savepoint.status();
  absl::StatusOr<WriteEffects> effects =
      statements_.writes.Apply(write, revision, before);
  if (effects.ok()) {
    const absl::Status released = savepoint->Release();
    return released.ok() ? std::move(effects) : released;
  }
  // After worse than the write's own fault the caller undoes all; a savepoint
  // cannot be undone when the pager has met damage.
  if (!IsOwnFault(effects.status())) return effects;
  const absl::Status undone = savepoint->Rollback();
  return undone.ok() ? std::move(effects) : undone;
}

int Writer::long_log() const { return log_pages_ * kLongLog; }

void Writer::AfterAnswers() {
  if (log_holds_erased_) {
    // While somebody still reads an older state: after the next group.
    log_holds_erased_ =
        !Checkpoint(sqlcipher::CheckpointMode::kTruncate).ok() ||
        connection_.log_frames() != 0;
    return;
  }
  const int pages = connection_.log_frames();
  if (pages < checkpoint_at_) {
    // The log has begun anew since the last checkpoint.
    if (pages < log_pages_) checkpoint_at_ = log_pages_;
    return;
  }
  const bool too_long = pages >= long_log();
  (void)Checkpoint(too_long ? sqlcipher::CheckpointMode::kRestart
                            : sqlcipher::CheckpointMode::kPassive);
}

absl::Status Writer::Checkpoint(sqlcipher::CheckpointMode mode) {
  const absl::Status stopped = status();
  if (!stopped.ok()) return stopped;
  const auto result = connection_.Checkpoint(mode);
  // Folded in to its end, the log begins anew with the next commit.
  const bool whole = result.ok() && result->done_frames == result->log_frames;
  checkpoint_at_ = log_pages_ + (whole ? 0 : connection_.log_frames());
  if (absl::IsUnavailable(result.status())) Stop(result.status());
  return result.status();
}

absl::StatusOr<uint64_t> Writer::CountPages() {
  const auto pages = connection_.QueryInt("PRAGMA page_count");
  if (!pages.ok()) return pages.status();
  return static_cast<uint64_t>(*pages);
}

absl::StatusOr<sqlcipher::Copy> Writer::BeginCopy(
    const std::string& path, std::span<const uint8_t> key) {
  return sqlcipher::Copy::Begin(connection_, path, key);
}

absl::StatusOr<std::vector<std::string>> Writer::CheckIntegrity() {
  if (connection_.writable()) {
    const absl::Status folded =
        Checkpoint(sqlcipher::CheckpointMode::kTruncate);
    if (!folded.ok()) return folded;
  }
  return store::CheckIntegrity(connection_);
}

}  // namespace sodality::store
