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
                   const CopyLimits& limits)
    : source_(source),
      digest_(digest),
      target_(std::move(target)),
      limits_(limits) {}

absl::StatusOr<std::unique_ptr<PageCopy>> PageCopy::Begin(
    Writer& source, KeptDigest& digest, DatabaseOptions target,
    const CopyLimits& limits) {
  std::unique_ptr<PageCopy> copy(
      new PageCopy(source, digest, std::move(target), limits));
  const auto pages = source.CountPages();
  if (!pages.ok()) return pages.status();
  const absl::Status room =
      CheckRoom(copy->target_.path,
                *pages * sqlcipher::kPageBytes + limits.reserve_bytes);
  if (!room.ok()) return room;
  auto begun = source.BeginCopy(copy->target_.path, copy->target_.key);
  if (!begun.ok()) return begun.status();
  copy->pages_.emplace(*std::move(begun));
  copy->target_.key = {};
  copy->progress_.total = *pages;
  return copy;
}

absl::Status CheckRoom(const std::string& path, uint64_t bytes) {
  std::error_code error;
  const auto folder = std::filesystem::path(path).parent_path();
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
  const absl::Status room = CheckRoom(target_.path, limits_.reserve_bytes);
  if (!room.ok() || progress_.whole) return room;
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
  checked->StopWhen(limits_.stop);
  opened->writer->RefuseAs(source_);
  opened->writer->TakeWholeGroups(true);
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
  if (!same.ok()) return Fail(same);
  if (IsChecked()) return database_.writer->AfterAnswers();
  // Folded in at once it would hold up whoever writes.
  if (database_.writer->log_frames() >= database_.writer->long_log()) {
    Fail(absl::AbortedError("too much was written for the copy to be checked"));
  }
}

bool PageCopy::IsChecked() const {
  const MutexLock lock(mutex_);
  return !checked_;
}

absl::Status PageCopy::Check() {
  sqlcipher::Connection* connection = nullptr;
  {
    const MutexLock lock(mutex_);
    if (!status_.ok()) return status_;
    if (!progress_.whole) return NotWhole();
    if (!checked_) return absl::OkStatus();
    connection = &*checked_;
  }
  const auto findings = CheckTrees(*connection);
  const MutexLock lock(mutex_);
  if (!findings.ok()) return findings.status();
  if (!status_.ok()) return status_;
  if (!findings->empty()) {
    return absl::DataLossError(
        absl::StrCat("the copy of the store: ", findings->front()));
  }
  checked_.reset();
  return absl::OkStatus();
}

absl::Status PageCopy::CheckEqual() const {
  if (!progress_.whole) return NotWhole();
  const absl::Status room = CheckRoom(target_.path, limits_.reserve_bytes);
  if (!room.ok()) return room;
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
  database_.writer->TakeWholeGroups(false);
  if (digest_.wraps()) database_.writer->SetSealer(digest_);
  return std::exchange(database_, {});
}

}  // namespace sodality::store
