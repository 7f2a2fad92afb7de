#include "tests/faults/fault_disk.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "tests/faults/disk_file_system.h"

namespace sodality::faults {
namespace {

namespace fs = std::filesystem;
using platform::Bytes;
using platform::MutexLock;

constexpr std::chrono::milliseconds kStall{3};

bool OfSyncsAlone(Mishap mishap) {
  return mishap == Mishap::kForgets || mishap == Mishap::kStalls;
}

bool EndsTheProcess(Mishap mishap) {
  return mishap == Mishap::kKill || mishap == Mishap::kPowerCut ||
         mishap == Mishap::kShuffles || mishap == Mishap::kStalls;
}

bool CutsPower(Mishap mishap) {
  return mishap == Mishap::kForgets || mishap == Mishap::kPowerCut ||
         mishap == Mishap::kShuffles || mishap == Mishap::kStalls;
}

// Shared memory of the readers: never on disk.
bool IsOfMemory(const std::string& path) { return path.ends_with("-shm"); }

Bytes ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteWhole(const std::string& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

FaultDisk::FaultDisk(std::string folder)
    : folder_(std::move(folder)), files_(FileSystemOn(*this)) {
  const MutexLock lock(mutex_);
  Load();
}

FaultDisk::~FaultDisk() = default;

void FaultDisk::Load() {
  names_.clear();
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    const std::string path = entry.path().string();
    if (!entry.is_regular_file() || IsOfMemory(path)) continue;
    names_[path] = std::make_shared<DiskFile>(DiskFile{ReadWhole(path), {}});
  }
  durable_names_ = names_;
}

platform::FileSystem& FaultDisk::file_system() { return *files_; }

void FaultDisk::Arm(const DiskFault& fault) {
  const MutexLock lock(mutex_);
  fault_ = fault;
  armed_ = true;
  struck_ = false;
  counted_ = 0;
  failed_syncs_.clear();
  random_.seed(fault.seed);
}

void FaultDisk::Heal() {
  const MutexLock lock(mutex_);
  armed_ = false;
}

bool FaultDisk::struck() const {
  const MutexLock lock(mutex_);
  return struck_;
}

std::vector<std::string> FaultDisk::failed_syncs() const {
  const MutexLock lock(mutex_);
  return failed_syncs_;
}

void FaultDisk::Restart() {
  const MutexLock lock(mutex_);
  if (struck_ && CutsPower(fault_.mishap)) LosePower();
  Load();
  armed_ = false;
  dead_ = false;
}

DiskResult FaultDisk::Attempt(Kind kind) {
  another_.NotifyAll();
  if (dead_) return DiskResult::kFailed;
  if (!armed_ || (OfSyncsAlone(fault_.mishap) && kind != Kind::kSync)) {
    return DiskResult::kDone;
  }
  ++counted_;
  const bool strikes =
      fault_.sticky ? counted_ >= fault_.nth : counted_ == fault_.nth;
  return strikes ? Strike() : DiskResult::kDone;
}

DiskResult FaultDisk::Strike() {
  struck_ = true;
  if (EndsTheProcess(fault_.mishap)) dead_ = true;
  if (fault_.mishap == Mishap::kStalls) {
    // Whoever does not wait for the sync has its chance to say so.
    const auto end = std::chrono::steady_clock::now() + kStall;
    while (std::chrono::steady_clock::now() < end) {
      (void)another_.WaitFor(mutex_, kStall);
    }
  }
  return fault_.mishap == Mishap::kFull ? DiskResult::kFull
                                        : DiskResult::kFailed;
}

bool FaultDisk::Toss() { return (random_() >> 8 & 1) != 0; }

void FaultDisk::Tear(DiskFile& file, uint64_t at, std::span<const uint8_t> data,
                     const RealWrite& real) {
  for (const Part& sector : SectorsOf(at, data.size())) {
    const auto part = data.subspan(sector.from, sector.size);
    if (!Toss() || !real(part)) continue;
    file.unsynced.push_back(
        {at + sector.from, Bytes(part.begin(), part.end())});
  }
}

DiskFileRef FaultDisk::Opened(const std::string& path) {
  const MutexLock lock(mutex_);
  const auto known = names_.find(path);
  return known == names_.end() ? nullptr : known->second;
}

DiskResult FaultDisk::Create(const std::string& path, const Real& real) {
  const MutexLock lock(mutex_);
  if (const auto r = Attempt(Kind::kOther); r != DiskResult::kDone) return r;
  if (!real()) return DiskResult::kFailed;
  if (path.starts_with(folder_)) names_[path] = std::make_shared<DiskFile>();
  return DiskResult::kDone;
}

DiskResult FaultDisk::Write(DiskFile& file, uint64_t at,
                            std::span<const uint8_t> data,
                            const RealWrite& real) {
  const MutexLock lock(mutex_);
  const bool was_dead = dead_;
  const auto result = Attempt(Kind::kWrite);
  if (result == DiskResult::kDone) {
    if (!real(data)) return DiskResult::kFailed;
    file.unsynced.push_back({at, Bytes(data.begin(), data.end())});
    return result;
  }
  const bool tears = fault_.mishap == Mishap::kTears ||
                     (EndsTheProcess(fault_.mishap) && !was_dead);
  if (tears) Tear(file, at, data, real);
  return result;
}

DiskResult FaultDisk::Resize(DiskFile& file, uint64_t size, const Real& real) {
  const MutexLock lock(mutex_);
  if (const auto r = Attempt(Kind::kOther); r != DiskResult::kDone) return r;
  if (!real()) return DiskResult::kFailed;
  file.unsynced.push_back({size, {}});
  return DiskResult::kDone;
}

DiskResult FaultDisk::Sync(DiskFile& file, const Real& real) {
  const MutexLock lock(mutex_);
  if (const auto r = Attempt(Kind::kSync); r != DiskResult::kDone) {
    if (fault_.mishap == Mishap::kForgets) file.unsynced.clear();
    for (const auto& [path, one] : names_) {
      if (one.get() == &file) failed_syncs_.push_back(path);
    }
    return r;
  }
  if (!real()) return DiskResult::kFailed;
  for (const auto& change : file.unsynced) Apply(change, file.synced);
  file.unsynced.clear();
  return DiskResult::kDone;
}

DiskResult FaultDisk::Rename(const std::string& from, const std::string& to,
                             const Real& real) {
  const MutexLock lock(mutex_);
  if (const auto r = Attempt(Kind::kOther); r != DiskResult::kDone) return r;
  if (!real()) return DiskResult::kFailed;
  names_[to] = names_[from];
  names_.erase(from);
  return DiskResult::kDone;
}

DiskResult FaultDisk::Remove(const std::string& path, const Real& real) {
  const MutexLock lock(mutex_);
  if (const auto r = Attempt(Kind::kOther); r != DiskResult::kDone) return r;
  if (!real()) return DiskResult::kFailed;
  names_.erase(path);
  return DiskResult::kDone;
}

DiskResult FaultDisk::SyncFolder(const std::string& path, const Real& real) {
  const MutexLock lock(mutex_);
  if (const auto r = Attempt(Kind::kSync); r != DiskResult::kDone) return r;
  if (!real()) return DiskResult::kFailed;
  const auto is_in = [&](const auto& name) {
    return fs::path(name.first).parent_path() == fs::path(path);
  };
  std::erase_if(durable_names_, is_in);
  std::copy_if(names_.begin(), names_.end(),
               std::inserter(durable_names_, durable_names_.end()), is_in);
  return DiskResult::kDone;
}

Bytes FaultDisk::Left(const DiskFile& file) {
  Bytes content = file.synced;
  if (fault_.mishap != Mishap::kShuffles) return content;
  for (const auto& change : file.unsynced) {
    if (change.data.empty()) {
      if (Toss()) content.resize(change.at);
      continue;
    }
    for (const Part& sector : SectorsOf(change.at, change.data.size())) {
      if (!Toss()) continue;
      Apply(change.at + sector.from,
            std::span(change.data).subspan(sector.from, sector.size), content);
    }
  }
  return content;
}

// A change of names that was not synced has arrived or not, each for itself.
FaultDisk::Names FaultDisk::LeftNames() {
  if (fault_.mishap != Mishap::kShuffles) return durable_names_;
  Names left = durable_names_;
  Names all = names_;
  all.insert(durable_names_.begin(), durable_names_.end());
  for (const auto& [path, file] : all) {
    const auto now = names_.find(path);
    if (!Toss()) continue;
    if (now == names_.end()) {
      left.erase(path);
    } else {
      left[path] = now->second;
    }
  }
  return left;
}

void FaultDisk::LosePower() {
  const Names left = LeftNames();
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) found.push_back(entry.path());
  }
  for (const fs::path& path : found) fs::remove(path);
  for (const auto& [path, file] : left) WriteWhole(path, Left(*file));
}

}  // namespace sodality::faults
