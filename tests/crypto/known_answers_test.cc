// Published vectors through our own wrappers.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/aad.h"
#include "crypto/aead.h"
#include "crypto/argon2.h"
#include "crypto/keyed_hash.h"
#include "crypto/self_test.h"
#include "crypto/sha256.h"
#include "crypto/signing.h"
#include "tests/crypto/hex.h"

namespace sodality::crypto {
namespace {

// draft-irtf-cfrg-xchacha-03, A.3.1.
struct XChaCha : testing::Test {
  const std::array<uint8_t, 32> key = ArrayFromHex<32>(
      "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const std::array<uint8_t, 24> nonce =
      ArrayFromHex<24>("404142434445464748494a4b4c4d4e4f5051525354555657");
  const AssociatedData bound_to =
      AssociatedData::Verbatim(FromHex("50515253c0c1c2c3c4c5c6c7"));
  const std::string text =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one "
      "tip for the future, sunscreen would be it.";
  const std::string sealed =
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
      "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
      "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
      "21f9664c97637da9768812f615c68b13b52e"
      "c0875924c1c7987947deafd8780acf49";
};

TEST_F(XChaCha, SealsAsTheDraftSays) {
  std::vector<uint8_t> out(text.size() + kTagSize);
  AeadSeal(key, nonce, bound_to, AsBytes(text), out);
  EXPECT_EQ(ToHex(out), sealed);
}

TEST_F(XChaCha, OpensAsTheDraftSays) {
  std::vector<uint8_t> out(text.size());
  ASSERT_TRUE(AeadOpen(key, nonce, bound_to, FromHex(sealed), out));
  EXPECT_EQ(AsText(out), text);
}

TEST_F(XChaCha, RefusesEveryFlippedByteAndLeavesNoPlaintext) {
  std::vector<uint8_t> bytes = FromHex(sealed);
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] ^= 0x40;
    std::vector<uint8_t> out(text.size(), 0xee);
    EXPECT_FALSE(AeadOpen(key, nonce, bound_to, bytes, out)) << i;
    EXPECT_EQ(out, std::vector<uint8_t>(text.size(), 0)) << i;
    bytes[i] ^= 0x40;
  }
}

TEST_F(XChaCha, RefusesLessThanATag) {
  EXPECT_FALSE(AeadOpen(key, nonce, bound_to, FromHex("00112233"), {}));
}

// The BLAKE2 authors' keyed vectors: key 00..3f, message 00, 01, ... of n.
TEST(Blake2b, MatchesTheAuthorsVectors) {
  std::array<uint8_t, 64> key;
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  Bytes64 out;
  KeyedBlake2b(key, {}, out);
  EXPECT_EQ(ToHex(out),
            "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
            "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568");
  KeyedBlake2b(key, FromHex("000102"), out);
  EXPECT_EQ(ToHex(out),
            "33d0825dddf7ada99b0e7e307104ad07ca9cfd9692214f1561356315e784f3e5"
            "a17e364ae9dbb14cb2036df932b77f4b292761365fb328de7afdc6d8998f5fc1");
}

// FIPS 180-4 examples.
TEST(Sha256Test, MatchesTheStandard) {
  EXPECT_EQ(ToHex(Sha256(AsBytes(""))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256(AsBytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256(AsBytes(
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256Test, PartsAreOneMessage) {
  EXPECT_EQ(Sha256({AsBytes("a"), AsBytes(""), AsBytes("bc")}),
            Sha256(AsBytes("abc")));
}

// RFC 8032 section 7.1.
struct Ed25519Vector {
  std::string_view seed, public_key, message, signature;
};
constexpr Ed25519Vector kEd25519[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(Ed25519, MatchesTheRfc) {
  for (const Ed25519Vector& vector : kEd25519) {
    const Signer signer(LedgerSignKey::CopyOf(ArrayFromHex<32>(vector.seed)));
    const auto message = FromHex(vector.message);
    const Signature signature = signer.Sign(message);
    EXPECT_EQ(ToHex(signer.public_key().bytes), vector.public_key);
    EXPECT_EQ(ToHex(signature.bytes), vector.signature);
    EXPECT_TRUE(VerifySignature(signer.public_key(), message, signature));
  }
}

TEST(Ed25519, RefusesEveryFlippedByteAndAnotherMessage) {
  const Signer signer(LedgerSignKey::CopyOf(Bytes32{7}));
  const auto message = AsBytes("head 12");
  Signature signature = signer.Sign(message);
  EXPECT_FALSE(
      VerifySignature(signer.public_key(), AsBytes("head 13"), signature));
  for (size_t i = 0; i < signature.bytes.size(); ++i) {
    signature.bytes[i] ^= 1;
    EXPECT_FALSE(VerifySignature(signer.public_key(), message, signature)) << i;
    signature.bytes[i] ^= 1;
  }
  const Signer other(LedgerSignKey::CopyOf(Bytes32{8}));
  EXPECT_FALSE(VerifySignature(other.public_key(), message, signature));
}

// Computed with OpenSSL 3.5's Argon2id, one lane.
TEST(Argon2id, MatchesAnotherImplementation) {
  const SecretBytes passphrase = SecretText("correct horse battery staple");
  const Bytes16 salt = ArrayFromHex<16>("000102030405060708090a0b0c0d0e0f");
  const auto small = DeriveFromPassphrase(passphrase, {{1, 64}, salt});
  const auto larger = DeriveFromPassphrase(passphrase, {{3, 256}, salt});
  ASSERT_TRUE(small.ok());
  ASSERT_TRUE(larger.ok());
  EXPECT_EQ(ToHex(small->Expose(AllowSecretAccess())),
            "92dc5d67019623868bde079275e522f4b7e8213d3414ed85cbc2ac8a41117288");
  EXPECT_EQ(ToHex(larger->Expose(AllowSecretAccess())),
            "19bc829fd8a9a5a984947bccf2f0e74cb99b546ddfd455123d6807772aaf4c1d");
}

TEST(Argon2id, RefusesCostsOutsideTheLimitsAndAnEmptyPassphrase) {
  const SecretBytes passphrase = SecretText("x");
  for (const Argon2Cost cost :
       {Argon2Cost{0, 64}, Argon2Cost{17, 64}, Argon2Cost{1, 7},
        Argon2Cost{1, 1024 * 1024 + 1}, Argon2Cost{~0u, ~0u}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        DeriveFromPassphrase(passphrase, {cost, {}}).status()));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(
      DeriveFromPassphrase(SecretBytes(), {kArgon2Fast, {}}).status()));
}

TEST(SelfTestTest, PassesHere) { EXPECT_EQ(SelfTest(), absl::OkStatus()); }

}  // namespace
}  // namespace sodality::crypto
