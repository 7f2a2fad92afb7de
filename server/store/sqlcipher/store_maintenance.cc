// What SqlcipherStore does besides reading and writing members.
#include <utility>

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

absl::StatusOr<CopyProgress> SqlcipherStore::CopyOn(
    const PageKeyVersion& target) {
  absl::Status status;
  CopyProgress progress;
  queue_->Run([&] {
    status = StepCopy(target);
    if (status.ok()) {
      progress = copy_->progress();
    } else {
      DropCopy();
    }
  });
  if (!status.ok()) return status;
  return progress;
}

absl::Status SqlcipherStore::StepCopy(const PageKeyVersion& target) {
  const auto writer = CurrentWriter();
  if (const absl::Status s = writer->status(); !s.ok()) return s;
  if (copy_ == nullptr) {
    auto begun = PageCopy::Begin(*writer, digest_, OptionsOf(options_, target),
                                 options_.copy_reserve_bytes);
    if (!begun.ok()) return begun.status();
    copy_ = *std::move(begun);
    copy_version_ = target.version;
    if (interrupted_) copy_->Interrupt();
  }
  if (const absl::Status s = copy_->status(); !s.ok()) return s;
  return copy_->progress().whole ? absl::OkStatus() : copy_->Step(target.key);
}

void SqlcipherStore::DropCopy() {
  if (copy_ == nullptr || copy_->is_held_to()) return;
  copy_.reset();
  // It takes up room; the next copy removes what is left.
  (void)sqlcipher::RemoveDatabase(PathOf(options_.path, copy_version_));
}

absl::Status SqlcipherStore::CheckCopy() {
  if (copy_ == nullptr) return absl::AbortedError("there is no copy");
  const absl::Status checked = copy_->Check();
  if (!checked.ok() && !absl::IsCancelled(checked)) {
    queue_->Run([&] { DropCopy(); });
  }
  return checked;
}

absl::Status SqlcipherStore::SwitchToCopy(
    const std::function<absl::Status()>& make_active) {
  absl::Status status;
  queue_->Run([&] { status = Switch(make_active); });
  return status;
}

absl::Status SqlcipherStore::Switch(
    const std::function<absl::Status()>& make_active) {
  if (copy_ == nullptr) return absl::AbortedError("there is no copy");
  if (absl::Status equal = copy_->CheckEqual(); !equal.ok()) {
    if (!absl::IsAborted(equal)) DropCopy();
    return equal;
  }
  copy_->HoldTo();
  if (absl::Status active = make_active(); !active.ok()) return active;
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

void SqlcipherStore::Interrupt() {
  interrupted_ = true;
  queue_->Run([&] {
    if (copy_ != nullptr) copy_->Interrupt();
  });
}

}  // namespace sodality::store
