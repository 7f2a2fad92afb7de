#include "crypto/passphrase_box.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/aead.h"
#include "crypto/byte_codec.h"
#include "crypto/keyed_hash.h"
#include "crypto/padded_aead.h"

namespace sodality::crypto {
namespace {

// docs/formats.md section 6.
constexpr uint8_t kFormat = 1;
constexpr uint8_t kAlgorithm = 1;
constexpr size_t kCommitmentSize = 32;
constexpr size_t kHeaderSize = 2 + 4 + 4 + 16;

absl::Status Damaged() { return absl::DataLossError("the file is damaged"); }

AssociatedData Binding(const Argon2Parameters& parameters,
                       std::string_view purpose) {
  AssociatedData out("sodality/passphrase-box/1");
  out.AddU8(kFormat)
      .AddText(purpose)
      .AddU32(parameters.cost.passes)
      .AddU32(parameters.cost.memory_kib)
      .Add(parameters.salt);
  return out;
}

absl::StatusOr<CommittingKeys> DeriveKeys(const SecretBytes& passphrase,
                                          const Argon2Parameters& parameters) {
  const auto key = DeriveFromPassphrase(passphrase, parameters);
  if (!key.ok()) return key.status();
  return DeriveCommittingKeys(key->Expose(AllowSecretAccess()).first<32>(),
                              "sodality/passphrase-box-subkeys/1");
}

struct ParsedBox {
  Argon2Parameters parameters;
  std::span<const uint8_t> commitment;
  std::span<const uint8_t> nonce;
  std::span<const uint8_t> sealed;
};

absl::StatusOr<ParsedBox> Parse(std::span<const uint8_t> box) {
  ByteReader in(box);
  const auto format = in.Get<uint8_t>();
  const auto algorithm = in.Get<uint8_t>();
  ParsedBox out;
  out.parameters.cost.passes = in.Get<uint32_t>();
  out.parameters.cost.memory_kib = in.Get<uint32_t>();
  out.parameters.salt = in.GetArray<16>();
  out.commitment = in.GetBytes(kCommitmentSize);
  out.nonce = in.GetBytes(kNonceSize);
  out.sealed = in.GetBytes(in.left());
  if (!in.ok() || format == 0 || algorithm == 0) return Damaged();
  if (format > kFormat || algorithm > kAlgorithm) {
    return absl::FailedPreconditionError(
        absl::StrCat("passphrase box format ", format, ".", algorithm,
                     " is unknown (newer than this program?)"));
  }
  if (out.sealed.size() > SealedSize(kMaxBoxSize) ||
      !CheckCost(out.parameters.cost).ok()) {
    return Damaged();
  }
  return out;
}

}  // namespace

absl::StatusOr<std::vector<uint8_t>> SealWithPassphrase(
    const SecretBytes& secret, const SecretBytes& passphrase,
    const BoxSpec& spec, Random& random) {
  const auto content = secret.Expose(AllowSecretAccess());
  if (content.size() > kMaxBoxSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("the secret is larger than ", kMaxBoxSize, " bytes"));
  }
  const Argon2Parameters parameters{spec.cost, RandomId(random)};
  const auto keys = DeriveKeys(passphrase, parameters);
  if (!keys.ok()) return keys.status();
  const AssociatedData binding = Binding(parameters, spec.purpose);
  const size_t sealed_size = SealedSize(content.size());
  std::vector<uint8_t> box(kHeaderSize + kCommitmentSize + kNonceSize +
                           sealed_size);
  ByteWriter out(box);
  out.Put(kFormat);
  out.Put(kAlgorithm);
  out.Put(spec.cost.passes);
  out.Put(spec.cost.memory_kib);
  out.PutBytes(parameters.salt);
  out.PutBytes(KeyedHash32(keys->commit, binding));
  const auto nonce = out.Take(kNonceSize).first<kNonceSize>();
  random.Fill(nonce);
  SealPadded(keys->seal.Expose(AllowSecretAccess()), nonce, binding, content,
             out.Take(sealed_size));
  return box;
}

absl::StatusOr<SecretBytes> OpenWithPassphrase(std::span<const uint8_t> box,
                                               const SecretBytes& passphrase,
                                               std::string_view purpose) {
  const auto parsed = Parse(box);
  if (!parsed.ok()) return parsed.status();
  const auto keys = DeriveKeys(passphrase, parsed->parameters);
  if (!keys.ok()) return keys.status();
  const AssociatedData binding = Binding(parsed->parameters, purpose);
  if (!ConstantTimeEquals(KeyedHash32(keys->commit, binding),
                          parsed->commitment)) {
    return absl::PermissionDeniedError(
        "the passphrase does not open this file");
  }
  auto secret =
      OpenPadded(keys->seal.Expose(AllowSecretAccess()),
                 parsed->nonce.first<kNonceSize>(), binding, parsed->sealed);
  if (!secret) return Damaged();
  return *std::move(secret);
}

}  // namespace sodality::crypto
