#include "crypto/sealed_keyring.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/aead.h"
#include "crypto/byte_codec.h"
#include "crypto/keyed_hash.h"
#include "crypto/keyring_codec.h"
#include "crypto/root_key.h"

namespace sodality::crypto {
namespace {

// docs/formats.md section 5.
constexpr std::string_view kMagic = "sodality-keyring";
constexpr uint8_t kFormat = 1;
constexpr uint8_t kAlgorithm = 1;
constexpr size_t kHeaderSize = kMagic.size() + 3;
constexpr size_t kFileKeySize = 32;
constexpr size_t kBoxSize = kFileKeySize + kTagSize;
constexpr size_t kSlotSize = 1 + 4 + 4 + 16 + 32 + kNonceSize + kBoxSize;

using FileKey = KeyringFileKey;

absl::Status NotAKeyring() {
  return absl::DataLossError("these bytes are no keyring");
}

absl::Status Damaged() { return absl::DataLossError("the keyring is damaged"); }

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

AssociatedData BodyBinding(std::span<const uint8_t> head) {
  AssociatedData out("sodality/keyring/1");
  out.Add(head);
  return out;
}

CommittingKeys RootSubKeys(const RootKey& root) {
  return DeriveCommittingKeys(root.Expose(AllowSecretAccess()),
                              "sodality/root-subkeys/1");
}

struct SealedSlot {
  RootSlot slot;
  Bytes32 commitment;
  std::array<uint8_t, kNonceSize> nonce;
  std::array<uint8_t, kBoxSize> box;
};

struct SealedFile {
  std::span<const uint8_t> head;  // Everything in front of the body's nonce.
  std::vector<SealedSlot> slots;
  std::span<const uint8_t> nonce;
  std::span<const uint8_t> body;
};

void WriteSlot(ByteWriter& out, const Root& root, const FileKey& file_key,
               Random& random) {
  const CommittingKeys subkeys = RootSubKeys(root.key);
  const AssociatedData binding = SlotBinding(root.slot);
  const SlotFacts facts = FactsOf(root.slot);
  out.Put(static_cast<uint8_t>(root.slot.custody));
  out.Put(facts.first);
  out.Put(facts.second);
  out.PutBytes(facts.bytes);
  out.PutBytes(KeyedHash32(subkeys.commit, binding));
  const auto nonce = out.Take(kNonceSize).first<kNonceSize>();
  random.Fill(nonce);
  AeadSeal(subkeys.seal.Expose(AllowSecretAccess()), nonce, binding,
           file_key.Expose(AllowSecretAccess()), out.Take(kBoxSize));
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

absl::StatusOr<SealedFile> Parse(std::span<const uint8_t> bytes) {
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

// The slot that commits to `root`. Slots are compared, not tried.
const SealedSlot* FindSlot(const SealedFile& file,
                           const CommittingKeys& subkeys) {
  for (const SealedSlot& slot : file.slots) {
    const Bytes32 expected =
        KeyedHash32(subkeys.commit, SlotBinding(slot.slot));
    if (ConstantTimeEquals(expected, slot.commitment)) return &slot;
  }
  return nullptr;
}

absl::StatusOr<FileKey> UnwrapFileKey(const SealedSlot& slot,
                                      const SubKey& seal) {
  std::array<uint8_t, kFileKeySize> bytes;
  if (!AeadOpen(seal.Expose(AllowSecretAccess()), slot.nonce,
                SlotBinding(slot.slot), slot.box, bytes)) {
    return Damaged();
  }
  FileKey key = FileKey::CopyOf(bytes);
  Wipe(bytes);
  return key;
}

// Behind `head`, which must have been written: nonce and body.
std::vector<uint8_t> WithBody(std::vector<uint8_t> head,
                              const FileKey& file_key, const Keyring& keyring,
                              Random& random) {
  const SecretBuffer body = KeyringCodec::Encode(keyring);
  const size_t head_size = head.size();
  std::vector<uint8_t> bytes = std::move(head);
  bytes.resize(head_size + kNonceSize + body.size() + kTagSize);
  ByteWriter out{std::span(bytes).subspan(head_size)};
  const auto nonce = out.Take(kNonceSize).first<kNonceSize>();
  random.Fill(nonce);
  AeadSeal(file_key.Expose(AllowSecretAccess()), nonce,
           BodyBinding(std::span(bytes).first(head_size)),
           body.Expose(AllowSecretAccess()), out.Take(body.size() + kTagSize));
  return bytes;
}

}  // namespace

absl::StatusOr<std::vector<uint8_t>> SealKeyring(const Keyring& keyring,
                                                 std::span<const Root> roots,
                                                 Random& random) {
  if (roots.empty() || roots.size() > kMaxRoots) {
    return absl::InvalidArgumentError(
        absl::StrCat("a keyring has 1 to ", kMaxRoots, " root keys"));
  }
  const FileKey file_key = FileKey::Generate(random);
  std::vector<uint8_t> head(kHeaderSize + roots.size() * kSlotSize);
  ByteWriter out(head);
  out.PutBytes(AsBytes(kMagic));
  out.Put(kFormat);
  out.Put(kAlgorithm);
  out.Put(static_cast<uint8_t>(roots.size()));
  for (const Root& root : roots) WriteSlot(out, root, file_key, random);
  return WithBody(std::move(head), file_key, keyring, random);
}

std::vector<uint8_t> KeyringResealer::Seal(const Keyring& keyring,
                                           Random& random) const {
  return WithBody(head_, key_, keyring, random);
}

SubKey KeyringResealer::DeriveKey(const AssociatedData& purpose) const {
  return DeriveSubKey(key_, purpose);
}

absl::StatusOr<std::vector<RootSlot>> ReadRootSlots(
    std::span<const uint8_t> bytes) {
  const auto file = Parse(bytes);
  if (!file.ok()) return file.status();
  std::vector<RootSlot> slots;
  for (const SealedSlot& sealed : file->slots) slots.push_back(sealed.slot);
  return slots;
}

absl::StatusOr<OpenedKeyring> OpenKeyringToChange(
    std::span<const uint8_t> bytes, const RootKey& root) {
  const auto file = Parse(bytes);
  if (!file.ok()) return file.status();
  const CommittingKeys subkeys = RootSubKeys(root);
  const SealedSlot* slot = FindSlot(*file, subkeys);
  if (slot == nullptr) {
    return absl::PermissionDeniedError(
        "the root key does not open this keyring");
  }
  auto file_key = UnwrapFileKey(*slot, subkeys.seal);
  if (!file_key.ok()) return file_key.status();
  SecretBuffer body = SecretBuffer::OfSize(file->body.size() - kTagSize);
  if (!AeadOpen(file_key->Expose(AllowSecretAccess()),
                file->nonce.first<kNonceSize>(), BodyBinding(file->head),
                file->body, body.ExposeMutable(AllowSecretAccess()))) {
    return Damaged();
  }
  auto keyring = KeyringCodec::Decode(body.Expose(AllowSecretAccess()));
  if (!keyring.ok()) return keyring.status();
  return OpenedKeyring{*std::move(keyring),
                       KeyringResealer(file->head, *std::move(file_key))};
}

absl::StatusOr<Keyring> OpenKeyring(std::span<const uint8_t> bytes,
                                    const RootKey& root) {
  auto opened = OpenKeyringToChange(bytes, root);
  if (!opened.ok()) return opened.status();
  return std::move(opened->keyring);
}

absl::StatusOr<Root> RootFromPassphrase(std::span<const uint8_t> bytes,
                                        const SecretBytes& passphrase) {
  const auto file = Parse(bytes);
  if (!file.ok()) return file.status();
  bool asked = false;
  for (const SealedSlot& sealed : file->slots) {
    if (sealed.slot.custody != Custody::kPassphrase) continue;
    asked = true;
    auto key = RootKeyFromPassphrase(passphrase, sealed.slot.passphrase);
    if (!key.ok()) return key.status();
    const Bytes32 commitment =
        KeyedHash32(RootSubKeys(*key).commit, SlotBinding(sealed.slot));
    if (ConstantTimeEquals(commitment, sealed.commitment)) {
      return Root{sealed.slot, *std::move(key)};
    }
  }
  if (asked) {
    return absl::PermissionDeniedError(
        "the passphrase does not open this keyring");
  }
  return absl::FailedPreconditionError(
      "this keyring is not kept by a passphrase");
}

}  // namespace sodality::crypto
