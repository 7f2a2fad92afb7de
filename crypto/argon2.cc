#include "crypto/argon2.h"

#include <sodium.h>

#include "absl/status/status.h"
#include "crypto/sodium_ready.h"
#include "platform/mutex.h"

namespace sodality::crypto {
namespace {

static_assert(sizeof(Argon2Parameters::salt) == crypto_pwhash_SALTBYTES);
constexpr size_t kKeySize = 32;

bool Within(const Argon2Cost& cost) {
  return cost.passes >= kArgon2Min.passes && cost.passes <= kArgon2Max.passes &&
         cost.memory_kib >= kArgon2Min.memory_kib &&
         cost.memory_kib <= kArgon2Max.memory_kib;
}

// Two at a time would take twice the memory: a way to kill the server.
platform::Mutex& OneAtATime() {
  static platform::Mutex mutex;
  return mutex;
}

}  // namespace

absl::Status CheckCost(const Argon2Cost& cost) {
  if (Within(cost)) return absl::OkStatus();
  return absl::InvalidArgumentError("the Argon2id cost is out of bounds");
}

absl::StatusOr<SecretBuffer> DeriveFromPassphrase(
    const SecretBytes& passphrase, const Argon2Parameters& parameters) {
  if (auto s = CheckCost(parameters.cost); !s.ok()) return s;
  if (passphrase.empty()) {
    return absl::InvalidArgumentError("the passphrase is empty");
  }
  EnsureSodium();
  SecretBuffer key = SecretBuffer::OfSize(kKeySize);
  const auto text = passphrase.Expose(AllowSecretAccess());
  const platform::MutexLock lock(OneAtATime());
  const int failed = crypto_pwhash(
      key.ExposeMutable(AllowSecretAccess()).data(), kKeySize,
      AsText(text).data(), text.size(), parameters.salt.data(),
      parameters.cost.passes, size_t{parameters.cost.memory_kib} * 1024,
      crypto_pwhash_ALG_ARGON2ID13);
  if (failed != 0) {
    return absl::ResourceExhaustedError(
        "not enough memory for the passphrase's Argon2id");
  }
  return key;
}

}  // namespace sodality::crypto
