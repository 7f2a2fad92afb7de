#include "server/store/sqlcipher/packing.h"

#include <algorithm>

namespace sodality::store {

absl::StatusOr<IdBytes> ReadId(std::span<const uint8_t> bytes) {
  IdBytes id{};
  if (bytes.size() != id.size()) {
    return absl::DataLossError("a stored id has the wrong length");
  }
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return id;
}

TokenKeys PackTokens(const std::vector<IndexToken>& tokens) {
  TokenKeys keys;
  keys.reserve(tokens.size());
  for (const IndexToken& token : tokens) keys.push_back(PackToken(token));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

Bytes EncodeTokenKeys(const TokenKeys& keys) {
  Bytes bytes;
  bytes.reserve(keys.size() * 8);
  for (const int64_t key : keys) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes.push_back(
          static_cast<uint8_t>(static_cast<uint64_t>(key) >> shift));
    }
  }
  return bytes;
}

absl::StatusOr<TokenKeys> DecodeTokenKeys(std::span<const uint8_t> bytes) {
  TokenKeys keys;
  keys.reserve(bytes.size() / 8);
  for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    uint64_t key = 0;
    for (const uint8_t byte : bytes.subspan(at, 8)) key = key << 8 | byte;
    keys.push_back(static_cast<int64_t>(key));
  }
  const bool sorted = std::adjacent_find(keys.begin(), keys.end(),
                                         std::greater_equal<>()) == keys.end();
  if (bytes.size() % 8 != 0 || !sorted) {
    return absl::DataLossError("a member's list of tokens is damaged");
  }
  return keys;
}

}  // namespace sodality::store
