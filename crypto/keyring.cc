#include "crypto/keyring.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace sodality::crypto {
namespace {

std::string Named(KeyKind kind, uint32_t version) {
  return absl::StrCat(std::string(KeyKindName(kind)), " key version ", version);
}

absl::Status Unknown(KeyKind kind, uint32_t version) {
  return absl::FailedPreconditionError(absl::StrCat(
      Named(kind, version), " is unknown (newer than this server?)"));
}

}  // namespace

Keyring::Material Keyring::Make(KeyKind kind, Random& random) {
  switch (kind) {
    case KeyKind::kPage:
      return PageKey::Generate(random);
    case KeyKind::kWrap:
      return WrapKey::Generate(random);
    case KeyKind::kIndex:
      return IndexKey::Generate(random);
    case KeyKind::kState:
      return StateKey::Generate(random);
    case KeyKind::kLedger:
      return LedgerKey::Generate(random);
    case KeyKind::kLedgerSign:
      return LedgerSignKey::Generate(random);
    case KeyKind::kLease:
      return LeaseKey::Generate(random);
    case KeyKind::kSuppression:
      return SuppressionKey::Generate(random);
    case KeyKind::kCa:
      break;  // Made by pki, handed to PrepareCa.
  }
  std::abort();
}

Keyring Keyring::Create(const Spec& spec, Random& random) {
  Keyring keyring;
  keyring.chapter_id_ = spec.chapter_id;
  for (const KeyKind kind : kGeneratedKinds) {
    KeyInfo info{kind, 1, KeyState::kActive, spec.now, std::nullopt};
    if (kind == KeyKind::kIndex) info.index = spec.index;
    keyring.entries_.push_back(
        {info, std::make_shared<const Material>(Make(kind, random))});
  }
  return keyring;
}

std::vector<KeyInfo> Keyring::Infos() const {
  std::vector<KeyInfo> infos;
  infos.reserve(entries_.size());
  for (const Entry& entry : entries_) infos.push_back(entry.info);
  return infos;
}

const Keyring::Entry* Keyring::FindEntry(KeyKind kind, uint32_t version) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.info.kind == kind && entry.info.version == version;
      });
  return found == entries_.end() ? nullptr : &*found;
}

Keyring::Entry* Keyring::FindEntry(KeyKind kind, uint32_t version) {
  return const_cast<Entry*>(std::as_const(*this).FindEntry(kind, version));
}

absl::StatusOr<KeyInfo> Keyring::Info(KeyKind kind, uint32_t version) const {
  const Entry* entry = FindEntry(kind, version);
  if (entry == nullptr) return Unknown(kind, version);
  return entry->info;
}

absl::StatusOr<const Keyring::Material*> Keyring::FindMaterial(
    KeyKind kind, uint32_t version) const {
  const Entry* entry = FindEntry(kind, version);
  if (entry == nullptr) return Unknown(kind, version);
  if (entry->material == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat(Named(kind, version), " has been destroyed"));
  }
  return entry->material.get();
}

absl::StatusOr<uint32_t> Keyring::ActiveVersion(KeyKind kind) const {
  for (const Entry& entry : entries_) {
    if (entry.info.kind == kind && entry.info.state == KeyState::kActive) {
      return entry.info.version;
    }
  }
  return absl::FailedPreconditionError(
      absl::StrCat("no ", std::string(KeyKindName(kind)), " key is active"));
}

uint32_t Keyring::NextVersion(KeyKind kind) const {
  const auto versions = std::count_if(
      entries_.begin(), entries_.end(),
      [&](const Entry& entry) { return entry.info.kind == kind; });
  return static_cast<uint32_t>(versions) + 1;
}

uint32_t Keyring::Append(KeyInfo info, Material material) {
  if (entries_.size() >= kMaxVersions) std::abort();  // No file could be read.
  const auto end = std::find_if(
      entries_.begin(), entries_.end(),
      [&](const Entry& entry) { return entry.info.kind > info.kind; });
  info.version = NextVersion(info.kind);
  entries_.insert(
      end, {info, std::make_shared<const Material>(std::move(material))});
  ++generation_;
  return info.version;
}

uint32_t Keyring::Prepare(KeyKind kind, platform::Timestamp now,
                          Random& random) {
  if (kind == KeyKind::kIndex) std::abort();  // PrepareIndex has parameters.
  return Append({kind, 0, KeyState::kPrepared, now, std::nullopt},
                Make(kind, random));
}

uint32_t Keyring::PrepareIndex(const IndexParameters& index,
                               platform::Timestamp now, Random& random) {
  return Append({KeyKind::kIndex, 0, KeyState::kPrepared, now, index},
                Make(KeyKind::kIndex, random));
}

uint32_t Keyring::PrepareCa(CaKey key, platform::Timestamp now) {
  return Append({KeyKind::kCa, 0, KeyState::kPrepared, now, std::nullopt},
                std::move(key));
}

absl::Status Keyring::Activate(KeyKind kind, uint32_t version) {
  Entry* entry = FindEntry(kind, version);
  if (entry == nullptr) return Unknown(kind, version);
  if (auto s = CheckTransition(entry->info.state, KeyState::kActive); !s.ok()) {
    return s;
  }
  if (const auto active = ActiveVersion(kind); active.ok()) {
    FindEntry(kind, *active)->info.state = KeyState::kRetired;
  }
  entry->info.state = KeyState::kActive;
  ++generation_;
  return absl::OkStatus();
}

uint32_t Keyring::Rotate(KeyKind kind, platform::Timestamp now,
                         Random& random) {
  if (kind == KeyKind::kIndex) std::abort();  // RotateIndex has parameters.
  return Rotate({kind, 0, KeyState::kPrepared, now, std::nullopt}, random);
}

uint32_t Keyring::RotateIndex(const IndexParameters& index,
                              platform::Timestamp now, Random& random) {
  return Rotate({KeyKind::kIndex, 0, KeyState::kPrepared, now, index}, random);
}

uint32_t Keyring::Rotate(KeyInfo info, Random& random) {
  const uint64_t next = generation_ + 1;
  const KeyKind kind = info.kind;
  const uint32_t version = Append(info, Make(kind, random));
  if (!Activate(kind, version).ok()) std::abort();  // It was just prepared.
  generation_ = next;
  return version;
}

absl::Status Keyring::Destroy(KeyKind kind, uint32_t version) {
  Entry* entry = FindEntry(kind, version);
  if (entry == nullptr) return Unknown(kind, version);
  if (auto s = CheckTransition(entry->info.state, KeyState::kDestroyed);
      !s.ok()) {
    return s;
  }
  entry->info.state = KeyState::kDestroyed;
  entry->material.reset();
  ++generation_;
  return absl::OkStatus();
}

absl::Status Keyring::DestroyBelow(KeyKind kind, uint32_t below) {
  std::vector<Entry*> going;
  for (Entry& entry : entries_) {
    const KeyInfo& info = entry.info;
    if (info.kind != kind || info.version >= below) continue;
    if (info.state == KeyState::kDestroyed) continue;
    if (info.state != KeyState::kRetired) {
      return absl::FailedPreconditionError("a version below it is not retired");
    }
    going.push_back(&entry);
  }
  if (going.empty()) {
    return absl::FailedPreconditionError("no version below it is left");
  }
  for (Entry* entry : going) {
    entry->info.state = KeyState::kDestroyed;
    entry->material.reset();
  }
  ++generation_;
  return absl::OkStatus();
}

}  // namespace sodality::crypto
