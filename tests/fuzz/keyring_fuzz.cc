// Keyrings, sealed and as the plain bytes below the seal. No passphrase here:
// a slot says how much memory its check takes.
#include "crypto/keyring_codec.h"
#include "crypto/sealed_keyring.h"
#include "tests/crypto/seeded_random.h"
#include "tests/fuzz/fuzz_input.h"

namespace sodality::crypto {
namespace {

using fuzz::Require;
using Bytes = std::vector<uint8_t>;

struct Sample {
  RootKey root;
  Bytes plain;
  Bytes sealed;
};

const Sample& Valid() {
  static const Sample* const sample = [] {
    SeededRandom random(1);
    Keyring keyring = Keyring::Create({{1, 2}, {1, 8, 6}, {1000}}, random);
    const uint32_t wrap = keyring.Prepare(KeyKind::kWrap, {2000}, random);
    Require(keyring.Activate(KeyKind::kWrap, wrap).ok(), "a key activates");
    const SecretBuffer plain = KeyringCodec::Encode(keyring);
    const auto bytes = plain.Expose(AllowSecretAccess());
    RootKey root = RootKey::Generate(random);
    Root slots[] = {Root::FromKeyFile(root.Clone())};
    const auto sealed = SealKeyring(keyring, slots, random);
    Require(sealed.ok(), "a keyring seals");
    return new Sample{std::move(root), Bytes(bytes.begin(), bytes.end()),
                      *sealed};
  }();
  return *sample;
}

constexpr auto kCodes = {absl::StatusCode::kDataLoss,
                         absl::StatusCode::kFailedPrecondition};

void Decode(std::span<const uint8_t> bytes) {
  const auto keyring = KeyringCodec::Decode(bytes);
  if (!keyring.ok()) return fuzz::RequireRefusal(keyring.status(), kCodes);
  const SecretBuffer again = KeyringCodec::Encode(*keyring);
  Require(std::ranges::equal(again.Expose(AllowSecretAccess()), bytes),
          "a keyring has one encoding");
}

void Open(std::span<const uint8_t> bytes) {
  const auto keyring = OpenKeyring(bytes, Valid().root);
  Require(keyring.ok() == std::ranges::equal(bytes, Valid().sealed),
          "only the valid keyring opens");
  if (keyring.ok()) return;
  fuzz::RequireRefusal(keyring.status(), {absl::StatusCode::kDataLoss,
                                          absl::StatusCode::kFailedPrecondition,
                                          absl::StatusCode::kPermissionDenied});
  const auto slots = ReadRootSlots(bytes);
  if (!slots.ok()) return fuzz::RequireRefusal(slots.status(), kCodes);
  Require(!slots->empty() && slots->size() <= kMaxRoots, "1 to 4 slots");
}

}  // namespace
}  // namespace sodality::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sodality::fuzz::Changed;
  namespace crypto = sodality::crypto;
  sodality::fuzz::FuzzInput input(data, size);
  switch (input.Byte() % 4) {
    case 0:
      crypto::Decode(input.Rest());
      break;
    case 1:
      crypto::Decode(Changed(crypto::Valid().plain, input));
      break;
    case 2:
      crypto::Open(input.Rest());
      break;
    default:
      crypto::Open(Changed(crypto::Valid().sealed, input));
  }
  return 0;
}
