// From the certificate on a connection to its fingerprint, parsed once and not
// at every call.
#ifndef SODALITY_SERVER_RPC_CERTIFICATE_CACHE_H_
#define SODALITY_SERVER_RPC_CERTIFICATE_CACHE_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "platform/mutex.h"
#include "server/core/access/types.h"

namespace sodality::rpc {

// The key is the whole certificate, never the connection or anything that a
// later call could share: an entry says what the certificate is, not whether
// it is good. Holds at most kCapacity and starts anew when full.
// Thread safety: safe.
class CertificateCache final {
 public:
  static constexpr size_t kCapacity = 4096;

  // SHA-256 of the DER. UNAUTHENTICATED kNotEnrolled when `pem` is no
  // certificate of our profile.
  absl::StatusOr<core::Fingerprint> FingerprintOf(std::string_view pem)
      SODALITY_EXCLUDES(mutex_);
  size_t size() const SODALITY_EXCLUDES(mutex_);

 private:
  mutable platform::Mutex mutex_;
  absl::flat_hash_map<std::string, core::Fingerprint> known_
      SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_CERTIFICATE_CACHE_H_
