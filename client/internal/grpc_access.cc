#include <utility>

#include "client/internal/convert.h"
#include "client/internal/grpc_connection.h"

namespace sodality::internal {

absl::StatusOr<ServerStatus> GrpcConnection::GetStatus() {
  const auto response = Unary(system_, &v1::SystemService::Stub::GetStatus,
                              v1::GetStatusRequest(), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToServerStatus(*response);
}

absl::StatusOr<std::vector<SchemaField>> GrpcConnection::GetSchema() {
  const auto response = Unary(system_, &v1::SystemService::Stub::GetSchema,
                              v1::GetSchemaRequest(), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToVector(response->fields(), ToSchemaField);
}

absl::StatusOr<IssuedInvite> GrpcConnection::CreateInvite(
    const NewInvite& invite) {
  v1::CreateInviteRequest request;
  request.set_name(invite.name);
  request.set_role(invite.role);
  request.set_ttl_seconds(invite.ttl.count());
  request.set_member_id(invite.member_id);
  request.set_request_id(NewRequestId());
  auto response = Unary(access_, &v1::AccessService::Stub::CreateInvite,
                        request, Effect::kWrites);
  if (!response.ok()) return response.status();
  return ToIssuedInvite(*response);
}

absl::StatusOr<std::vector<Principal>> GrpcConnection::ListPrincipals() {
  const auto response = Unary(access_, &v1::AccessService::Stub::ListPrincipals,
                              v1::ListPrincipalsRequest(), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToVector(response->principals(), ToPrincipal);
}

absl::Status GrpcConnection::SuspendPrincipal(const std::string& principal,
                                              bool lift) {
  v1::SuspendPrincipalRequest request;
  request.set_principal(principal);
  request.set_lift(lift);
  request.set_request_id(NewRequestId());
  return Unary(access_, &v1::AccessService::Stub::SuspendPrincipal, request,
               Effect::kWrites)
      .status();
}

absl::StatusOr<std::vector<Device>> GrpcConnection::ListDevices() {
  const auto response = Unary(access_, &v1::AccessService::Stub::ListDevices,
                              v1::ListDevicesRequest(), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToVector(response->devices(), ToDevice);
}

absl::Status GrpcConnection::RevokeDevice(const std::string& device_id) {
  v1::RevokeDeviceRequest request;
  request.set_device_id(device_id);
  request.set_request_id(NewRequestId());
  return Unary(access_, &v1::AccessService::Stub::RevokeDevice, request,
               Effect::kWrites)
      .status();
}

absl::StatusOr<std::string> GrpcConnection::CreateGrant(const NewGrant& grant) {
  v1::CreateGrantRequest request = FromNewGrant(grant);
  request.set_request_id(NewRequestId());
  const auto response = Unary(access_, &v1::AccessService::Stub::CreateGrant,
                              request, Effect::kWrites);
  if (!response.ok()) return response.status();
  return response->grant_id();
}

absl::StatusOr<std::vector<Grant>> GrpcConnection::ListGrants(
    std::chrono::seconds ending_within) {
  v1::ListGrantsRequest request;
  request.set_ending_within_seconds(ending_within.count());
  const auto response = Unary(access_, &v1::AccessService::Stub::ListGrants,
                              request, Effect::kReads);
  if (!response.ok()) return response.status();
  return ToVector(response->grants(), ToGrant);
}

absl::Status GrpcConnection::RevokeGrant(const std::string& grant_id) {
  v1::RevokeGrantRequest request;
  request.set_grant_id(grant_id);
  request.set_request_id(NewRequestId());
  return Unary(access_, &v1::AccessService::Stub::RevokeGrant, request,
               Effect::kWrites)
      .status();
}

absl::StatusOr<Enrolment> GrpcConnection::Redeem(
    const std::string& certificate_request) {
  v1::RedeemRequest request;
  request.set_certificate_request(certificate_request);
  const auto response = Unary(enrollment_, &v1::EnrollmentService::Stub::Redeem,
                              request, Effect::kWrites);
  if (!response.ok()) return response.status();
  return ToEnrolment(*response);
}

absl::StatusOr<IssuedCertificate> GrpcConnection::RenewCertificate(
    const std::string& certificate_request) {
  v1::RenewRequest request;
  request.set_certificate_request(certificate_request);
  const auto response = Unary(enrollment_, &v1::EnrollmentService::Stub::Renew,
                              request, Effect::kWrites);
  if (!response.ok()) return response.status();
  return IssuedCertificate{response->certificate(), response->ca_certificate()};
}

}  // namespace sodality::internal
