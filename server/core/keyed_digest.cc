#include "server/core/keyed_digest.h"

#include "crypto/byte_codec.h"
#include "crypto/keyed_hash.h"
#include "crypto/secret.h"

namespace sodality::core {

crypto::SubKey KeyedDigest::PartKey(const crypto::SubKey& key) {
  return crypto::DeriveSubKey(key, crypto::AssociatedData("sodality/part/1"));
}

KeyedDigest& KeyedDigest::Add(std::span<const uint8_t> part) {
  crypto::Bytes32 hash;
  crypto::KeyedBlake2b(part_key_.Expose(crypto::AllowSecretAccess()), part,
                       hash);
  parts_.Add(hash);
  return *this;
}

KeyedDigest& KeyedDigest::AddText(std::string_view part) {
  return Add(crypto::AsBytes(part));
}

KeyedDigest& KeyedDigest::AddNumber(uint64_t part) {
  parts_.AddU64(part);
  return *this;
}

crypto::Bytes32 KeyedDigest::Finish() const {
  return crypto::KeyedHash32(key_, parts_);
}

}  // namespace sodality::core
