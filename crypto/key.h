// Typed keys: one type for each duty, so that Seal(const RecordKey&) cannot be
// handed a wrap key. docs/adr/0004-envelope.md draws the hierarchy. Read next:
// keyring.h.
#ifndef SODALITY_CRYPTO_KEY_H_
#define SODALITY_CRYPTO_KEY_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

// Where a key's bytes lie. Inline: in the object itself, wiped at its end; for
// keys made once for each record read. Guarded: a SecretBuffer.
template <size_t kBytes>
class InlineStorage final {
 public:
  InlineStorage() = default;
  InlineStorage(InlineStorage&& other) noexcept : bytes_(other.bytes_) {
    Wipe(other.bytes_);
  }
  InlineStorage& operator=(InlineStorage&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      Wipe(other.bytes_);
    }
    return *this;
  }
  ~InlineStorage() { Wipe(bytes_); }
  std::span<uint8_t, kBytes> span() { return bytes_; }
  std::span<const uint8_t, kBytes> span() const { return bytes_; }

 private:
  std::array<uint8_t, kBytes> bytes_{};
};

template <size_t kBytes>
class GuardedStorage final {
 public:
  GuardedStorage() : buffer_(SecretBuffer::OfSize(kBytes)) {}
  std::span<uint8_t, kBytes> span() {
    return buffer_.ExposeMutable(AllowSecretAccess()).template first<kBytes>();
  }
  std::span<const uint8_t, kBytes> span() const {
    return buffer_.Expose(AllowSecretAccess()).template first<kBytes>();
  }

 private:
  SecretBuffer buffer_;
};

// A secret key of kBytes for the duty named by Tag.
//
// Secrets: wiped at destruction. Cannot be copied, printed or compared with ==.
// Thread safety: const methods are safe. Ownership: move-only; do not use a
// moved-from key.
template <class Tag, size_t kBytes, template <size_t> class Storage>
class Key final {
 public:
  static constexpr size_t kSize = kBytes;

  static Key Generate(Random& random) {
    Key key;
    random.Fill(key.storage_.span());
    return key;
  }
  // INVALID_ARGUMENT unless `bytes` has kSize bytes. The caller wipes its copy.
  static absl::StatusOr<Key> FromBytes(std::span<const uint8_t> bytes) {
    if (bytes.size() != kBytes) {
      return absl::InvalidArgumentError("a key of the wrong size");
    }
    return CopyOf(bytes.first<kBytes>());
  }
  static Key CopyOf(std::span<const uint8_t, kBytes> bytes) {
    Key key;
    std::copy(bytes.begin(), bytes.end(), key.storage_.span().begin());
    return key;
  }

  Key Clone() const { return CopyOf(storage_.span()); }
  [[nodiscard]] bool Equals(const Key& other) const {
    return ConstantTimeEquals(storage_.span(), other.storage_.span());
  }
  std::span<const uint8_t, kBytes> Expose(SecretAccess) const {
    return storage_.span();
  }

 private:
  Key() = default;
  Storage<kBytes> storage_;
};

// Long-lived, from the keyring.
using RootKey = Key<struct RootTag, 32, GuardedStorage>;
// A key and a salt: what SQLCipher takes as 96 hex digits.
using PageKey = Key<struct PageTag, 48, GuardedStorage>;
using WrapKey = Key<struct WrapTag, 32, GuardedStorage>;
using IndexKey = Key<struct IndexTag, 32, GuardedStorage>;
using StateKey = Key<struct StateTag, 32, GuardedStorage>;
using LedgerKey = Key<struct LedgerTag, 32, GuardedStorage>;
using LedgerSignKey = Key<struct LedgerSignTag, 32, GuardedStorage>;  // A seed.
using LeaseKey = Key<struct LeaseTag, 32, GuardedStorage>;
using SuppressionKey = Key<struct SuppressionTag, 32, GuardedStorage>;
// Short-lived, one for each record or blob handled.
using RecordKey = Key<struct RecordTag, 32, InlineStorage>;
using MemberLedgerKey = Key<struct MemberLedgerTag, 32, InlineStorage>;
using SubKey = Key<struct SubTag, 32, InlineStorage>;

// A key and the version by which ciphertexts name it. Borrows `key`.
template <class K>
struct Versioned {
  uint32_t version = 0;
  const K& key;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEY_H_
