// Sealed blobs, as access rows are: what opens is what was sealed, in its
// place.
#include "crypto/sealed_blob.h"
#include "tests/crypto/seeded_random.h"
#include "tests/fuzz/fuzz_input.h"

namespace sodality::crypto {
namespace {

using fuzz::FuzzInput;
using fuzz::Require;
using Bytes = std::vector<uint8_t>;

constexpr RowPlace kPlace = {3, {9, 9}, 4};
constexpr uint32_t kVersion = 7;

const RowSealer& Sealer() {
  static const RowSealer* const sealer = [] {
    SeededRandom random(1);
    const StateKey key = StateKey::Generate(random);
    return new RowSealer({1}, Versioned<StateKey>{kVersion, key});
  }();
  return *sealer;
}

Bytes Seal(const Plaintext& plain) {
  SeededRandom random(2);
  auto sealed = Sealer().Seal(kPlace, plain, random);
  Require(sealed.ok(), "a small row seals");
  return *std::move(sealed);
}

const Bytes& Valid() {
  static const Bytes* const valid =
      new Bytes(Seal(Plaintext::CopyOf(AsBytes("Canary Quillfeather"))));
  return *valid;
}

void Open(std::span<const uint8_t> bytes) {
  static constexpr auto kCodes = {absl::StatusCode::kDataLoss,
                                  absl::StatusCode::kFailedPrecondition};
  const auto opened = Sealer().Open(kPlace, bytes);
  Require(opened.ok() == std::ranges::equal(bytes, Valid()),
          "only the valid row opens");
  if (opened.ok()) return;
  fuzz::RequireRefusal(opened.status(), kCodes);
  const auto version = BlobKeyVersion(bytes);
  if (!version.ok()) fuzz::RequireRefusal(version.status(), kCodes);
  const bool other_key = version.ok() && *version != kVersion;
  Require(!other_key || absl::IsFailedPrecondition(opened.status()),
          "a blob of another key version is named so");
}

void RoundTrip(FuzzInput& input) {
  const RowPlace other = {static_cast<uint16_t>(kPlace.table_id ^ input.Byte()),
                          kPlace.row_id, kPlace.row_version ^ input.Byte()};
  const Plaintext plain = Plaintext::CopyOf(input.Rest());
  const Bytes sealed = Seal(plain);
  const auto opened = Sealer().Open(kPlace, sealed);
  Require(opened.ok() && opened->Equals(plain), "a row opens as sealed");
  const bool moved = other.table_id != kPlace.table_id ||
                     other.row_version != kPlace.row_version;
  Require(Sealer().Open(other, sealed).ok() != moved,
          "a row opens in its own place alone");
}

}  // namespace
}  // namespace sodality::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sodality::crypto::Valid;
  sodality::fuzz::FuzzInput input(data, size);
  switch (input.Byte() % 3) {
    case 0:
      sodality::crypto::Open(input.Rest());
      break;
    case 1:
      sodality::crypto::Open(sodality::fuzz::Changed(Valid(), input));
      break;
    default:
      sodality::crypto::RoundTrip(input);
  }
  return 0;
}
