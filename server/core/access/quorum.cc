#include "server/core/access/quorum.h"

#include <set>

namespace sodality::core {
namespace {

bool IsLiveAdmin(const AccessTable& access, const PrincipalId& principal,
                 const DeviceId& device, Timestamp now) {
  const auto who = access.FindPrincipal(principal);
  return who != nullptr && who->role == Role::kAdmin &&
         access.CheckLive(principal, device, now).ok();
}

}  // namespace

bool CountsNow(const AccessTable& access, const Consent& consent,
               const store::Bytes& form, Timestamp now) {
  const auto device = access.FindDevice(consent.device);
  return device != nullptr && device->approval_key.has_value() &&
         IsLiveAdmin(access, consent.principal, consent.device, now) &&
         crypto::VerifySignature(*device->approval_key, form,
                                 consent.signature);
}

size_t LiveAdmins(const AccessTable& access, Timestamp now) {
  std::set<PrincipalId> admins;
  for (const auto& device : access.devices()) {
    if (IsLiveAdmin(access, device->principal, device->id, now)) {
      admins.insert(device->principal);
    }
  }
  return admins.size();
}

}  // namespace sodality::core
