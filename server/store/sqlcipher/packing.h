// How ids and tokens become SQL integers. The layout is part of the schema.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_PACKING_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_PACKING_H_

#include <cstdint>
#include <vector>

#include "server/store/member_store.h"

namespace sodality::store {

// A member's rowid: the first 63 bits of the id. It keeps the order of ids, is
// never negative, and carries no order of insertion.
constexpr int64_t RowKey(const MemberId& id) {
  uint64_t key = 0;
  for (size_t i = 0; i < 8; ++i) key = key << 8 | id.bytes[i];
  return static_cast<int64_t>(key >> 1);
}

// DATA_LOSS when the bytes are not as many as an id has.
absl::StatusOr<IdBytes> ReadId(std::span<const uint8_t> bytes);

constexpr int64_t PackToken(const IndexToken& token) {
  return static_cast<int64_t>(uint64_t{token.index_version} << 48 |
                              uint64_t{token.slot} << 32 | token.bits);
}

constexpr uint16_t IndexVersionOf(int64_t token) {
  return static_cast<uint16_t>(static_cast<uint64_t>(token) >> 48);
}

// A member's tokens as kept beside the record: sorted, distinct, eight bytes
// each, big-endian.
using TokenKeys = std::vector<int64_t>;

TokenKeys PackTokens(const std::vector<IndexToken>& tokens);
Bytes EncodeTokenKeys(const TokenKeys& keys);
// DATA_LOSS when the bytes are no such list.
absl::StatusOr<TokenKeys> DecodeTokenKeys(std::span<const uint8_t> bytes);

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_PACKING_H_
