#include "server/core/keys/rotation_state.h"

#include <algorithm>

#include "server/core/error.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

// Of a root key: the keyring is for both; it is for the new one alone. Of the
// ledger's: they are in use; that is on record.
constexpr uint64_t kSteps = 2;

bool IsInSteps(const Rotation& rotation) {
  return rotation.work == RotationWork::kRekeyRoot ||
         rotation.work == RotationWork::kRekeyLedger;
}

uint64_t MembersFrom(const store::StoreCounts& counts, uint32_t version) {
  uint64_t members = 0;
  for (const auto& [under, count] : counts.members_by_wrap_version) {
    if (under >= version) members += count;
  }
  return members;
}

// How many members need nothing more.
uint64_t DoneBy(const Rotation& rotation, const store::StoreCounts& counts) {
  if (IsInSteps(rotation)) {
    return IsStarting(rotation) ? 0 : 1;
  }
  return rotation.work == RotationWork::kReindex
             ? std::min(rotation.done, counts.members)
             : MembersFrom(counts, rotation.to);
}

uint64_t MembersUnder(const crypto::KeyInfo& wrap,
                      const store::StoreCounts& counts) {
  for (const auto& [under, members] : counts.members_by_wrap_version) {
    if (under == wrap.version) return members;
  }
  return 0;
}

// All have tokens of the active version; while that is new, those that were
// not met yet have the one before.
uint64_t MembersFoundBy(const crypto::KeyInfo& index,
                        const store::StoreCounts& counts,
                        const std::optional<Rotation>& running) {
  const bool reindexed =
      running && running->work == RotationWork::kReindex &&
      (index.version == running->from || index.version == running->to);
  if (!reindexed) {
    return index.state == crypto::KeyState::kActive ? counts.members : 0;
  }
  const uint64_t done = DoneBy(*running, counts);
  return index.version == running->to ? done : counts.members - done;
}

std::string InWords(const absl::Status& status) {
  if (GetErrorInfo(status).reason == Reason::kNoRootKeyFile) {
    return "the new root key cannot be put where it belongs: the server's log "
           "says more";
  }
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return "";
    case absl::StatusCode::kResourceExhausted:
      return "the server's disk is full";
    case absl::StatusCode::kUnavailable:
      return "the server's disk has failed: its log says more";
    case absl::StatusCode::kDataLoss:
      return "records or pages are damaged: `sodalityd doctor` names them, a "
             "restore mends them";
    case absl::StatusCode::kAborted:
      return "so much was written that it could not keep up: it begins anew";
    default:
      return "an inner failure: the server's log says more";
  }
}

}  // namespace

std::vector<KeyVersion> ListVersions(const crypto::Keyring& keyring,
                                     const store::StoreCounts& counts,
                                     const std::optional<Rotation>& running) {
  std::vector<KeyVersion> versions;
  for (const crypto::KeyInfo& info : keyring.Infos()) {
    KeyVersion version{info, std::nullopt};
    if (info.kind == crypto::KeyKind::kWrap) {
      version.records = MembersUnder(info, counts);
    } else if (info.kind == crypto::KeyKind::kIndex) {
      version.records = MembersFoundBy(info, counts, running);
    }
    versions.push_back(version);
  }
  return versions;
}

std::optional<Rotation> RotationState::running() const {
  const MutexLock lock(mutex_);
  return running_;
}

void RotationState::Set(const std::optional<Rotation>& rotation) {
  const MutexLock lock(mutex_);
  if (!rotation) {
    counted_from_.reset();
    pages_ = {};
    problem_.clear();
  }
  running_ = rotation;
}

void RotationState::SetProblem(const absl::Status& status) {
  const MutexLock lock(mutex_);
  problem_ = InWords(status);
}

std::optional<RotationProgress> RotationState::Progress(
    const store::StoreCounts& counts, platform::Timestamp now) const {
  const MutexLock lock(mutex_);
  if (!running_) return std::nullopt;
  RotationProgress progress{.rotation = *running_,
                            .done = DoneBy(*running_, counts),
                            .total = counts.members,
                            .problem = problem_};
  if (running_->work == RotationWork::kRekeyPages) {
    progress.done = pages_.done;
    progress.total = pages_.total;
  }
  if (IsInSteps(*running_)) progress.total = kSteps;
  if (!counted_from_ || progress.done <= counted_from_->done) return progress;
  const int64_t passed = now.millis - counted_from_->at.millis;
  if (passed <= 0) return progress;
  progress.per_second =
      static_cast<double>(progress.done - counted_from_->done) * 1000 /
      static_cast<double>(passed);
  return progress;
}

void RotationState::SetPages(const store::CopyProgress& pages,
                             platform::Timestamp now) {
  const MutexLock lock(mutex_);
  // A copy that was given up begins anew.
  if (!counted_from_ || pages.done < pages_.done) {
    counted_from_ = {now, pages.done};
  }
  pages_ = pages;
}

bool RotationState::IsCounted() const {
  const MutexLock lock(mutex_);
  return counted_from_.has_value();
}

void RotationState::CountFrom(const store::StoreCounts& counts,
                              platform::Timestamp now) {
  const MutexLock lock(mutex_);
  if (!running_ || counted_from_) return;
  counted_from_ = {now, DoneBy(*running_, counts)};
}

void RotationState::Await(std::chrono::milliseconds most) {
  const MutexLock lock(mutex_);
  if (!woken_) wake_.WaitFor(mutex_, most);
  woken_ = false;
}

void RotationState::Wake() {
  {
    const MutexLock lock(mutex_);
    woken_ = true;
  }
  wake_.NotifyAll();
}

}  // namespace sodality::core
