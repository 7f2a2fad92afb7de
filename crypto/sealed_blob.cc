#include "crypto/sealed_blob.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/aead.h"
#include "crypto/byte_codec.h"
#include "crypto/keyed_hash.h"
#include "crypto/padded_aead.h"

namespace sodality::crypto {
namespace {

// docs/formats.md section 3.
constexpr uint8_t kFormat = 1;
constexpr uint8_t kAlgorithm = 1;
constexpr size_t kHeaderSize = 6;
static_assert(kBlobOverhead == kHeaderSize + kNonceSize + kTagSize);

absl::Status DoesNotOpen() {
  return absl::DataLossError("the sealed value does not open");
}

template <class K>
SubKey SealKey(const K& key, std::string_view purpose) {
  AssociatedData input("sodality/blob-key/1");
  input.AddText(purpose);
  return DeriveSubKey(key, input);
}

AssociatedData BlobBinding(uint32_t version, std::string_view purpose,
                           const AssociatedData& bound_to) {
  AssociatedData out("sodality/blob/1");
  out.AddU8(kFormat).AddU32(version).AddText(purpose).Add(bound_to.bytes());
  return out;
}

AssociatedData RowBinding(const Bytes16& chapter_id, const RowPlace& place) {
  AssociatedData out("sodality/row/1");
  out.Add(chapter_id)
      .AddU16(place.table_id)
      .Add(place.row_id)
      .AddU64(place.row_version);
  return out;
}

}  // namespace

absl::StatusOr<uint32_t> BlobKeyVersion(std::span<const uint8_t> blob) {
  ByteReader in(blob);
  const auto format = in.Get<uint8_t>();
  const auto algorithm = in.Get<uint8_t>();
  const auto version = in.Get<uint32_t>();
  if (!in.ok() || format == 0 || algorithm == 0) {
    return absl::DataLossError("these bytes are no sealed value");
  }
  if (format > kFormat || algorithm > kAlgorithm) {
    return absl::FailedPreconditionError(
        absl::StrCat("sealed value format ", format, ".", algorithm,
                     " is unknown (newer than this program?)"));
  }
  // Versions begin at 1: a torn write, and no key that came later.
  if (version == 0)
    return absl::DataLossError("these bytes are no sealed value");
  return version;
}

BlobSealer::BlobSealer(Versioned<StateKey> key, std::string_view purpose)
    : version_(key.version),
      purpose_(purpose),
      seal_(SealKey(key.key, purpose)) {}

BlobSealer::BlobSealer(Versioned<LedgerKey> key, std::string_view purpose)
    : version_(key.version),
      purpose_(purpose),
      seal_(SealKey(key.key, purpose)) {}

BlobSealer::BlobSealer(Versioned<LeaseKey> key, std::string_view purpose)
    : version_(key.version),
      purpose_(purpose),
      seal_(SealKey(key.key, purpose)) {}

BlobSealer::BlobSealer(Versioned<SuppressionKey> key, std::string_view purpose)
    : version_(key.version),
      purpose_(purpose),
      seal_(SealKey(key.key, purpose)) {}

BlobSealer::BlobSealer(Versioned<MemberLedgerKey> key, std::string_view purpose)
    : version_(key.version),
      purpose_(purpose),
      seal_(SealKey(key.key, purpose)) {}

absl::StatusOr<std::vector<uint8_t>> BlobSealer::Seal(
    const AssociatedData& bound_to, const Plaintext& plaintext,
    Random& random) const {
  const auto content = plaintext.Expose(AllowSecretAccess());
  if (content.size() > kMaxBlobSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("a sealed value is larger than ", kMaxBlobSize, " bytes"));
  }
  const size_t sealed_size = SealedSize(content.size());
  std::vector<uint8_t> blob(kHeaderSize + kNonceSize + sealed_size);
  ByteWriter out(blob);
  out.Put(kFormat);
  out.Put(kAlgorithm);
  out.Put(version_);
  const auto nonce = out.Take(kNonceSize).first<kNonceSize>();
  random.Fill(nonce);
  SealPadded(seal_.Expose(AllowSecretAccess()), nonce,
             BlobBinding(version_, purpose_, bound_to), content,
             out.Take(sealed_size));
  return blob;
}

absl::StatusOr<Plaintext> BlobSealer::Open(
    const AssociatedData& bound_to, std::span<const uint8_t> blob) const {
  const auto version = BlobKeyVersion(blob);
  if (!version.ok()) return version.status();
  if (*version != version_) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the sealed value names key version ", *version, ", not ", version_));
  }
  if (blob.size() < kBlobOverhead) return DoesNotOpen();
  ByteReader in(blob.subspan(kHeaderSize));
  const auto nonce = in.GetBytes(kNonceSize).first<kNonceSize>();
  auto value = OpenPadded(seal_.Expose(AllowSecretAccess()), nonce,
                          BlobBinding(version_, purpose_, bound_to),
                          in.GetBytes(in.left()));
  if (!value) return DoesNotOpen();
  return *std::move(value);
}

RowSealer::RowSealer(const Bytes16& chapter_id, Versioned<StateKey> key)
    : chapter_id_(chapter_id), blobs_(key, "row") {}

absl::StatusOr<std::vector<uint8_t>> RowSealer::Seal(const RowPlace& place,
                                                     const Plaintext& plaintext,
                                                     Random& random) const {
  return blobs_.Seal(RowBinding(chapter_id_, place), plaintext, random);
}

absl::StatusOr<Plaintext> RowSealer::Open(const RowPlace& place,
                                          std::span<const uint8_t> row) const {
  return blobs_.Open(RowBinding(chapter_id_, place), row);
}

}  // namespace sodality::crypto
