#include "server/core/access/enrollment.h"

#include <algorithm>
#include <utility>

#include "crypto/pki/authority.h"
#include "crypto/pki/csr.h"
#include "platform/mutex.h"
#include "server/core/access/access_writer.h"
#include "server/core/error.h"
#include "text/base32.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

constexpr size_t kMaxCertificates = 4;

absl::Status BadRequest(std::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {.reason = Reason::kBadRequestCertificate});
}

absl::Status InviteUsed() {
  return MakeError(
      absl::StatusCode::kPermissionDenied, "this invite has been used",
      {.reason = Reason::kInviteUsed,
       .hint =
           "if that was not you, tell an admin at once; ask for a new one"});
}

absl::Status InviteExpired() {
  return MakeError(
      absl::StatusCode::kUnauthenticated, "this invite has expired",
      {.reason = Reason::kInviteExpired, .hint = "ask an admin for a new one"});
}

}  // namespace

class Enrollment::Impl {
 public:
  explicit Impl(const AccessParts& parts)
      : parts_(parts), writer_(parts.base) {}

  absl::StatusOr<Enrolled> Redeem(const Fingerprint& connection,
                                  std::span<const uint8_t> request_der);
  absl::StatusOr<Enrolled> Renew(const Caller& caller,
                                 std::span<const uint8_t> request_der);
  uint64_t refused() const { return refused_; }

 private:
  absl::StatusOr<Enrolled> Repeat(const Invite& invite,
                                  const pki::PublicKey& key);
  absl::StatusOr<Enrolled> Burn(Invite invite, const pki::PublicKey& key);
  absl::StatusOr<Enrolled> Answer(const Principal& principal,
                                  const DeviceId& device,
                                  std::string certificate_pem) const;
  Timestamp Now() const { return parts_.base.clock.Now(); }

  const AccessParts parts_;
  const AccessWriter writer_;
  std::atomic<uint64_t> refused_{0};
};

absl::StatusOr<Enrolled> Enrollment::Impl::Answer(
    const Principal& principal, const DeviceId& device,
    std::string certificate_pem) const {
  return Enrolled{device, std::move(certificate_pem),
                  parts_.authority.certificate().ToPem(), principal.name,
                  principal.role};
}

absl::StatusOr<Enrolled> Enrollment::Impl::Redeem(
    const Fingerprint& connection, std::span<const uint8_t> request_der) {
  MutexLock lock(parts_.base.access.changes());
  auto invite = parts_.base.access.FindInvite(connection);
  if (!invite.ok()) {
    return MakeError(absl::StatusCode::kUnauthenticated,
                     "this connection is not an invite's",
                     {.reason = Reason::kNotEnrolled});
  }
  if ((*invite)->expires < Now()) return InviteExpired();
  auto request = pki::CertificateRequest::ParseDer(request_der);
  if (!request.ok()) {
    return BadRequest("this is not a self-signed P-256 certificate request");
  }
  const pki::PublicKey& key = request->public_key();
  if (key.spki_hash().bytes == (*invite)->spki) {
    return BadRequest("a device needs a key of its own, not the invite's");
  }
  return (*invite)->used ? Repeat(**invite, key) : Burn(**invite, key);
}

absl::StatusOr<Enrolled> Enrollment::Impl::Repeat(const Invite& invite,
                                                  const pki::PublicKey& key) {
  const auto principal = parts_.base.access.FindPrincipal(invite.principal);
  if (principal != nullptr && key.spki_hash().bytes == invite.used_by) {
    return Answer(*principal, invite.device, invite.certificate_pem);
  }
  ++refused_;
  AccessChange refusal;
  refusal.entry.action = Action::kRefuseInvite;
  refusal.entry.outcome = Outcome::kRefused;
  refusal.entry.actor = invite.principal;
  refusal.entry.subject = invite.id.bytes;
  if (auto s = writer_.Apply(std::move(refusal)); !s.ok()) return s;
  return InviteUsed();
}

absl::StatusOr<Enrolled> Enrollment::Impl::Burn(Invite invite,
                                                const pki::PublicKey& key) {
  const auto principal = parts_.base.access.FindPrincipal(invite.principal);
  if (principal == nullptr || principal->suspended) {
    return MakeError(absl::StatusCode::kUnauthenticated,
                     "the person this invite is for has no access",
                     {.reason = Reason::kPrincipalSuspended});
  }
  Device device;
  device.id.bytes = crypto::RandomId(parts_.base.random);
  device.principal = principal->id;
  device.enrolled = Now();
  auto certificate = parts_.authority.IssueDevice(
      key, text::EncodeBase32(device.id.bytes), Now());
  if (!certificate.ok()) return certificate.status();
  device.certificates = {
      {certificate->fingerprint().bytes, certificate->validity().not_after}};
  invite.used = true;
  invite.used_by = key.spki_hash().bytes;
  invite.device = device.id;
  invite.certificate_pem = certificate->ToPem();
  AccessChange change;
  change.entry.action = Action::kRedeemInvite;
  change.entry.actor = principal->id;
  change.entry.device = device.id;
  change.entry.subject = invite.id.bytes;
  change.facts.emplace_back(device);
  change.facts.emplace_back(invite);
  if (auto s = writer_.Apply(std::move(change)); !s.ok()) return s;
  return Answer(*principal, device.id, invite.certificate_pem);
}

absl::StatusOr<Enrolled> Enrollment::Impl::Renew(
    const Caller& caller, std::span<const uint8_t> request_der) {
  MutexLock lock(parts_.base.access.changes());
  auto request = pki::CertificateRequest::ParseDer(request_der);
  if (!request.ok()) {
    return BadRequest("this is not a self-signed P-256 certificate request");
  }
  const auto known = parts_.base.access.FindDevice(caller.device);
  const auto principal = parts_.base.access.FindPrincipal(caller.principal);
  auto live =
      parts_.base.access.CheckLive(caller.principal, caller.device, Now());
  if (!live.ok()) return live;
  auto certificate = parts_.authority.IssueDevice(
      request->public_key(), text::EncodeBase32(caller.device.bytes), Now());
  if (!certificate.ok()) return certificate.status();
  Device device = *known;
  std::erase_if(device.certificates,
                [&](const auto& c) { return c.not_after < Now(); });
  while (device.certificates.size() >= kMaxCertificates) {
    device.certificates.erase(device.certificates.begin());
  }
  device.certificates.push_back(
      {certificate->fingerprint().bytes, certificate->validity().not_after});
  AccessChange change;
  change.entry.action = Action::kRenewCertificate;
  change.entry.actor = caller.principal;
  change.entry.device = caller.device;
  change.entry.subject = caller.device.bytes;
  change.facts.emplace_back(std::move(device));
  if (auto s = writer_.Apply(std::move(change)); !s.ok()) return s;
  return Answer(*principal, caller.device, certificate->ToPem());
}

Enrollment::Enrollment(const AccessParts& parts)
    : impl_(std::make_unique<Impl>(parts)) {}
Enrollment::~Enrollment() = default;

absl::StatusOr<Enrolled> Enrollment::Redeem(
    const Fingerprint& connection, std::span<const uint8_t> request_der) {
  return impl_->Redeem(connection, request_der);
}
absl::StatusOr<Enrolled> Enrollment::Renew(
    const Caller& caller, std::span<const uint8_t> request_der) {
  return impl_->Renew(caller, request_der);
}
uint64_t Enrollment::refused() const { return impl_->refused(); }

}  // namespace sodality::core
