// One hash of what a caller asked, so that the same can be told from another
// without keeping what it was. Read next: request_log.h, page_token.h.
#ifndef SODALITY_SERVER_CORE_KEYED_DIGEST_H_
#define SODALITY_SERVER_CORE_KEYED_DIGEST_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/aad.h"
#include "crypto/key.h"
#include "crypto/random.h"

namespace sodality::core {

// Takes the parts of a question one by one. Each part is hashed under the key
// at once: no copy of it is kept. Order and boundaries of parts count.
// Thread safety: one user at a time. Borrows `key`.
class KeyedDigest final {
 public:
  KeyedDigest(const crypto::SubKey& key, std::string_view domain)
      : key_(key), part_key_(PartKey(key)), parts_(domain) {}

  KeyedDigest& Add(std::span<const uint8_t> part);
  KeyedDigest& AddText(std::string_view part);
  KeyedDigest& AddNumber(uint64_t part);
  crypto::Bytes32 Finish() const;

 private:
  static crypto::SubKey PartKey(const crypto::SubKey& key);

  const crypto::SubKey& key_;
  crypto::SubKey part_key_;
  crypto::AssociatedData parts_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYED_DIGEST_H_
