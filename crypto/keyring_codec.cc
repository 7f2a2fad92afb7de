#include "crypto/keyring_codec.h"

#include <map>
#include <memory>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace sodality::crypto {
namespace {

constexpr uint8_t kFormat = 1;
constexpr size_t kFixedSize = 1 + 16 + 8 + 2;
constexpr size_t kEntrySize = 1 + 4 + 1 + 8 + 4 + 4;

absl::Status Damaged() { return absl::DataLossError("the keyring is damaged"); }

absl::Status Newer(std::string_view what, int number) {
  return absl::FailedPreconditionError(
      absl::StrCat("the keyring's ", std::string(what), " ", number,
                   " is unknown (newer than this server?)"));
}

template <class K, class Material>
absl::StatusOr<Material> FixedKey(std::span<const uint8_t> bytes) {
  auto key = K::FromBytes(bytes);
  if (!key.ok()) return Damaged();
  return Material(*std::move(key));
}

bool ValidState(uint8_t state) {
  return state >= static_cast<uint8_t>(KeyState::kPrepared) &&
         state <= static_cast<uint8_t>(KeyState::kDestroyed);
}

}  // namespace

std::span<const uint8_t> KeyringCodec::BytesOf(const Keyring::Entry& entry) {
  if (entry.material == nullptr) return {};
  return std::visit(
      [](const auto& key) -> std::span<const uint8_t> {
        if constexpr (std::is_same_v<std::decay_t<decltype(key)>, CaKey>) {
          return key.pkcs8.Expose(AllowSecretAccess());
        } else {
          return key.Expose(AllowSecretAccess());
        }
      },
      *entry.material);
}

void KeyringCodec::EncodeEntry(const Keyring::Entry& entry, ByteWriter& out) {
  const KeyInfo& info = entry.info;
  const IndexParameters index = info.index.value_or(IndexParameters{});
  const auto bytes = BytesOf(entry);
  out.Put(static_cast<uint8_t>(info.kind));
  out.Put(info.version);
  out.Put(static_cast<uint8_t>(info.state));
  out.Put(static_cast<uint64_t>(info.created.millis));
  out.Put(index.normaliser_version);
  out.Put(index.exact_bits);
  out.Put(index.word_bits);
  out.Put(static_cast<uint32_t>(bytes.size()));
  out.PutBytes(bytes);
}

SecretBuffer KeyringCodec::Encode(const Keyring& keyring) {
  size_t size = kFixedSize;
  for (const auto& entry : keyring.entries_) {
    size += kEntrySize + BytesOf(entry).size();
  }
  SecretBuffer bytes = SecretBuffer::OfSize(size);
  ByteWriter out(bytes.ExposeMutable(AllowSecretAccess()));
  out.Put(kFormat);
  out.PutBytes(keyring.chapter_id_);
  out.Put(keyring.generation_);
  out.Put(static_cast<uint16_t>(keyring.entries_.size()));
  for (const auto& entry : keyring.entries_) EncodeEntry(entry, out);
  return bytes;
}

absl::StatusOr<Keyring::Material> KeyringCodec::ToMaterial(
    KeyKind kind, std::span<const uint8_t> bytes) {
  using Material = Keyring::Material;
  switch (kind) {
    case KeyKind::kPage:
      return FixedKey<PageKey, Material>(bytes);
    case KeyKind::kWrap:
      return FixedKey<WrapKey, Material>(bytes);
    case KeyKind::kIndex:
      return FixedKey<IndexKey, Material>(bytes);
    case KeyKind::kState:
      return FixedKey<StateKey, Material>(bytes);
    case KeyKind::kLedger:
      return FixedKey<LedgerKey, Material>(bytes);
    case KeyKind::kLedgerSign:
      return FixedKey<LedgerSignKey, Material>(bytes);
    case KeyKind::kLease:
      return FixedKey<LeaseKey, Material>(bytes);
    case KeyKind::kSuppression:
      return FixedKey<SuppressionKey, Material>(bytes);
    case KeyKind::kCa:
      if (bytes.empty()) return Damaged();
      return Material(CaKey{SecretBuffer::CopyOf(bytes)});
  }
  return Newer("key kind", static_cast<int>(kind));
}

absl::StatusOr<Keyring::Entry> KeyringCodec::DecodeEntry(ByteReader& in) {
  Keyring::Entry entry;
  KeyInfo& info = entry.info;
  info.kind = static_cast<KeyKind>(in.Get<uint8_t>());
  info.version = in.Get<uint32_t>();
  const auto state = in.Get<uint8_t>();
  info.created.millis = static_cast<int64_t>(in.Get<uint64_t>());
  IndexParameters index;
  index.normaliser_version = in.Get<uint16_t>();
  index.exact_bits = in.Get<uint8_t>();
  index.word_bits = in.Get<uint8_t>();
  const auto bytes = in.GetBytes(in.Get<uint32_t>());
  if (!in.ok() || !ValidState(state)) return Damaged();
  info.state = static_cast<KeyState>(state);
  if (info.kind == KeyKind::kIndex) {
    info.index = index;
  } else if (index != IndexParameters{}) {
    return Damaged();
  }
  if (info.state == KeyState::kDestroyed) {
    if (!bytes.empty()) return Damaged();
    return entry;
  }
  auto material = ToMaterial(info.kind, bytes);
  if (!material.ok()) return material.status();
  entry.material =
      std::make_shared<const Keyring::Material>(*std::move(material));
  return entry;
}

absl::Status KeyringCodec::CheckInvariants(const Keyring& keyring) {
  std::map<KeyKind, int> active;
  KeyInfo previous;
  for (const KeyInfo& info : keyring.Infos()) {
    const bool same_kind = previous.version > 0 && info.kind == previous.kind;
    if (info.version != (same_kind ? previous.version + 1 : 1)) {
      return Damaged();
    }
    if (previous.version > 0 && info.kind < previous.kind) return Damaged();
    active[info.kind] += info.state == KeyState::kActive ? 1 : 0;
    previous = info;
  }
  for (const KeyKind kind : kGeneratedKinds) {
    if (active[kind] != 1) return Damaged();
  }
  return active[KeyKind::kCa] <= 1 ? absl::OkStatus() : Damaged();
}

absl::StatusOr<Keyring> KeyringCodec::Decode(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  const auto format = in.Get<uint8_t>();
  if (format > kFormat) return Newer("format", format);
  if (format < kFormat) return Damaged();
  Keyring keyring;
  keyring.chapter_id_ = in.GetArray<16>();
  keyring.generation_ = in.Get<uint64_t>();
  const auto entries = in.Get<uint16_t>();
  if (!in.ok() || entries > Keyring::kMaxVersions) return Damaged();
  for (int i = 0; i < entries; ++i) {
    auto entry = DecodeEntry(in);
    if (!entry.ok()) return entry.status();
    keyring.entries_.push_back(*std::move(entry));
  }
  if (!in.AtEnd()) return Damaged();
  if (auto s = CheckInvariants(keyring); !s.ok()) return s;
  return keyring;
}

}  // namespace sodality::crypto
