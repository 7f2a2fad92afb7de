#include "client/profile/profile_connection.h"

#include <string>
#include <utility>

#include "client/include/sodality/connect.h"
#include "client/include/sodality/connect_profile.h"
#include "client/include/sodality/error_info.h"
#include "client/internal/now.h"
#include "crypto/pki/csr.h"

namespace sodality {
namespace {

PassphraseSource AskingFor(const ProfileOptions& options) {
  return [&options]() -> absl::StatusOr<crypto::SecretBytes> {
    if (!options.passphrase) {
      return MakeError(absl::StatusCode::kCancelled,
                       "this device's key needs its passphrase",
                       {.reason = "PASSPHRASE_NEEDED"});
    }
    const auto secret = options.passphrase();
    if (!secret.ok()) return secret.status();
    return crypto::SecretBytes::CopyOf(
        secret->bytes().Expose(crypto::AllowSecretAccess()));
  };
}

absl::Status NotOurs() {
  return MakeError(absl::StatusCode::kInternal,
                   "the server's answer is no certificate for this device",
                   {.reason = "SERVER_FAILED",
                    .hint = "tell whoever runs the server; the certificate of "
                            "before still stands"});
}

}  // namespace

absl::Status Renew(const Client& client, const pki::PrivateKey& key,
                   Profile& profile) {
  const auto request = pki::CertificateRequest::Create(key);
  if (!request.ok()) return request.status();
  const auto issued =
      client.RenewCertificate(std::string(crypto::AsText(request->der())));
  if (!issued.ok()) return issued.status();
  auto certificate = pki::Certificate::ParsePem(issued->certificate_pem);
  if (!certificate.ok()) return NotOurs();
  const absl::Status kept = profile.ReplaceCertificate(*std::move(certificate));
  return absl::IsInvalidArgument(kept) ? NotOurs() : kept;
}

absl::StatusOr<std::shared_ptr<Connection>> ConnectAs(
    Profile& profile, const pki::PrivateKey& key, Options options,
    const RenewalFailed& renewal_failed) {
  auto pem = key.ToPkcs8Pem();
  if (!pem.ok()) return pem.status();
  const bool due = profile.RenewalDue(internal::Now(options));
  auto connection =
      Connect({profile.info().address, profile.info().server_name,
               profile.authority().ToPem(), profile.certificate().ToPem(),
               Secret(*std::move(pem))},
              std::move(options));
  if (!connection.ok() || !due) return connection;
  const absl::Status renewed = Renew(Client(*connection), key, profile);
  if (!renewed.ok() && renewal_failed) renewal_failed(renewed);
  return connection;
}

absl::StatusOr<std::shared_ptr<Connection>> ConnectProfile(
    const std::string& folder, const ProfileOptions& options) {
  auto profile = Profile::Load(folder);
  if (!profile.ok()) return profile.status();
  const absl::Status in_force =
      profile->CheckInForce(internal::Now(options.calls));
  if (!in_force.ok()) return in_force;
  const auto key = profile->UnlockKey(AskingFor(options));
  if (!key.ok()) return key.status();
  return ConnectAs(*profile, *key, options.calls, options.renewal_failed);
}

}  // namespace sodality
