// Sealed records: what opens is what was sealed, byte for byte.
#include <array>

#include "crypto/record.h"
#include "tests/crypto/seeded_random.h"
#include "tests/fuzz/fuzz_input.h"

namespace sodality::crypto {
namespace {

using fuzz::FuzzInput;
using fuzz::Require;
using Bytes = std::vector<uint8_t>;

constexpr std::string_view kCanary = "Canary Quillfeather";
constexpr RecordContext kContext = {{1, 2}, {3, 4}, 5};

const WrapKey& Wrap() {
  static const WrapKey* const key = [] {
    SeededRandom random(1);
    return new WrapKey(WrapKey::Generate(random));
  }();
  return *key;
}

Bytes Seal(std::span<const FieldToSeal> fields) {
  SeededRandom random(2);
  auto sealed = SealRecord(kContext, {1, Wrap()}, fields, random);
  Require(sealed.ok(), "a small record seals");
  return *std::move(sealed);
}

const Bytes& Valid() {
  static const Bytes* const valid = [] {
    const Plaintext name = Plaintext::CopyOf(AsBytes(kCanary));
    const Plaintext empty;
    return new Bytes(Seal(
        std::array<FieldToSeal, 3>{{{1, &name}, {7, &empty}, {300, &name}}}));
  }();
  return *valid;
}

// Whether every field opens.
bool OpensWhole(const RecordReader& reader) {
  bool all = true;
  for (const uint16_t id : reader.field_ids()) {
    const auto field = reader.OpenField(id);
    if (!field.ok()) {
      fuzz::RequireRefusal(field.status(), {absl::StatusCode::kDataLoss});
    }
    all = all && field.ok();
  }
  return all;
}

void Open(std::span<const uint8_t> bytes) {
  static constexpr auto kCodes = {absl::StatusCode::kDataLoss,
                                  absl::StatusCode::kFailedPrecondition};
  const bool is_valid = std::ranges::equal(bytes, Valid());
  const auto record = SealedRecord::Parse(bytes);
  if (!record.ok()) {
    Require(!is_valid, "the valid record parses");
    return fuzz::RequireRefusal(record.status(), kCodes);
  }
  const auto reader = record->Unwrap(Wrap(), kContext);
  const bool whole = reader.ok() && OpensWhole(*reader);
  Require(whole == is_valid, "only the valid record opens as a whole");
  if (!reader.ok()) fuzz::RequireRefusal(reader.status(), kCodes);
}

void RoundTrip(FuzzInput& input) {
  std::vector<std::pair<uint16_t, Plaintext>> fields;
  for (uint16_t id = 1; !input.empty() && fields.size() < 64; ++id) {
    id = static_cast<uint16_t>(id + input.Byte());
    fields.emplace_back(id, Plaintext::CopyOf(input.Sized()));
  }
  std::vector<FieldToSeal> to_seal;
  for (const auto& [id, value] : fields) to_seal.push_back({id, &value});
  const Bytes sealed = Seal(to_seal);
  const auto record = SealedRecord::Parse(sealed);
  Require(record.ok(), "what was sealed parses");
  const auto reader = record->Unwrap(Wrap(), kContext);
  Require(reader.ok(), "what was sealed unwraps");
  Require(reader->field_ids().size() == fields.size(), "no field is lost");
  for (const auto& [id, value] : fields) {
    const auto opened = reader->OpenField(id);
    Require(opened.ok() && opened->Equals(value), "a field opens as sealed");
  }
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
