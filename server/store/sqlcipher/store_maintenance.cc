// What SqlcipherStore does besides reading and writing members.
#include <utility>

#include "platform/file.h"
#include "server/store/sqlcipher/sqlcipher_store.h"
#include "server/store/sqlcipher/store_file.h"

namespace sodality::store {

absl::Status SqlcipherStore::Checkpoint() {
  absl::Status done;
  queue_->Run([&] {
    done = CurrentWriter()->Checkpoint(sqlcipher::CheckpointMode::kTruncate);
  });
  return done;
}

absl::StatusOr<std::vector<std::string>> SqlcipherStore::CheckIntegrity() {
  absl::StatusOr<std::vector<std::string>> found =
      absl::InternalError("the check did not run");
  queue_->Run([&] { found = CurrentWriter()->CheckIntegrity(); });
  return found;
}

absl::Status SqlcipherStore::CheckRoomForCopy() {
  absl::StatusOr<uint64_t> pages = absl::InternalError("it was not counted");
  queue_->Run([&] { pages = CurrentWriter()->CountPages(); });
  if (!pages.ok()) return pages.status();
  return CheckRoom(options_.path, *pages * sqlcipher::kPageBytes +
                                      options_.copy_reserve_bytes);
}

// Files are removed here and not on the writer's thread, where it would hold up
// whoever writes.
absl::StatusOr<CopyProgress> SqlcipherStore::CopyOn(
    const PageKeyVersion& target) {
  if (copy_ == nullptr) {
    // Of an earlier process.
    const absl::Status removed = RemoveFile(target.version);
    if (!removed.ok()) return removed;
  }
  absl::Status status;
  CopyProgress progress;
  queue_->Run([&] {
    status = StepCopy(target);
    if (status.ok()) progress = copy_->progress();
  });
  if (status.ok()) return progress;
  DropCopy();
  return status;
}

absl::Status SqlcipherStore::StepCopy(const PageKeyVersion& target) {
  const auto writer = CurrentWriter();
  if (const absl::Status s = writer->status(); !s.ok()) return s;
  if (copy_ == nullptr) {
    copy_version_ = target.version;
    auto begun = PageCopy::Begin(*writer, digest_, OptionsOf(options_, target),
                                 {options_.copy_reserve_bytes, interrupted_});
    if (!begun.ok()) return begun.status();
    copy_ = *std::move(begun);
  }
  const absl::Status sound = copy_->status();
  return sound.ok() ? copy_->Step(target.key) : sound;
}

void SqlcipherStore::DropCopy() {
  if (copy_ == nullptr) return;
  bool held = false;
  queue_->Run([&] {
    held = copy_->is_held_to();
    if (!held) copy_.reset();
  });
  // It takes up room; the next copy removes what is left.
  if (!held) (void)RemoveFile(copy_version_);
}

absl::Status SqlcipherStore::CheckCopy() {
  if (copy_ == nullptr) return absl::AbortedError("there is no copy");
  const absl::Status checked = copy_->Check();
  if (!checked.ok() && !absl::IsCancelled(checked)) DropCopy();
  return checked;
}

absl::Status SqlcipherStore::SwitchToCopy(
    const std::function<absl::Status()>& make_active) {
  if (copy_ == nullptr) return absl::AbortedError("there is no copy");
  const platform::MutexLock one_file(backing_up_);
  absl::Status equal;
  absl::Status switched;
  queue_->Run([&] {
    equal = copy_->CheckEqual();
    if (equal.ok()) switched = Switch(make_active);
  });
  if (!equal.ok() && !absl::IsAborted(equal)) DropCopy();
  return equal.ok() ? switched : equal;
}

absl::Status SqlcipherStore::Switch(
    const std::function<absl::Status()>& make_active) {
  const bool was_held = copy_->is_held_to();
  copy_->HoldTo(true);
  if (absl::Status active = make_active(); !active.ok()) {
    copy_->HoldTo(was_held || !platform::NothingReplaced(active));
    return active;
  }
  Database former = Count(copy_->Take());
  copy_.reset();
  const platform::MutexLock lock(mutex_);
  std::swap(former, database_);
  page_version_ = copy_version_;
  return absl::OkStatus();
}

absl::Status SqlcipherStore::RemoveFile(uint32_t version) {
  {
    const platform::MutexLock lock(mutex_);
    if (version == page_version_) {
      return absl::FailedPreconditionError("that file is the store");
    }
    // Of reads none takes long.
    while (pools_ > 1) pool_ended_.Wait(mutex_);
  }
  return sqlcipher::RemoveDatabase(PathOf(options_.path, version));
}

void SqlcipherStore::Interrupt() { interrupted_ = true; }

}  // namespace sodality::store
