#include "server/core/tombstones/tombstones.h"

#include <algorithm>
#include <span>
#include <utility>

namespace sodality::core {

using platform::MutexLock;

namespace {

void DropKnown(const Ended& known, std::vector<Tombstone>& ended) {
  std::erase_if(ended, [&](const Tombstone& one) { return known.Holds(one); });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Tombstones>> Tombstones::Open(
    Place place, const crypto::Keyring& keyring) {
  auto codec = TombstoneCodec::Create(keyring);
  if (!codec.ok()) return codec.status();
  std::unique_ptr<Tombstones> opened(
      new Tombstones(std::move(place), *std::move(codec)));
  const auto bytes = platform::ReadFile(opened->place_.fs, opened->place_.path,
                                        kMaxTombstoneFile);
  if (absl::IsNotFound(bytes.status())) return opened;
  if (!bytes.ok()) return bytes.status();
  const auto content = opened->codec_.Read(*bytes);
  if (!content.ok()) {
    return absl::Status(
        content.status().code(),
        "the tombstones: " + std::string(content.status().message()));
  }
  opened->torn_bytes_ = content->torn_bytes;
  MutexLock lock(opened->mutex_);
  for (const TombstoneEntry& entry : content->entries) {
    opened->ended_.Add(entry);
    opened->as_of_ = std::max(opened->as_of_, entry.time);
  }
  opened->chain_ = content->chain;
  opened->length_ = content->length;
  opened->anew_ = content->torn_bytes != 0;
  return opened;
}

absl::Status Tombstones::CheckWithin(
    const std::vector<Tombstone>& standing) const {
  Ended known;
  known.Add({{}, standing});
  MutexLock lock(mutex_);
  for (const Tombstone& one : ended_.ForGood()) {
    if (!known.Holds(one)) {
      return absl::FailedPreconditionError(
          "the database is older than the tombstones: something was put back; "
          "restore all of them from one backup");
    }
  }
  return absl::OkStatus();
}

absl::Status Tombstones::CatchUp(const std::vector<Tombstone>& standing) {
  std::vector<Tombstone> ended = standing;
  // Where the file alone says that somebody is suspended, it may be right.
  std::erase_if(ended, [](const Tombstone& one) {
    return one.kind == EndedKind::kSuspensionLifted;
  });
  return ended.empty() ? absl::OkStatus() : Record(std::move(ended));
}

absl::Status Tombstones::Record(std::vector<Tombstone> ended) {
  MutexLock lock(mutex_);
  // What is owed may change what holds.
  if (!ended.empty() && owed_.empty()) {
    DropKnown(ended_, ended);
    if (ended.empty()) return absl::OkStatus();
  }
  owed_.insert(owed_.end(), ended.begin(), ended.end());
  return WriteOwed();
}

bool Tombstones::owes() const {
  MutexLock lock(mutex_);
  return !owed_.empty();
}

absl::Status Tombstones::WriteOwed() {
  // Never behind what stands there: of a suspension the latest holds.
  const platform::Timestamp now = std::max(place_.clock.Now(), as_of_);
  TombstoneChain chain = chain_;
  std::vector<TombstoneEntry> entries;
  store::Bytes bytes;
  size_t at = 0;
  do {
    const size_t next = std::min(owed_.size(), at + TombstoneEntry::kMaxEnded);
    const auto some = std::span(owed_).subspan(at, next - at);
    entries.push_back({now, {some.begin(), some.end()}});
    const auto sealed = codec_.Seal(entries.back(), place_.random, chain);
    if (!sealed.ok()) return sealed.status();
    bytes.insert(bytes.end(), sealed->begin(), sealed->end());
    at = next;
  } while (at < owed_.size());
  const bool append = length_ != 0 && !anew_;
  const absl::Status written = append ? Append(bytes) : WriteAnew(bytes);
  if (!written.ok()) {
    anew_ = true;
    return written;
  }
  length_ += bytes.size() + (length_ == 0 ? codec_.Header().size() : 0);
  anew_ = false;
  chain_ = chain;
  as_of_ = std::max(as_of_, now);
  for (const TombstoneEntry& entry : entries) ended_.Add(entry);
  owed_.clear();
  return absl::OkStatus();
}

absl::Status Tombstones::Append(std::span<const uint8_t> bytes) {
  const auto file = place_.fs.Open(place_.path, /*create=*/false);
  if (!file.ok()) return file.status();
  if (auto s = (*file)->WriteAt(length_, bytes); !s.ok()) return s;
  return (*file)->Sync();
}

// What is durable, and `bytes`, in a new file: after a failed append nobody
// knows what stands in the old one behind that.
absl::Status Tombstones::WriteAnew(std::span<const uint8_t> bytes) {
  store::Bytes whole = codec_.Header();
  if (length_ != 0) {
    const auto file = place_.fs.Open(place_.path, /*create=*/false);
    if (!file.ok()) return file.status();
    auto durable = (*file)->ReadAt(0, length_);
    if (!durable.ok()) return durable.status();
    if (durable->size() != length_) {
      return absl::DataLossError("the tombstones: their file became shorter");
    }
    whole = *std::move(durable);
  }
  whole.insert(whole.end(), bytes.begin(), bytes.end());
  return platform::ReplaceFile(place_.fs, place_.path, whole);
}

uint64_t Tombstones::length() const {
  MutexLock lock(mutex_);
  return length_;
}

platform::Timestamp Tombstones::as_of() const {
  MutexLock lock(mutex_);
  return as_of_;
}

uint64_t Tombstones::entries() const {
  MutexLock lock(mutex_);
  return chain_.number;
}

}  // namespace sodality::core
