// The keyring on disk: sealed by the root key, replaced atomically.
// docs/formats.md section 5. Read next: docs/key-lifecycle.md.
#ifndef SODALITY_CRYPTO_KEYRING_FILE_H_
#define SODALITY_CRYPTO_KEYRING_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/argon2.h"
#include "crypto/key.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "platform/file.h"

namespace sodality::crypto {

// How the root key is kept. The numbers stand in the file.
enum class Custody : uint8_t {
  kKeyFile = 1,     // 32 random bytes in a file or a systemd credential.
  kPassphrase = 2,  // Argon2id.
};

// What the file says of one root key, readable while sealed.
struct RootSlot {
  Custody custody = Custody::kKeyFile;
  Argon2Parameters passphrase;  // For kPassphrase.
};

// A root key and how it is kept.
struct Root {
  RootSlot slot;
  RootKey key;
};

inline constexpr size_t kMaxRoots = 4;

// The bytes of a keyring file that each of `roots` opens (one; two while the
// root key changes). INVALID_ARGUMENT when there is none or more than
// kMaxRoots.
absl::StatusOr<std::vector<uint8_t>> SealKeyring(const Keyring& keyring,
                                                 std::span<const Root> roots,
                                                 Random& random);

// The slots, so that a sealed server knows what to ask for. DATA_LOSS when the
// bytes are no keyring; FAILED_PRECONDITION when the format is newer.
absl::StatusOr<std::vector<RootSlot>> ReadRootSlots(
    std::span<const uint8_t> bytes);

// PERMISSION_DENIED "the root key does not open this keyring" when no slot is
// of this key; DATA_LOSS when one is and the rest is damaged; else as
// ReadRootSlots.
absl::StatusOr<Keyring> OpenKeyring(std::span<const uint8_t> bytes,
                                    const RootKey& root);

// The slots of the file at `path`. NOT_FOUND, and as ReadRootSlots.
absl::StatusOr<std::vector<RootSlot>> LoadRootSlots(platform::FileSystem& fs,
                                                    const std::string& path);

// The root key that `passphrase` gives with the file's parameters. It may be
// the wrong one: OpenKeyringFile tells. FAILED_PRECONDITION when the file is
// not kept by passphrase.
absl::StatusOr<Root> DeriveRoot(std::span<const RootSlot> slots,
                                const SecretBytes& passphrase);

// Reads and opens. NOT_FOUND, and as OpenKeyring.
absl::StatusOr<Keyring> LoadKeyring(platform::FileSystem& fs,
                                    const std::string& path,
                                    const RootKey& root);

// Seals and replaces the file at `path`. After a failure the old file stands.
absl::Status StoreKeyring(platform::FileSystem& fs, const std::string& path,
                          std::span<const uint8_t> sealed);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEYRING_FILE_H_
