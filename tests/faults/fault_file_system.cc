#include "tests/faults/fault_file_system.h"

#include <algorithm>
#include <span>
#include <utility>

namespace sodality::faults {
namespace {

bool IsChange(Operation operation) {
  return operation != Operation::kOpen && operation != Operation::kRead;
}

}  // namespace

class FaultFile final : public platform::File {
 public:
  FaultFile(FaultFileSystem& owner, std::unique_ptr<platform::File> base)
      : owner_(owner), base_(std::move(base)) {}

  absl::Status WriteAt(uint64_t offset,
                       std::span<const uint8_t> data) override {
    const auto verdict = owner_.Attempt(Operation::kWrite);
    if (verdict.status.ok()) return base_->WriteAt(offset, data);
    const size_t torn = std::min(verdict.torn_bytes, data.size());
    if (torn > 0) {
      if (auto s = base_->WriteAt(offset, data.first(torn)); !s.ok()) return s;
    }
    return verdict.status;
  }

  absl::StatusOr<platform::Bytes> ReadAt(uint64_t offset,
                                         size_t size) override {
    if (auto s = owner_.Attempt(Operation::kRead).status; !s.ok()) return s;
    return base_->ReadAt(offset, size);
  }

  absl::Status Sync() override {
    if (auto s = owner_.Attempt(Operation::kSync).status; !s.ok()) return s;
    return base_->Sync();
  }

  absl::Status Allocate(uint64_t size) override {
    if (auto s = owner_.Attempt(Operation::kAllocate).status; !s.ok()) return s;
    return base_->Allocate(size);
  }

  absl::StatusOr<uint64_t> Size() override {
    if (auto s = owner_.Attempt(Operation::kRead).status; !s.ok()) return s;
    return base_->Size();
  }

 private:
  FaultFileSystem& owner_;
  const std::unique_ptr<platform::File> base_;
};

FaultFileSystem::FaultFileSystem(platform::FileSystem& base) : base_(base) {}

void FaultFileSystem::Inject(Fault fault) {
  platform::MutexLock lock(mutex_);
  StartAnew();
  fault_ = std::move(fault);
}

void FaultFileSystem::KillAt(int nth, size_t torn_bytes) {
  platform::MutexLock lock(mutex_);
  StartAnew();
  kill_ = Kill{nth, torn_bytes};
}

void FaultFileSystem::Heal() {
  platform::MutexLock lock(mutex_);
  fault_.reset();
  kill_.reset();
  dead_ = false;
}

int FaultFileSystem::Count(Operation operation) const {
  platform::MutexLock lock(mutex_);
  return counts_[static_cast<size_t>(operation)];
}

int FaultFileSystem::Changes() const {
  platform::MutexLock lock(mutex_);
  return ChangesLocked();
}

bool FaultFileSystem::Struck() const {
  platform::MutexLock lock(mutex_);
  return struck_;
}

absl::StatusOr<std::unique_ptr<platform::File>> FaultFileSystem::Open(
    const std::string& path, bool create) {
  if (auto s = Attempt(Operation::kOpen).status; !s.ok()) return s;
  auto file = base_.Open(path, create);
  if (!file.ok()) return file.status();
  return std::make_unique<FaultFile>(*this, *std::move(file));
}

absl::Status FaultFileSystem::Rename(const std::string& from,
                                     const std::string& to) {
  if (auto s = Attempt(Operation::kRename).status; !s.ok()) return s;
  return base_.Rename(from, to);
}

absl::Status FaultFileSystem::Remove(const std::string& path) {
  if (auto s = Attempt(Operation::kRemove).status; !s.ok()) return s;
  return base_.Remove(path);
}

absl::Status FaultFileSystem::SyncFolder(const std::string& path) {
  if (auto s = Attempt(Operation::kSyncFolder).status; !s.ok()) return s;
  return base_.SyncFolder(path);
}

absl::StatusOr<std::vector<std::string>> FaultFileSystem::List(
    const std::string& folder) {
  if (auto s = Attempt(Operation::kRead).status; !s.ok()) return s;
  return base_.List(folder);
}

FaultFileSystem::Verdict FaultFileSystem::Attempt(Operation operation) {
  platform::MutexLock lock(mutex_);
  ++counts_[static_cast<size_t>(operation)];
  auto verdict = Killed(operation);
  if (!verdict) verdict = Faulted(operation);
  if (!verdict) return {};
  struck_ = true;
  return *std::move(verdict);
}

std::optional<FaultFileSystem::Verdict> FaultFileSystem::Killed(
    Operation operation) {
  if (dead_) return Verdict{absl::UnavailableError("killed"), 0};
  if (!kill_ || !IsChange(operation) || ChangesLocked() < kill_->nth) {
    return std::nullopt;
  }
  dead_ = true;
  return Verdict{absl::UnavailableError("killed"), kill_->torn_bytes};
}

std::optional<FaultFileSystem::Verdict> FaultFileSystem::Faulted(
    Operation operation) {
  if (!fault_ || fault_->operation != operation) return std::nullopt;
  const int count = counts_[static_cast<size_t>(operation)];
  const bool strikes =
      fault_->sticky ? count >= fault_->nth : count == fault_->nth;
  if (!strikes) return std::nullopt;
  return Verdict{fault_->status, fault_->torn_bytes};
}

int FaultFileSystem::ChangesLocked() const {
  int changes = 0;
  for (size_t i = 0; i < kOperations; ++i) {
    if (IsChange(static_cast<Operation>(i))) changes += counts_[i];
  }
  return changes;
}

void FaultFileSystem::StartAnew() {
  counts_.fill(0);
  fault_.reset();
  kill_.reset();
  dead_ = false;
  struck_ = false;
}

}  // namespace sodality::faults
