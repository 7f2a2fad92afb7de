#include "crypto/self_test.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "crypto/aead.h"
#include "crypto/argon2.h"
#include "crypto/keyed_hash.h"
#include "crypto/record.h"
#include "crypto/ristretto.h"
#include "crypto/sha256.h"
#include "crypto/signing.h"
#include "crypto/sodium_ready.h"

namespace sodality::crypto {
namespace {

std::vector<uint8_t> Hex(std::string_view digits) {
  std::vector<uint8_t> out(digits.size() / 2);
  size_t written = 0;
  sodium_hex2bin(out.data(), out.size(), digits.data(), digits.size(), nullptr,
                 &written, nullptr);
  out.resize(written);
  return out;
}

template <size_t kBytes>
std::array<uint8_t, kBytes> HexArray(std::string_view digits) {
  std::array<uint8_t, kBytes> out{};
  const std::vector<uint8_t> bytes = Hex(digits);
  std::copy_n(bytes.begin(), std::min(kBytes, bytes.size()), out.begin());
  return out;
}

[[nodiscard]] bool Is(std::span<const uint8_t> got, std::string_view digits) {
  const std::vector<uint8_t> want = Hex(digits);
  return std::equal(got.begin(), got.end(), want.begin(), want.end());
}

// FIPS 180-4, "abc".
bool CheckSha256() {
  return Is(Sha256(AsBytes("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// BLAKE2's own known answers: keyed BLAKE2b-512 of 00 01 02.
bool CheckBlake2b() {
  std::array<uint8_t, 64> key;
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  Bytes64 out;
  KeyedBlake2b(key, Hex("000102"), out);
  return Is(out,
            "33d0825dddf7ada99b0e7e307104ad07ca9cfd9692214f1561356315e784f3e5"
            "a17e364ae9dbb14cb2036df932b77f4b292761365fb328de7afdc6d8998f5fc1");
}

// RFC 8032 section 7.1, TEST 2; the public key is derived from the seed.
bool CheckEd25519() {
  const auto seed = LedgerSignKey::CopyOf(HexArray<32>(
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const Signer signer(seed);
  const auto message = Hex("72");
  Signature signature = signer.Sign(message);
  const bool known =
      Is(signer.public_key().bytes,
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c") &&
      Is(signature.bytes,
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00") &&
      VerifySignature(signer.public_key(), message, signature);
  signature.bytes[0] ^= 1;
  return known && !VerifySignature(signer.public_key(), message, signature);
}

// RFC 9496 appendix A.1: once, and thrice, the generator.
bool CheckRistretto() {
  const Bytes32 once = MultiplyGenerator(Scalar::Of(1));
  return Is(once,
            "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d7"
            "6") &&
         Is(AddPoints(once, MultiplyPoint(Scalar::Of(2), once)),
            "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259");
}

// draft-irtf-cfrg-xchacha-03, A.3.1.
bool CheckCipher() {
  const auto key = HexArray<32>(
      "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const auto nonce =
      HexArray<24>("404142434445464748494a4b4c4d4e4f5051525354555657");
  const auto bound_to =
      AssociatedData::Verbatim(Hex("50515253c0c1c2c3c4c5c6c7"));
  const auto text = AsBytes(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one "
      "tip for the future, sunscreen would be it.");
  std::vector<uint8_t> sealed(text.size() + kTagSize);
  AeadSeal(key, nonce, bound_to, text, sealed);
  std::vector<uint8_t> opened(text.size());
  const bool known =
      Is(sealed,
         "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
         "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
         "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
         "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf4"
         "9") &&
      AeadOpen(key, nonce, bound_to, sealed, opened) &&
      std::equal(opened.begin(), opened.end(), text.begin(), text.end());
  sealed[0] ^= 1;
  return known && !AeadOpen(key, nonce, bound_to, sealed, opened);
}

// Computed with OpenSSL's Argon2id.
bool CheckArgon2id() {
  const Argon2Parameters parameters{
      {3, 256}, HexArray<16>("000102030405060708090a0b0c0d0e0f")};
  const auto key = DeriveFromPassphrase(
      SecretBytes::CopyOf(AsBytes("correct horse battery staple")), parameters);
  return key.ok() &&
         Is(key->Expose(AllowSecretAccess()),
            "19bc829fd8a9a5a984947bccf2f0e74cb99b546ddfd455123d6807772aaf4c1d");
}

// A record opens for its member and for no other.
bool CheckRecord() {
  const WrapKey wrap = WrapKey::Generate(SystemRandom());
  const Plaintext value = Plaintext::CopyOf(AsBytes("self-test"));
  const FieldToSeal field{1, &value};
  RecordContext context{RandomId(SystemRandom()), RandomId(SystemRandom()), 1};
  const auto bytes =
      SealRecord(context, {1, wrap}, std::span(&field, 1), SystemRandom());
  if (!bytes.ok()) return false;
  const auto record = SealedRecord::Parse(*bytes);
  if (!record.ok()) return false;
  const auto reader = record->Unwrap(wrap, context);
  if (!reader.ok()) return false;
  const auto opened = reader->OpenField(1);
  context.member_id[0] ^= 1;
  return opened.ok() && opened->Equals(value) &&
         !record->Unwrap(wrap, context).ok();
}

struct Check {
  std::string_view name;
  bool (*passes)();
};

constexpr Check kChecks[] = {
    {"SHA-256", CheckSha256},         {"BLAKE2b", CheckBlake2b},
    {"Ed25519", CheckEd25519},        {"XChaCha20-Poly1305", CheckCipher},
    {"Argon2id", CheckArgon2id},      {"the sealed record", CheckRecord},
    {"ristretto255", CheckRistretto},
};

}  // namespace

absl::Status SelfTest() {
  EnsureSodium();
  for (const Check& check : kChecks) {
    if (check.passes()) continue;
    return absl::InternalError(absl::StrCat(
        "the self-test of ", std::string(check.name),
        " failed: this machine or its libsodium does not compute right"));
  }
  return absl::OkStatus();
}

}  // namespace sodality::crypto
