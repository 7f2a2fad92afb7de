#include <algorithm>
#include <utility>

#include "crypto/secret.h"
#include "server/core/access/access_control.h"
#include "server/core/access/enrollment.h"
#include "server/rpc/call_gate.h"
#include "server/rpc/convert.h"
#include "server/rpc/services.h"
#include "sodality/v1/access.grpc.pb.h"
#include "sodality/v1/enrollment.grpc.pb.h"

namespace sodality::rpc {
namespace {

using core::Role;
using platform::FormatTimestamp;

class EnrollmentService final : public v1::EnrollmentService::Service {
 public:
  explicit EnrollmentService(const CallGate& gate) : gate_(gate) {}

  grpc::Status Redeem(grpc::ServerContext* context,
                      const v1::RedeemRequest* request,
                      v1::RedeemResponse* response) override {
    return gate_.Run(
        *context, method::kRedeem, [&](const Call& call) -> absl::Status {
          const auto enrolled = call.chapter().enrollment().Redeem(
              call.certificate(),
              crypto::AsBytes(request->certificate_request()));
          if (!enrolled.ok()) return enrolled.status();
          response->set_certificate(enrolled->certificate_pem);
          response->set_ca_certificate(enrolled->ca_certificate_pem);
          response->set_device_id(FormatId(enrolled->device.bytes));
          response->set_principal_name(enrolled->principal_name);
          response->set_role(std::string(core::RoleName(enrolled->role)));
          response->set_chapter_name(call.chapter().info().name);
          return absl::OkStatus();
        });
  }

  grpc::Status Renew(grpc::ServerContext* context,
                     const v1::RenewRequest* request,
                     v1::RenewResponse* response) override {
    return gate_.Run(
        *context, method::kRenew, [&](const Call& call) -> absl::Status {
          const auto enrolled = call.chapter().enrollment().Renew(
              call.caller(), crypto::AsBytes(request->certificate_request()));
          if (!enrolled.ok()) return enrolled.status();
          response->set_certificate(enrolled->certificate_pem);
          response->set_ca_certificate(enrolled->ca_certificate_pem);
          return absl::OkStatus();
        });
  }

 private:
  const CallGate& gate_;
};

[[nodiscard]] bool SeesAllPrincipals(const Call& call) {
  return call.caller().role == Role::kAdmin;
}

[[nodiscard]] bool SeesAllGrants(const Call& call) {
  return call.caller().role == Role::kAdmin ||
         call.caller().role == Role::kAuditor;
}

class AccessService final : public v1::AccessService::Service {
 public:
  AccessService(const CallGate& gate, const platform::Clock& clock)
      : gate_(gate), clock_(clock) {}

  grpc::Status CreateInvite(grpc::ServerContext* context,
                            const v1::CreateInviteRequest* request,
                            v1::CreateInviteResponse* response) override {
    return gate_.Run(
        *context, method::kCreateInvite, [&](const Call& call) -> absl::Status {
          const auto input = ParseInvite(*request);
          if (!input.ok()) return input.status();
          const auto invite = call.chapter().access_control().CreateInvite(
              call.caller(), *input);
          if (!invite.ok()) return invite.status();
          response->set_invite_id(FormatId(invite->id.bytes));
          response->set_principal_id(FormatId(invite->principal.bytes));
          response->set_invite(std::string(crypto::AsText(
              invite->file.Expose(crypto::AllowSecretAccess()))));
          response->set_expires(FormatTimestamp(invite->expires));
          return absl::OkStatus();
        });
  }

  grpc::Status ListPrincipals(grpc::ServerContext* context,
                              const v1::ListPrincipalsRequest*,
                              v1::ListPrincipalsResponse* response) override {
    return gate_.Run(*context, method::kListPrincipals,
                     [&](const Call& call) -> absl::Status {
                       auto principals = call.chapter().access().principals();
                       std::sort(principals.begin(), principals.end(),
                                 [](const auto& a, const auto& b) {
                                   return std::tie(a->name, a->id) <
                                          std::tie(b->name, b->id);
                                 });
                       for (const auto& principal : principals) {
                         if (SeesAllPrincipals(call) ||
                             principal->id == call.caller().principal) {
                           FillPrincipal(*principal,
                                         *response->add_principals());
                         }
                       }
                       return absl::OkStatus();
                     });
  }

  grpc::Status SuspendPrincipal(grpc::ServerContext* context,
                                const v1::SuspendPrincipalRequest* request,
                                v1::SuspendPrincipalResponse*) override {
    return gate_.Run(*context, method::kSuspendPrincipal,
                     [&](const Call& call) -> absl::Status {
                       const auto id = ParseRequestId(request->request_id());
                       if (!id.ok()) return id.status();
                       return call.chapter().access_control().SuspendPrincipal(
                           call.caller(), request->principal(), request->lift(),
                           *id);
                     });
  }

  grpc::Status ListDevices(grpc::ServerContext* context,
                           const v1::ListDevicesRequest*,
                           v1::ListDevicesResponse* response) override {
    return gate_.Run(
        *context, method::kListDevices, [&](const Call& call) -> absl::Status {
          const core::AccessTable& access = call.chapter().access();
          auto devices = access.devices();
          std::sort(devices.begin(), devices.end(),
                    [](const auto& a, const auto& b) {
                      return std::tie(a->enrolled, a->id) <
                             std::tie(b->enrolled, b->id);
                    });
          for (const auto& device : devices) {
            if (SeesAllPrincipals(call) ||
                device->principal == call.caller().principal) {
              FillDevice(*device, access, *response->add_devices());
            }
          }
          return absl::OkStatus();
        });
  }

  grpc::Status RevokeDevice(grpc::ServerContext* context,
                            const v1::RevokeDeviceRequest* request,
                            v1::RevokeDeviceResponse*) override {
    return gate_.Run(
        *context, method::kRevokeDevice, [&](const Call& call) -> absl::Status {
          const auto device =
              ParseId<core::DeviceId>(request->device_id(), "device_id");
          if (!device.ok()) return device.status();
          const auto id = ParseRequestId(request->request_id());
          if (!id.ok()) return id.status();
          return call.chapter().access_control().RevokeDevice(call.caller(),
                                                              *device, *id);
        });
  }

  grpc::Status CreateGrant(grpc::ServerContext* context,
                           const v1::CreateGrantRequest* request,
                           v1::CreateGrantResponse* response) override {
    return gate_.Run(
        *context, method::kCreateGrant, [&](const Call& call) -> absl::Status {
          const auto input = ParseGrantInput(*request);
          if (!input.ok()) return input.status();
          const auto grant = call.chapter().access_control().CreateGrant(
              call.caller(), *input);
          if (!grant.ok()) return grant.status();
          response->set_grant_id(FormatId(grant->bytes));
          return absl::OkStatus();
        });
  }

  grpc::Status ListGrants(grpc::ServerContext* context,
                          const v1::ListGrantsRequest* request,
                          v1::ListGrantsResponse* response) override {
    return gate_.Run(
        *context, method::kListGrants, [&](const Call& call) -> absl::Status {
          if (request->ending_within_seconds() < 0) {
            return InvalidValue("ending_within_seconds", "negative");
          }
          const auto now = clock_.Now();
          core::Chapter& chapter = call.chapter();
          for (const auto& grant : WantedGrants(call, *request, now)) {
            FillGrant(
                {*grant, chapter.ledger().Left(grant->id, grant->budget), now},
                chapter, *response->add_grants());
          }
          return absl::OkStatus();
        });
  }

  grpc::Status RevokeGrant(grpc::ServerContext* context,
                           const v1::RevokeGrantRequest* request,
                           v1::RevokeGrantResponse*) override {
    return gate_.Run(
        *context, method::kRevokeGrant, [&](const Call& call) -> absl::Status {
          const auto grant =
              ParseId<core::GrantId>(request->grant_id(), "grant_id");
          if (!grant.ok()) return grant.status();
          const auto id = ParseRequestId(request->request_id());
          if (!id.ok()) return id.status();
          return call.chapter().access_control().RevokeGrant(call.caller(),
                                                             *grant, *id);
        });
  }

 private:
  using GrantPtr = std::shared_ptr<const core::Grant>;

  // By end.
  static std::vector<GrantPtr> WantedGrants(
      const Call& call, const v1::ListGrantsRequest& request,
      platform::Timestamp now) {
    const int64_t within = request.ending_within_seconds();
    auto grants = call.chapter().access().grants();
    std::erase_if(grants, [&](const GrantPtr& grant) {
      const bool hidden =
          !SeesAllGrants(call) && grant->principal != call.caller().principal;
      const bool in_force = !grant->revoked && now < grant->not_after;
      const int64_t left = (grant->not_after - now).count() / 1000;
      return hidden || (within != 0 && (!in_force || left > within));
    });
    std::sort(
        grants.begin(), grants.end(), [](const GrantPtr& a, const GrantPtr& b) {
          return std::tie(a->not_after, a->id) < std::tie(b->not_after, b->id);
        });
    return grants;
  }

  const CallGate& gate_;
  const platform::Clock& clock_;
};

}  // namespace

ServicePtr MakeEnrollmentService(const CallGate& gate) {
  return std::make_unique<EnrollmentService>(gate);
}

ServicePtr MakeAccessService(const CallGate& gate,
                             const platform::Clock& clock) {
  return std::make_unique<AccessService>(gate, clock);
}

}  // namespace sodality::rpc
