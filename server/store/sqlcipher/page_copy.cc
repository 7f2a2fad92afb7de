#include "server/store/sqlcipher/page_copy.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlcipher/integrity.h"

namespace sodality::store {
namespace {

using platform::MutexLock;

// A mebibyte: other writes wait as long.
constexpr int kPagesAStep = 256;
// Of the mirror's writer, until it is the store's.
constexpr uint64_t kMirrorCacheBytes = 16 << 20;

absl::Status NotWhole() {
  return absl::AbortedError("there is no whole copy of the store");
}

// Those that the source has committed.
std::vector<Write> Committed(const std::vector<Write>& writes,
                             const GroupOutcome& outcome) {
  std::vector<Write> committed;
  for (size_t i = 0; i < writes.size(); ++i) {
    if (outcome.writes[i].ok()) committed.push_back(writes[i]);
  }
  return committed;
}

// Why the second outcome is not that of the first.
absl::Status Compare(const GroupOutcome& first, const GroupOutcome& second) {
  size_t at = 0;
  for (const auto& revision : first.writes) {
    if (!revision.ok()) continue;
    const auto& copied = second.writes[at++];
    if (!copied.ok()) return copied.status();
    if (*copied != *revision) {
      return absl::InternalError("the copy is at another revision");
    }
  }
  return second.housekept
             ? absl::OkStatus()
             : absl::UnavailableError("the copy did not take a group");
}

}  // namespace

PageCopy::PageCopy(Writer& source, KeptDigest& digest, DatabaseOptions target,
                   uint64_t reserve_bytes)
    : source_(source),
      digest_(digest),
      target_(std::move(target)),
      reserve_bytes_(reserve_bytes) {}

absl::StatusOr<std::unique_ptr<PageCopy>> PageCopy::Begin(
    Writer& source, KeptDigest& digest, DatabaseOptions target,
    uint64_t reserve_bytes) {
  const absl::Status removed = sqlcipher::RemoveDatabase(target.path);
  if (!removed.ok()) return removed;
  std::unique_ptr<PageCopy> copy(
      new PageCopy(source, digest, std::move(target), reserve_bytes));
  const auto pages = source.CountPages();
  if (!pages.ok()) return pages.status();
  const absl::Status room =
      copy->CheckRoom(*pages * sqlcipher::kPageBytes + reserve_bytes);
  if (!room.ok()) return room;
  auto begun = source.BeginCopy(copy->target_.path, copy->target_.key);
  if (!begun.ok()) return begun.status();
  copy->pages_.emplace(*std::move(begun));
  copy->target_.key = {};
  copy->progress_.total = *pages;
  return copy;
}

absl::Status PageCopy::CheckRoom(uint64_t bytes) const {
  std::error_code error;
  const auto folder = std::filesystem::path(target_.path).parent_path();
  const auto space = std::filesystem::space(folder, error);
  if (error) {
    return absl::UnavailableError("the room on the disk cannot be told");
  }
  if (space.available >= bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "a copy of the store takes ", bytes >> 20, " MiB of the disk, and ",
      space.available >> 20, " MiB are left"));
}

absl::Status PageCopy::Step(std::span<const uint8_t> key) {
  absl::Status status = CheckRoom(reserve_bytes_);
  if (!status.ok()) return status;
  const auto whole = pages_->Step(kPagesAStep);
  if (!whole.ok()) return whole.status();
  if (*whole) {
    pages_.reset();
    return OpenWhole(key);
  }
  const sqlcipher::CopyProgress now = pages_->progress();
  progress_ = {.done = now.done, .total = now.total};
  return absl::OkStatus();
}

absl::Status PageCopy::OpenWhole(std::span<const uint8_t> key) {
  DatabaseOptions options = target_;
  options.key = key;
  options.writer_cache_bytes =
      std::min(kMirrorCacheBytes, options.writer_cache_bytes);
  auto opened = OpenDatabase(options);
  if (!opened.ok()) return opened.status();
  auto checked = sqlcipher::Connection::Open(
      {options.path, key, sqlcipher::OpenMode::kReadOnly});
  if (!checked.ok()) return checked.status();
  opened->writer->RefuseAs(source_);
  if (digest_.wraps()) opened->writer->SetSealer(digest_.again());
  database_ = *std::move(opened);
  progress_ = {progress_.total, progress_.total, /*whole=*/true};
  const MutexLock lock(mutex_);
  checked_ = *std::move(checked);
  return absl::OkStatus();
}

CopyProgress PageCopy::progress() const { return progress_; }

void PageCopy::Fail(const absl::Status& status) {
  const MutexLock lock(mutex_);
  status_ = status;
}

absl::Status PageCopy::status() const {
  const MutexLock lock(mutex_);
  return status_;
}

void PageCopy::Follow(const std::vector<Write>& writes,
                      const Housekeeping& housekeeping,
                      const GroupOutcome& outcome) {
  // What the source has not taken as a whole has not happened.
  if (!progress_.whole || !outcome.housekept || !status().ok()) return;
  const bool all =
      std::all_of(outcome.writes.begin(), outcome.writes.end(),
                  [](const auto& revision) { return revision.ok(); });
  const GroupOutcome copied = database_.writer->CommitGroup(
      all ? writes : Committed(writes, outcome), housekeeping);
  const absl::Status same = Compare(outcome, copied);
  if (!same.ok()) Fail(same);
}

absl::Status PageCopy::Check() {
  sqlcipher::Connection* connection = nullptr;
  {
    const MutexLock lock(mutex_);
    if (!status_.ok()) return status_;
    if (interrupted_) return absl::CancelledError("the check was interrupted");
    if (!progress_.whole) return NotWhole();
    if (!checked_) return absl::OkStatus();
    connection = &*checked_;
  }
  const auto findings = CheckTrees(*connection);
  const MutexLock lock(mutex_);
  if (!findings.ok()) return findings.status();
  if (!findings->empty()) {
    return absl::DataLossError(
        absl::StrCat("the copy of the store: ", findings->front()));
  }
  checked_.reset();
  return absl::OkStatus();
}

void PageCopy::Interrupt() {
  const MutexLock lock(mutex_);
  interrupted_ = true;
  if (checked_) checked_->Interrupt();
}

absl::Status PageCopy::CheckEqual() const {
  if (!progress_.whole) return NotWhole();
  {
    const MutexLock lock(mutex_);
    if (!status_.ok()) return status_;
    if (checked_) return absl::AbortedError("the copy is not checked yet");
  }
  if (const absl::Status s = source_.status(); !s.ok()) return s;
  return database_.writer->revision() == source_.revision()
             ? absl::OkStatus()
             : absl::InternalError("the copy is at another revision");
}

Database PageCopy::Take() {
  // A smaller cache is slower, no more.
  (void)database_.writer->SetCache(target_.writer_cache_bytes);
  if (digest_.wraps()) database_.writer->SetSealer(digest_);
  return std::exchange(database_, {});
}

}  // namespace sodality::store
