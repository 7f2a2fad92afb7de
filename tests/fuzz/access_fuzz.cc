// Access rows as the plain bytes below the seal: each fact has one encoding.
#include "server/core/access/codec.h"
#include "tests/fuzz/fuzz_input.h"

// The table, then the row's content.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sodality::fuzz::Require;
  namespace core = sodality::core;
  sodality::fuzz::FuzzInput input(data, size);
  const sodality::store::AccessRow row = {
      .table = static_cast<sodality::store::AccessTable>(input.Byte()),
      .id = {1, 2, 3},
      .version = 4,
      .sealed = {}};
  const auto content = sodality::crypto::SecretBytes::CopyOf(input.Rest());
  const auto fact = core::DecodeFact(row, content);
  if (!fact.ok()) {
    sodality::fuzz::RequireRefusal(
        fact.status(),
        {absl::StatusCode::kDataLoss, absl::StatusCode::kFailedPrecondition});
    return 0;
  }
  Require(core::TableOf(*fact) == row.table && core::IdOf(*fact) == row.id,
          "a fact is of its row");
  Require(core::EncodeFact(*fact).Equals(content), "a fact has one encoding");
  return 0;
}
