// How a root key is kept, and what a keyring file's slot says of it.
// docs/formats.md section 5. Read next: sealed_keyring.h.
#ifndef SODALITY_CRYPTO_ROOT_SLOT_H_
#define SODALITY_CRYPTO_ROOT_SLOT_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "crypto/argon2.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/share.h"

namespace sodality::crypto {

// How a root key is kept. The numbers stand in the file.
enum class Custody : uint8_t {
  kKeyFile = 1,     // 32 random bytes in a file or a systemd credential.
  kPassphrase = 2,  // Argon2id.
  kShares = 3,      // k of n, by people.
};

// What the file says of one root key, readable while sealed.
struct RootSlot {
  Custody custody = Custody::kKeyFile;
  Argon2Parameters passphrase{{0, 0}, {}};  // For kPassphrase; else all zero.
  ShareSet shares;                          // For kShares; else all zero.
};

// A root key and how it is kept.
struct Root {
  RootSlot slot;
  RootKey key;
  static Root FromKeyFile(RootKey key);
  // Of sharing.h, which deals both.
  static Root FromShares(const ShareSet& set, RootKey key);
  // A new salt. Errors as DeriveFromPassphrase.
  static absl::StatusOr<Root> FromNewPassphrase(const SecretBytes& passphrase,
                                                const Argon2Cost& cost,
                                                Random& random);
};

// What stands in the file for each custody to give its meaning: passes, KiB and
// salt, or threshold, count and set id; zeros for a key file.
struct SlotFacts {
  uint32_t first = 0;
  uint32_t second = 0;
  Bytes16 bytes{};
};
SlotFacts FactsOf(const RootSlot& slot);
// Nothing when no slot of that custody can say so.
std::optional<RootSlot> SlotOf(Custody custody, const SlotFacts& facts);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_ROOT_SLOT_H_
