#include "server/core/ledger/entry_codec.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/sha256.h"
#include "server/core/byte_builder.h"

namespace sodality::core {
namespace {

constexpr uint8_t kHeaderVersion = 1;
constexpr std::string_view kEntryPurpose = "ledger-entry";
constexpr std::string_view kDraftPurpose = "ledger-draft";

absl::Status Damaged() {
  return absl::DataLossError("a ledger entry is damaged");
}

absl::Status TooManyParts() {
  return absl::InvalidArgumentError("more than 4096 members in an entry");
}

// Of an entry's header and of a draft.
absl::Status CheckVersion(crypto::ByteReader& in) {
  const uint8_t version = in.Get<uint8_t>();
  if (!in.ok() || version == 0) return Damaged();
  if (version == kHeaderVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "a ledger entry has format ", version, " (newer than this program?)"));
}

void PutParts(ByteBuilder& out, std::span<const EntryHeader::Part> parts) {
  out.Put(static_cast<uint32_t>(parts.size()));
  for (const auto& part : parts) out.Raw(part.tag.bytes).Put(part.sequence);
}

crypto::AssociatedData EntryPlace(const crypto::Bytes16& chapter,
                                  uint64_t number) {
  crypto::AssociatedData data("sodality/ledger-entry/1");
  data.Add(chapter).AddU64(number);
  return data;
}

crypto::AssociatedData DraftPlace(const crypto::Bytes16& chapter) {
  crypto::AssociatedData data("sodality/ledger-draft/1");
  data.Add(chapter);
  return data;
}

crypto::SecretBytes EncodeStored(const Entry& entry) {
  ByteBuilder out;
  out.Sized(entry.canonical);
  for (size_t i = 0; i < entry.header.parts.size(); ++i) {
    out.Raw(entry.header.parts[i].commitment).Sized(entry.sealed_parts[i]);
  }
  return out.TakeSecret();
}

absl::StatusOr<Entry> DecodeStored(std::span<const uint8_t> bytes) {
  crypto::ByteReader in(bytes);
  const auto canonical = ReadSized(in);
  if (!in.ok()) return Damaged();
  auto header = DecodeHeader(canonical);
  if (!header.ok()) return header.status();
  std::vector<store::Bytes> sealed;
  for (auto& part : header->parts) {
    part.commitment = in.GetArray<32>();
    const auto box = ReadSized(in);
    sealed.emplace_back(box.begin(), box.end());
  }
  if (!in.AtEnd()) return Damaged();
  return MakeEntry(*std::move(header), std::move(sealed));
}

void PutDraft(ByteBuilder& out, const EntryDraft& draft) {
  out.Put(static_cast<uint16_t>(draft.action));
  out.Put(static_cast<uint8_t>(draft.outcome));
  out.Raw(draft.actor.bytes).Raw(draft.device.bytes);
  out.Put(static_cast<uint8_t>(draft.grant ? 1 : 0));
  const GrantUse use = draft.grant.value_or(GrantUse{});
  out.Raw(use.id.bytes).Put(use.version).Raw(draft.subject);
  out.Put(static_cast<uint32_t>(draft.members.size()));
  for (const MemberPart& part : draft.members) {
    out.Raw(part.tag.bytes).Raw(part.commitment).Sized(part.sealed);
  }
}

EntryDraft GetDraft(crypto::ByteReader& in) {
  EntryDraft draft;
  draft.action = static_cast<Action>(in.Get<uint16_t>());
  draft.outcome = static_cast<Outcome>(in.Get<uint8_t>());
  draft.actor.bytes = in.GetArray<16>();
  draft.device.bytes = in.GetArray<16>();
  const bool granted = in.Get<uint8_t>() == 1;
  GrantUse use;
  use.id.bytes = in.GetArray<16>();
  use.version = in.Get<uint64_t>();
  if (granted) draft.grant = use;
  draft.subject = in.GetArray<16>();
  const uint32_t members = in.Get<uint32_t>();
  for (uint32_t i = 0; i < members && in.ok(); ++i) {
    MemberPart part;
    part.tag.bytes = in.GetArray<16>();
    part.commitment = in.GetArray<32>();
    const auto sealed = ReadSized(in);
    part.sealed.assign(sealed.begin(), sealed.end());
    draft.members.push_back(std::move(part));
  }
  return draft;
}

}  // namespace

store::Bytes EncodeHeader(const EntryHeader& h) {
  ByteBuilder out;
  out.Put(kHeaderVersion).Put(h.number).Raw(h.previous);
  out.Put(static_cast<uint64_t>(h.time.millis)).Put(h.revision);
  out.Put(static_cast<uint16_t>(h.action));
  out.Put(static_cast<uint8_t>(h.outcome));
  out.Raw(h.actor.bytes).Raw(h.device.bytes).Raw(h.grant.bytes);
  out.Put(h.grant_version).Raw(h.subject);
  PutParts(out, h.parts);
  return out.Take();
}

absl::StatusOr<EntryHeader> DecodeHeader(std::span<const uint8_t> bytes) {
  crypto::ByteReader in(bytes);
  if (auto s = CheckVersion(in); !s.ok()) return s;
  EntryHeader h;
  h.number = in.Get<uint64_t>();
  h.previous = in.GetArray<32>();
  h.time.millis = static_cast<int64_t>(in.Get<uint64_t>());
  h.revision = in.Get<uint64_t>();
  h.action = static_cast<Action>(in.Get<uint16_t>());
  h.outcome = static_cast<Outcome>(in.Get<uint8_t>());
  h.actor.bytes = in.GetArray<16>();
  h.device.bytes = in.GetArray<16>();
  h.grant.bytes = in.GetArray<16>();
  h.grant_version = in.Get<uint64_t>();
  h.subject = in.GetArray<16>();
  const uint32_t parts = in.Get<uint32_t>();
  if (parts > kMaxEntryParts) return Damaged();
  for (uint32_t i = 0; i < parts && in.ok(); ++i) {
    EntryHeader::Part part;
    part.tag.bytes = in.GetArray<16>();
    part.sequence = in.Get<uint64_t>();
    h.parts.push_back(part);
  }
  if (!in.AtEnd()) return Damaged();
  return h;
}

Hash LeafHash(std::span<const uint8_t> canonical,
              std::span<const EntryHeader::Part> parts) {
  ByteBuilder input;
  input.Put(uint8_t{0}).Raw(canonical);
  for (const auto& part : parts) input.Raw(part.commitment);
  return crypto::Sha256(input.bytes());
}

Entry MakeEntry(EntryHeader header, std::vector<store::Bytes> sealed_parts) {
  Entry entry;
  entry.canonical = EncodeHeader(header);
  entry.leaf = LeafHash(entry.canonical, header.parts);
  entry.header = std::move(header);
  entry.sealed_parts = std::move(sealed_parts);
  return entry;
}

absl::StatusOr<std::unique_ptr<EntrySealer>> EntrySealer::Create(
    std::shared_ptr<const crypto::Keyring> keyring, crypto::Random& random) {
  const auto active = keyring->Active<crypto::LedgerKey>();
  if (!active.ok()) return active.status();
  return std::unique_ptr<EntrySealer>(
      new EntrySealer(std::move(keyring), active->version, random));
}

EntrySealer::Sealers::Sealers(crypto::Versioned<crypto::LedgerKey> key)
    : version(key.version),
      entries(key, kEntryPurpose),
      drafts(key, kDraftPurpose) {}

EntrySealer::EntrySealer(std::shared_ptr<const crypto::Keyring> keyring,
                         uint32_t active, crypto::Random& random)
    : keyring_(std::move(keyring)), random_(random) {
  for (const crypto::KeyInfo& info : keyring_->Infos()) {
    if (info.kind != crypto::KeyKind::kLedger) continue;
    const auto key = keyring_->Find<crypto::LedgerKey>(info.version);
    if (!key.ok()) continue;  // Destroyed.
    if (info.version == active) active_ = versions_.size();
    versions_.emplace_back(
        crypto::Versioned<crypto::LedgerKey>{info.version, **key});
  }
}

absl::StatusOr<store::Bytes> EntrySealer::Seal(const Entry& entry) const {
  if (entry.header.parts.size() > kMaxEntryParts) return TooManyParts();
  return Active().entries.Seal(
      EntryPlace(keyring_->chapter_id(), entry.header.number),
      EncodeStored(entry), random_);
}

absl::StatusOr<crypto::Plaintext> EntrySealer::OpenBlob(
    std::string_view purpose, const crypto::AssociatedData& bound_to,
    std::span<const uint8_t> blob) const {
  auto version = crypto::BlobKeyVersion(blob);
  if (!version.ok()) return version.status();
  const auto found = std::lower_bound(
      versions_.begin(), versions_.end(), *version,
      [](const Sealers& one, uint32_t wanted) { return one.version < wanted; });
  if (found == versions_.end() || found->version != *version) {
    // Unknown or destroyed, which the keyring says.
    const auto key = keyring_->Find<crypto::LedgerKey>(*version);
    return key.ok() ? absl::InternalError("a ledger key went") : key.status();
  }
  const auto& sealer =
      purpose == kEntryPurpose ? found->entries : found->drafts;
  return sealer.Open(bound_to, blob);
}

absl::StatusOr<Entry> EntrySealer::Open(uint64_t number,
                                        std::span<const uint8_t> blob) const {
  auto opened =
      OpenBlob(kEntryPurpose, EntryPlace(keyring_->chapter_id(), number), blob);
  if (!opened.ok()) return opened.status();
  auto entry = DecodeStored(opened->Expose(crypto::AllowSecretAccess()));
  if (!entry.ok()) return entry.status();
  if (entry->header.number != number) return Damaged();
  return entry;
}

absl::StatusOr<store::Bytes> EntrySealer::SealDraft(
    const EntryDraft& draft) const {
  if (draft.members.size() > kMaxEntryParts) return TooManyParts();
  ByteBuilder out;
  out.Put(kHeaderVersion);
  PutDraft(out, draft);
  return Active().drafts.Seal(DraftPlace(keyring_->chapter_id()),
                              out.TakeSecret(), random_);
}

absl::StatusOr<EntryDraft> EntrySealer::OpenDraft(
    std::span<const uint8_t> blob) const {
  auto opened =
      OpenBlob(kDraftPurpose, DraftPlace(keyring_->chapter_id()), blob);
  if (!opened.ok()) return opened.status();
  crypto::ByteReader in(opened->Expose(crypto::AllowSecretAccess()));
  if (auto s = CheckVersion(in); !s.ok()) return s;
  EntryDraft draft = GetDraft(in);
  if (!in.AtEnd()) return Damaged();
  return draft;
}

}  // namespace sodality::core
