#include "server/core/values.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "crypto/byte_codec.h"

namespace sodality::core {
namespace {

static_assert(kMaxValues <= UINT8_MAX && kMaxValueBytes <= UINT16_MAX);

// A byte for the count, then two bytes of length before each value.
size_t EncodedSize(std::span<const std::string_view> values) {
  size_t size = 1;
  for (const std::string_view value : values) size += 2 + value.size();
  return size;
}

[[nodiscard]] bool IsList(std::span<const uint8_t> encoded) {
  crypto::ByteReader reader(encoded);
  const size_t count = reader.Get<uint8_t>();
  for (size_t i = 0; i < count; ++i) {
    reader.GetBytes(reader.Get<uint16_t>());
  }
  return count > 0 && reader.AtEnd();
}

std::span<const uint8_t> BytesOf(const crypto::Plaintext& encoded) {
  return encoded.Expose(crypto::AllowSecretAccess());
}

}  // namespace

ValueList ValueList::Encode(std::span<const std::string_view> values) {
  ValueList list;
  if (values.empty()) return list;
  list.encoded_ = crypto::Plaintext::OfSize(EncodedSize(values));
  crypto::ByteWriter writer(
      list.encoded_.ExposeMutable(crypto::AllowSecretAccess()));
  writer.Put(static_cast<uint8_t>(values.size()));
  for (const std::string_view value : values) {
    writer.Put(static_cast<uint16_t>(value.size()));
    writer.PutBytes(crypto::AsBytes(value));
  }
  return list;
}

absl::StatusOr<ValueList> ValueList::Decode(crypto::Plaintext encoded) {
  if (!IsList(BytesOf(encoded))) {
    return absl::DataLossError("a field does not hold a list of values");
  }
  ValueList list;
  list.encoded_ = std::move(encoded);
  return list;
}

ValueList::Views ValueList::views() const {
  Views values;
  if (empty()) return values;
  crypto::ByteReader reader(BytesOf(encoded_));
  values.resize(reader.Get<uint8_t>());
  for (std::string_view& value : values) {
    value = crypto::AsText(reader.GetBytes(reader.Get<uint16_t>()));
  }
  return values;
}

bool ValueList::empty() const { return encoded_.empty(); }

ValueList ValueList::Clone() const {
  ValueList list;
  list.encoded_ = encoded_.Clone();
  return list;
}

bool operator==(const ValueList& a, const ValueList& b) {
  return a.encoded_.Equals(b.encoded_);
}

}  // namespace sodality::core
