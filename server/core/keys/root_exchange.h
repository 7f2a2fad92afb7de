// A new root key in the old one's place, as files of the application's. Core
// says when; it sees neither key. docs/adr/0023-root-key.md. Implemented by
// server/app/root_files.h.
#ifndef SODALITY_SERVER_CORE_KEYS_ROOT_EXCHANGE_H_
#define SODALITY_SERVER_CORE_KEYS_ROOT_EXCHANGE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/keyring.h"

namespace sodality::core {

// Which root keys open the keyring.
enum class RootsFound : uint8_t {
  kOne,
  kBoth,     // The old and the new one; the new one is at hand, too.
  kNewLost,  // Likewise, but the new one is not where it was put.
};

// For whom the keyring is sealed.
enum class SealedFor : uint8_t {
  kBoth,  // The root key that opened it, and that of MakeNew behind it.
  kNew,   // The new one alone.
  kOld,   // The root key that opened it alone.
};

// Thread safety: one thread at a time, but for CheckPlace. Whatever fails is
// called again, or found by the next start.
class RootExchange {
 public:
  virtual ~RootExchange() = default;

  // Whether a new root key would have a place. FAILED_PRECONDITION
  // kNoRootKeyFile.
  virtual absl::Status CheckPlace() const = 0;
  // Errors: those of a medium that cannot be read.
  virtual absl::StatusOr<RootsFound> Look() = 0;
  // Makes the new root key durable beside the old.
  virtual absl::Status MakeNew() = 0;
  // Makes it durable in the place of the old: the next start finds it there.
  virtual absl::Status PutInPlace() = 0;
  // After an error nobody knows which of the two keyrings the next start finds.
  virtual absl::Status Store(const crypto::Keyring& keyring,
                             SealedFor sealed_for) = 0;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_ROOT_EXCHANGE_H_
