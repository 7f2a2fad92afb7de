#include "server/core/backup/backup_reader.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/core/ledger/segment.h"
#include "server/core/tombstones/tombstones.h"

namespace sodality::core {
namespace {

constexpr std::string_view kLedgerFolder = "ledger/";

// Of those that every backup has once.
constexpr std::array<std::string_view, 5> kFixedNames = {
    "chapter.toml", "schema.toml", "ca.pem", "server.key", "server.pem"};

// "members.db", or "members.N.db" of version N of the page key, from 2 on.
bool IsStoreFile(std::string_view name) {
  constexpr std::string_view kStart = "members.";
  constexpr std::string_view kEnd = ".db";
  if (name == "members.db") return true;
  if (!name.starts_with(kStart) || !name.ends_with(kEnd) ||
      name.size() <= kStart.size() + kEnd.size()) {
    return false;
  }
  name.remove_prefix(kStart.size());
  name.remove_suffix(kEnd.size());
  uint32_t version = 0;
  // One spelling only.
  return absl::SimpleAtoi(absl::string_view(name.data(), name.size()),
                          &version) &&
         version >= 2 && absl::StrCat(version) == name;
}

absl::Status Wrong(const std::string& what) {
  return absl::DataLossError("the backup is damaged: " + what);
}

bool IsOnce(BackupFileKind kind) { return kind != BackupFileKind::kSegment; }

std::string NameOfKind(BackupFileKind kind) {
  if (kind == BackupFileKind::kSegment) return "a segment of the ledger";
  if (kind == BackupFileKind::kTombstones) return kTombstoneFileName;
  if (kind == BackupFileKind::kStore) return "the store";
  return std::string(kFixedNames.at(static_cast<size_t>(kind)));
}

}  // namespace

std::optional<BackupFileKind> KindOfBackupFile(const std::string& name) {
  const auto fixed = std::find(kFixedNames.begin(), kFixedNames.end(), name);
  if (fixed != kFixedNames.end()) {
    return static_cast<BackupFileKind>(fixed - kFixedNames.begin());
  }
  if (name.starts_with(kLedgerFolder) &&
      Segment::IsName(name.substr(kLedgerFolder.size()))) {
    return BackupFileKind::kSegment;
  }
  if (name == kTombstoneFileName) return BackupFileKind::kTombstones;
  if (IsStoreFile(name)) return BackupFileKind::kStore;
  return std::nullopt;
}

absl::Status BackupReader::Add(std::span<const uint8_t> bytes) {
  while (status_.ok() && !bytes.empty()) status_ = Step(bytes);
  return status_;
}

absl::Status BackupReader::Step(std::span<const uint8_t>& bytes) {
  switch (state_) {
    case State::kPart: {
      const uint8_t part = bytes.front();
      bytes = bytes.subspan(1);
      return TakePart(part);
    }
    case State::kHeader:
      return TakeHeader(bytes);
    case State::kContent:
      return TakeContent(bytes);
    case State::kManifest:
      return TakeManifest(bytes);
  }
  return Wrong("a part that is none");
}

absl::Status BackupReader::TakePart(uint8_t part) {
  pending_.clear();
  if (part == static_cast<uint8_t>(BackupPart::kFile)) {
    state_ = State::kHeader;
    return absl::OkStatus();
  }
  if (part != static_cast<uint8_t>(BackupPart::kManifest)) {
    return Wrong(files_.empty()
                     ? std::string("it begins with a part that is none")
                     : absl::StrCat("a part that is none stands behind ",
                                    files_.back().name));
  }
  if (auto s = CheckComplete(); !s.ok()) return s;
  // The manifest that agrees has so many bytes: what has more does not.
  BackupManifest like;
  like.files = files_;
  manifest_bytes_ = EncodeManifest(like).size() - 1;
  state_ = State::kManifest;
  return absl::OkStatus();
}

absl::Status BackupReader::TakeHeader(std::span<const uint8_t>& bytes) {
  constexpr size_t kMost =
      BackupFileHeader::kFixedBytes - 1 + BackupFileHeader::kMaxName;
  const size_t before = pending_.size();
  const size_t taken = std::min(bytes.size(), kMost - before);
  const auto some = bytes.first(taken);
  pending_.insert(pending_.end(), some.begin(), some.end());
  auto file = DecodeBackupFile(pending_);
  if (!file.ok()) return file.status();
  if (!file->has_value()) {
    bytes = bytes.subspan(taken);
    return absl::OkStatus();
  }
  // What was taken too much is the file's.
  const size_t header =
      BackupFileHeader::kFixedBytes - 1 + (*file)->name.size();
  bytes = bytes.subspan(header - before);
  return BeginFile(**std::move(file));
}

absl::Status BackupReader::CheckPlace(const BackupFileHeader& file) const {
  const auto kind = KindOfBackupFile(file.name);
  if (!kind) return Wrong(file.name + " is no file of a chapter");
  if (files_.size() >= BackupManifest::kMaxFiles) {
    return Wrong("it has too many files");
  }
  if (files_.empty()) return absl::OkStatus();
  const std::string& last = files_.back().name;
  if (file.name == last) return Wrong(file.name + " stands in it twice");
  const auto before = *KindOfBackupFile(last);
  const bool later =
      before == *kind && !IsOnce(*kind) ? last < file.name : before < *kind;
  if (later) return absl::OkStatus();
  return Wrong(absl::StrCat(file.name, " stands behind ", last));
}

absl::Status BackupReader::BeginFile(BackupFileHeader file) {
  if (auto s = CheckPlace(file); !s.ok()) return s;
  if (auto s = sink_.Begin(file); !s.ok()) return s;
  left_ = file.length;
  digest_ = crypto::Sha256Stream();
  files_.push_back({std::move(file.name), file.size, {}});
  state_ = State::kContent;
  return EndFileIfWhole();
}

absl::Status BackupReader::TakeContent(std::span<const uint8_t>& bytes) {
  const auto some = bytes.first(std::min<uint64_t>(bytes.size(), left_));
  bytes = bytes.subspan(some.size());
  digest_.Add(some);
  left_ -= some.size();
  if (auto s = sink_.Write(some); !s.ok()) return s;
  return EndFileIfWhole();
}

absl::Status BackupReader::EndFileIfWhole() {
  if (left_ > 0) return absl::OkStatus();
  files_.back().sha256 = digest_.Finish();
  state_ = State::kPart;
  return sink_.End();
}

absl::Status BackupReader::TakeManifest(std::span<const uint8_t>& bytes) {
  if (bytes.size() > manifest_bytes_ - pending_.size()) {
    return Wrong("its manifest has more bytes than its files need");
  }
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
  bytes = {};
  return absl::OkStatus();
}

absl::Status BackupReader::CheckComplete() const {
  std::array<bool, 8> seen{};
  seen.at(static_cast<size_t>(BackupFileKind::kTombstones)) = true;
  for (const BackedUpFile& file : files_) {
    seen.at(static_cast<size_t>(*KindOfBackupFile(file.name))) = true;
  }
  const auto missing = std::find(seen.begin(), seen.end(), false);
  if (missing == seen.end()) return absl::OkStatus();
  const auto kind = static_cast<BackupFileKind>(missing - seen.begin());
  return Wrong(NameOfKind(kind) + " is missing");
}

absl::Status BackupReader::Agree(const BackupManifest& manifest) const {
  if (manifest.files.size() != files_.size()) {
    return Wrong("its manifest names another number of files");
  }
  for (size_t i = 0; i < files_.size(); ++i) {
    const BackedUpFile& read = files_[i];
    const BackedUpFile& named = manifest.files[i];
    if (named == read) continue;
    if (named.name != read.name) {
      return Wrong(absl::StrCat("its manifest names ", named.name, " where ",
                                read.name, " stands"));
    }
    return Wrong(absl::StrCat(read.name, " is not as its manifest says"));
  }
  return absl::OkStatus();
}

absl::StatusOr<BackupManifest> BackupReader::Finish() {
  if (!status_.ok()) return status_;
  if (state_ == State::kContent) {
    status_ = Wrong(files_.back().name + " is cut off");
  } else if (state_ != State::kManifest) {
    status_ = Wrong("it ends in front of its manifest");
  } else if (pending_.size() < manifest_bytes_) {
    status_ = Wrong("its manifest is cut off, or names fewer files");
  }
  if (!status_.ok()) return status_;
  auto manifest = DecodeManifest(pending_);
  status_ = manifest.ok() ? Agree(*manifest) : manifest.status();
  if (!status_.ok()) return status_;
  return manifest;
}

}  // namespace sodality::core
