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
#include "crypto/keyring_slots.h"
#include "crypto/root_key.h"

namespace sodality::crypto {
namespace {

using FileKey = KeyringFileKey;

absl::Status Damaged() { return absl::DataLossError("the keyring is damaged"); }

AssociatedData BodyBinding(std::span<const uint8_t> head) {
  AssociatedData out("sodality/keyring/1");
  out.Add(head);
  return out;
}

// Which slot commits to a root key, if one does. Slots are compared, not tried.
std::optional<size_t> FindSlot(const SealedFile& file,
                               const RootSubKeys& subkeys) {
  for (size_t i = 0; i < file.slots.size(); ++i) {
    if (CommitsTo(file.slots[i], subkeys)) return i;
  }
  return std::nullopt;
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

RootSubKeys CloneOf(const RootSubKeys& keys) {
  return {keys.commit.Clone(), keys.seal.Clone()};
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
  std::vector<uint8_t> head = NewHead(roots.size());
  ByteWriter out(SlotsOf(head));
  for (const Root& root : roots) {
    WriteSlot(out, root.slot, SubKeysOf(root.key), file_key, random);
  }
  return WithBody(std::move(head), file_key, keyring, random);
}

KeyringResealer KeyringResealer::For(const Root& root, Random& random) {
  RootSubKeys subkeys = SubKeysOf(root.key);
  KeyringFileKey file_key = KeyringFileKey::Generate(random);
  auto head =
      WriteHead(std::array{Writer{root.slot, subkeys}}, file_key, random);
  return {std::move(head), std::move(file_key), 0, std::move(subkeys)};
}

KeyringResealer KeyringResealer::With(const Root& added, Random& random) const {
  const RootSubKeys other = SubKeysOf(added.key);
  KeyringFileKey file_key = KeyringFileKey::Generate(random);
  auto head = WriteHead(
      std::array{Writer{OwnSlot(), subkeys_}, Writer{added.slot, other}},
      file_key, random);
  return {std::move(head), std::move(file_key), 0, CloneOf(subkeys_)};
}

KeyringResealer KeyringResealer::Alone(Random& random) const {
  KeyringFileKey file_key = KeyringFileKey::Generate(random);
  auto head =
      WriteHead(std::array{Writer{OwnSlot(), subkeys_}}, file_key, random);
  return {std::move(head), std::move(file_key), 0, CloneOf(subkeys_)};
}

std::vector<uint8_t> KeyringResealer::WriteHead(std::span<const Writer> slots,
                                                const KeyringFileKey& file_key,
                                                Random& random) {
  std::vector<uint8_t> head = NewHead(slots.size());
  ByteWriter out(SlotsOf(head));
  for (const Writer& writer : slots) {
    WriteSlot(out, writer.slot, writer.subkeys, file_key, random);
  }
  return head;
}

size_t KeyringResealer::roots() const { return SlotsIn(head_); }

bool KeyringResealer::IsLast(const RootKey& root) const {
  return CommitsTo(SlotAt(head_, roots() - 1), SubKeysOf(root));
}

RootSlot KeyringResealer::OwnSlot() const { return SlotAt(head_, own_).slot; }

std::vector<uint8_t> KeyringResealer::Seal(const Keyring& keyring,
                                           Random& random) const {
  return WithBody(head_, key_, keyring, random);
}

SubKey KeyringResealer::DeriveKey(const AssociatedData& purpose) const {
  return DeriveSubKey(key_, purpose);
}

absl::StatusOr<std::vector<RootSlot>> ReadRootSlots(
    std::span<const uint8_t> bytes) {
  const auto file = ParseKeyring(bytes);
  if (!file.ok()) return file.status();
  std::vector<RootSlot> slots;
  for (const SealedSlot& sealed : file->slots) slots.push_back(sealed.slot);
  return slots;
}

absl::StatusOr<OpenedKeyring> OpenKeyringToChange(
    std::span<const uint8_t> bytes, const RootKey& root) {
  const auto file = ParseKeyring(bytes);
  if (!file.ok()) return file.status();
  RootSubKeys subkeys = SubKeysOf(root);
  const auto slot = FindSlot(*file, subkeys);
  if (!slot) {
    return absl::PermissionDeniedError(
        "the root key does not open this keyring");
  }
  auto file_key = UnwrapFileKey(file->slots[*slot], subkeys.seal);
  if (!file_key.ok()) return file_key.status();
  SecretBuffer body = SecretBuffer::OfSize(file->body.size() - kTagSize);
  if (!AeadOpen(file_key->Expose(AllowSecretAccess()),
                file->nonce.first<kNonceSize>(), BodyBinding(file->head),
                file->body, body.ExposeMutable(AllowSecretAccess()))) {
    return Damaged();
  }
  auto keyring = KeyringCodec::Decode(body.Expose(AllowSecretAccess()));
  if (!keyring.ok()) return keyring.status();
  return OpenedKeyring{
      *std::move(keyring),
      KeyringResealer({file->head.begin(), file->head.end()},
                      *std::move(file_key), *slot, std::move(subkeys))};
}

absl::StatusOr<Keyring> OpenKeyring(std::span<const uint8_t> bytes,
                                    const RootKey& root) {
  auto opened = OpenKeyringToChange(bytes, root);
  if (!opened.ok()) return opened.status();
  return std::move(opened->keyring);
}

absl::StatusOr<Root> RootFromPassphrase(std::span<const uint8_t> bytes,
                                        const SecretBytes& passphrase) {
  const auto file = ParseKeyring(bytes);
  if (!file.ok()) return file.status();
  bool asked = false;
  for (const SealedSlot& sealed : file->slots) {
    if (sealed.slot.custody != Custody::kPassphrase) continue;
    asked = true;
    auto key = RootKeyFromPassphrase(passphrase, sealed.slot.passphrase);
    if (!key.ok()) return key.status();
    if (CommitsTo(sealed, SubKeysOf(*key))) {
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
