#include "crypto/keyring_slots.h"

#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/keyed_hash.h"

namespace sodality::crypto {
namespace {

// docs/formats.md section 5.
constexpr std::string_view kMagic = "sodality-keyring";
constexpr uint8_t kFormat = 1;
constexpr uint8_t kAlgorithm = 1;
constexpr size_t kHeaderSize = kMagic.size() + 3;
constexpr size_t kBoxSize = KeyringFileKey::kSize + kTagSize;
constexpr size_t kSlotSize = 1 + 4 + 4 + 16 + 32 + kNonceSize + kBoxSize;

absl::Status NotAKeyring() {
  return absl::DataLossError("these bytes are no keyring");
}

AssociatedData SlotBinding(const RootSlot& slot) {
  const SlotFacts facts = FactsOf(slot);
  AssociatedData out("sodality/keyring-slot/1");
  out.AddU8(kFormat)
      .AddU8(static_cast<uint8_t>(slot.custody))
      .AddU32(facts.first)
      .AddU32(facts.second)
      .Add(facts.bytes);
  return out;
}

std::optional<SealedSlot> ReadSlot(ByteReader& in) {
  const auto custody = static_cast<Custody>(in.Get<uint8_t>());
  SlotFacts facts;
  facts.first = in.Get<uint32_t>();
  facts.second = in.Get<uint32_t>();
  facts.bytes = in.GetArray<16>();
  SealedSlot out;
  const auto slot = SlotOf(custody, facts);
  if (!slot) return {};
  out.slot = *slot;
  out.commitment = in.GetArray<32>();
  out.nonce = in.GetArray<kNonceSize>();
  out.box = in.GetArray<kBoxSize>();
  return out;
}

}  // namespace

RootSubKeys SubKeysOf(const RootKey& root) {
  const CommittingKeys keys = DeriveCommittingKeys(
      root.Expose(AllowSecretAccess()), "sodality/root-subkeys/1");
  return {RootSubKey::CopyOf(keys.commit.Expose(AllowSecretAccess())),
          RootSubKey::CopyOf(keys.seal.Expose(AllowSecretAccess()))};
}

absl::StatusOr<SealedFile> ParseKeyring(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  const bool ours = AsText(in.GetBytes(kMagic.size())) == kMagic;
  const auto format = in.Get<uint8_t>();
  const auto algorithm = in.Get<uint8_t>();
  const auto slots = in.Get<uint8_t>();
  if (!in.ok() || !ours || format == 0 || algorithm == 0) return NotAKeyring();
  if (format > kFormat || algorithm > kAlgorithm) {
    return absl::FailedPreconditionError(
        absl::StrCat("keyring format ", format, ".", algorithm,
                     " is unknown (newer than this server?)"));
  }
  if (slots == 0 || slots > kMaxRoots) return NotAKeyring();
  SealedFile file;
  for (int i = 0; i < slots; ++i) {
    const auto slot = ReadSlot(in);
    if (!in.ok() || !slot) return NotAKeyring();
    file.slots.push_back(*slot);
  }
  file.head = bytes.first(bytes.size() - in.left());
  file.nonce = in.GetBytes(kNonceSize);
  file.body = in.GetBytes(in.left());
  if (!in.ok() || file.body.size() < kTagSize) return NotAKeyring();
  return file;
}

std::vector<uint8_t> NewHead(size_t slots) {
  std::vector<uint8_t> head(kHeaderSize + slots * kSlotSize);
  ByteWriter out(head);
  out.PutBytes(AsBytes(kMagic));
  out.Put(kFormat);
  out.Put(kAlgorithm);
  out.Put(static_cast<uint8_t>(slots));
  return head;
}

std::span<uint8_t> SlotsOf(std::vector<uint8_t>& head) {
  return std::span(head).subspan(kHeaderSize);
}

size_t SlotsIn(std::span<const uint8_t> head) {
  return (head.size() - kHeaderSize) / kSlotSize;
}

SealedSlot SlotAt(std::span<const uint8_t> head, size_t index) {
  ByteReader in(head.subspan(kHeaderSize + index * kSlotSize, kSlotSize));
  return ReadSlot(in).value_or(SealedSlot{});
}

void WriteSlot(ByteWriter& out, const RootSlot& slot,
               const RootSubKeys& subkeys, const KeyringFileKey& file_key,
               Random& random) {
  const AssociatedData binding = SlotBinding(slot);
  const SlotFacts facts = FactsOf(slot);
  out.Put(static_cast<uint8_t>(slot.custody));
  out.Put(facts.first);
  out.Put(facts.second);
  out.PutBytes(facts.bytes);
  out.PutBytes(KeyedHash32(subkeys.commit, binding));
  const auto nonce = out.Take(kNonceSize).first<kNonceSize>();
  random.Fill(nonce);
  AeadSeal(subkeys.seal.Expose(AllowSecretAccess()), nonce, binding,
           file_key.Expose(AllowSecretAccess()), out.Take(kBoxSize));
}

bool CommitsTo(const SealedSlot& slot, const RootSubKeys& subkeys) {
  return ConstantTimeEquals(KeyedHash32(subkeys.commit, SlotBinding(slot.slot)),
                            slot.commitment);
}

absl::StatusOr<KeyringFileKey> UnwrapFileKey(const SealedSlot& slot,
                                             const RootSubKey& seal) {
  std::array<uint8_t, KeyringFileKey::kSize> bytes;
  if (!AeadOpen(seal.Expose(AllowSecretAccess()), slot.nonce,
                SlotBinding(slot.slot), slot.box, bytes)) {
    return absl::DataLossError("the keyring is damaged");
  }
  KeyringFileKey key = KeyringFileKey::CopyOf(bytes);
  Wipe(bytes);
  return key;
}

}  // namespace sodality::crypto
