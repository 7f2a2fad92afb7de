#include "server/rpc/certificate_cache.h"

#include "absl/strings/string_view.h"
#include "crypto/pki/certificate.h"
#include "server/core/error.h"

namespace sodality::rpc {

absl::StatusOr<core::Fingerprint> CertificateCache::FingerprintOf(
    std::string_view pem) {
  const absl::string_view key(pem.data(), pem.size());
  {
    const platform::MutexLock lock(mutex_);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
  }
  const auto certificate = pki::Certificate::ParsePem(pem);
  if (!certificate.ok()) {
    return core::MakeError(absl::StatusCode::kUnauthenticated,
                           "this certificate is not of this chapter",
                           {.reason = core::Reason::kNotEnrolled});
  }
  const core::Fingerprint fingerprint = certificate->fingerprint().bytes;
  const platform::MutexLock lock(mutex_);
  if (known_.size() >= kCapacity) known_.clear();
  known_.emplace(std::string(pem), fingerprint);
  return fingerprint;
}

size_t CertificateCache::size() const {
  const platform::MutexLock lock(mutex_);
  return known_.size();
}

}  // namespace sodality::rpc
