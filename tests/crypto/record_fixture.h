// A sealed record of two fields and what it is bound to.
#ifndef SODALITY_TESTS_CRYPTO_RECORD_FIXTURE_H_
#define SODALITY_TESTS_CRYPTO_RECORD_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "crypto/record.h"
#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {

using Record = std::vector<uint8_t>;

class RecordFixture : public testing::Test {
 protected:
  using Values = std::vector<std::pair<uint16_t, std::string>>;

  Record Seal(const RecordContext& context, const Values& values) {
    std::vector<Plaintext> plaintexts;
    std::vector<FieldToSeal> fields;
    plaintexts.reserve(values.size());
    for (const auto& [id, text] : values) {
      plaintexts.push_back(SecretText(text));
      fields.push_back({id, &plaintexts.back()});
    }
    return SealRecord(context, {7, wrap_}, fields, random_).value();
  }
  Record Seal(const Values& values) { return Seal(context_, values); }

  static absl::StatusOr<RecordReader> Open(const Record& bytes,
                                           const WrapKey& wrap,
                                           const RecordContext& context) {
    const auto record = SealedRecord::Parse(bytes);
    if (!record.ok()) return record.status();
    return record->Unwrap(wrap, context);
  }
  absl::StatusOr<RecordReader> Open(const Record& bytes) const {
    return Open(bytes, wrap_, context_);
  }
  absl::StatusOr<std::string> OpenField(const Record& bytes,
                                        uint16_t field_id) const {
    const auto reader = Open(bytes);
    if (!reader.ok()) return reader.status();
    const auto value = reader->OpenField(field_id);
    if (!value.ok()) return value.status();
    return Reveal(*value);
  }

  SeededRandom random_{20261126};
  const WrapKey wrap_ = WrapKey::Generate(random_);
  const RecordContext context_{RandomId(random_), RandomId(random_), 3};
  const Values values_{{2, "Nour"}, {9, "nour@example.org"}};
};

}  // namespace sodality::crypto

#endif  // SODALITY_TESTS_CRYPTO_RECORD_FIXTURE_H_
