#include "server/core/member.h"

#include <algorithm>
#include <utility>

namespace sodality::core {
namespace {

bool Before(const FieldValue& value, uint16_t field) {
  return value.field < field;
}

}  // namespace

Member Member::New(crypto::Random& random) {
  return {.id = {crypto::RandomId(random)},
          .revision = 0,
          .fields = {},
          .ledger_key = crypto::MemberLedgerKey::Generate(random)};
}

const ValueList* Member::Find(uint16_t field) const {
  const auto it = std::lower_bound(fields.begin(), fields.end(), field, Before);
  return it == fields.end() || it->field != field ? nullptr : &it->values;
}

void Member::Set(uint16_t field, ValueList values) {
  const auto it = std::lower_bound(fields.begin(), fields.end(), field, Before);
  const bool present = it != fields.end() && it->field == field;
  if (values.empty()) {
    if (present) fields.erase(it);
  } else if (present) {
    it->values = std::move(values);
  } else {
    fields.insert(it, {field, std::move(values)});
  }
}

}  // namespace sodality::core
