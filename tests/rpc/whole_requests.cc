#include "tests/rpc/whole_requests.h"

#include <chrono>

#include "crypto/pki/csr.h"
#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "sodality/v1/access.pb.h"
#include "sodality/v1/directory.pb.h"
#include "sodality/v1/enrollment.pb.h"
#include "sodality/v1/keys.pb.h"
#include "sodality/v1/roster.pb.h"

namespace sodality::rpc {
namespace {

using Messages = WholeRequests::Messages;

v1::Field FieldOf(const std::string& name, const std::string& value) {
  v1::Field field;
  field.set_name(name);
  field.add_values(value);
  return field;
}

std::string CertificateRequest() {
  const auto key = pki::PrivateKey::Generate();
  const auto request = pki::CertificateRequest::Create(*key);
  return std::string(crypto::AsText(request->der()));
}

// Its one message.
Messages Serialised(const google::protobuf::Message& message) {
  return {message.SerializeAsString()};
}

}  // namespace

std::string WholeRequests::NewId() {
  return FormatId(chapter_.NewRequest().bytes);
}

Messages WholeRequests::Of(std::string_view method) {
  for (const auto& request : {Look(method), Write(method), Access(method)}) {
    if (!request.empty()) return request;
  }
  return {""};  // Whole without any field.
}

Messages WholeRequests::Look(std::string_view method) const {
  if (method == method::kGetMember) {
    v1::GetMemberRequest request;
    request.set_member_id(FormatId(member_.bytes));
    return Serialised(request);
  }
  if (method == method::kSearchMembers) {
    v1::SearchMembersRequest request;
    request.add_words("ana");
    return Serialised(request);
  }
  if (method == method::kLookup) {
    v1::LookupRequest request;
    request.add_queries()->mutable_search()->add_words("ana");
    return Serialised(request);
  }
  return {};
}

Messages WholeRequests::Write(std::string_view method) {
  if (method == method::kCreateMember) {
    v1::CreateMemberRequest request;
    *request.add_fields() = FieldOf("given_name", "New");
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kUpdateMember) {
    v1::UpdateMemberRequest request;
    request.set_member_id(FormatId(member_.bytes));
    *request.add_fields() = FieldOf("pronouns", "she");
    request.add_update_mask("pronouns");
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kDeleteMember) {
    v1::DeleteMemberRequest request;
    request.set_member_id(NewId());
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kUpdateSelf) {
    v1::UpdateSelfRequest request;
    *request.add_fields() = FieldOf("pronouns", "she");
    request.add_update_mask("pronouns");
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kPushRoster) {
    v1::PushRosterRequest header;
    header.mutable_header()->set_source("test");
    v1::PushRosterRequest batch;
    v1::RosterRow& row = *batch.mutable_batch()->add_rows();
    row.set_row(1);
    *row.add_fields() = FieldOf("given_name", "Roswitha");
    *row.add_fields() = FieldOf("external_id", "R1");
    return {header.SerializeAsString(), batch.SerializeAsString()};
  }
  return {};
}

Messages WholeRequests::Access(std::string_view method) {
  if (method == method::kRedeem || method == method::kRenew) {
    v1::RenewRequest request;  // Of the same shape as RedeemRequest.
    request.set_certificate_request(CertificateRequest());
    return Serialised(request);
  }
  if (method == method::kCreateInvite) {
    v1::CreateInviteRequest request;
    request.set_name("Invited " + std::to_string(++invited_));
    request.set_role("coordinator");
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kSuspendPrincipal) {
    v1::SuspendPrincipalRequest request;
    request.set_principal("nobody");
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kRevokeDevice) {
    v1::RevokeDeviceRequest request;
    request.set_device_id(NewId());
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kCreateGrant) {
    v1::CreateGrantRequest request;
    request.set_principal("nobody");
    request.set_role("coordinator");
    request.add_classes("basic");
    request.set_purpose("test");
    request.set_not_after(platform::FormatTimestamp(chapter_.clock().Now() +
                                                    std::chrono::hours(1)));
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kRotateKey) {
    v1::RotateKeyRequest request;
    request.set_kind("page");
    request.set_request_id(NewId());
    return Serialised(request);
  }
  if (method == method::kReencrypt) {
    v1::ReencryptRequest request;
    request.set_request_id("none");  // Begun, it would change what follows.
    return Serialised(request);
  }
  if (method == method::kRevokeGrant) {
    v1::RevokeGrantRequest request;
    request.set_grant_id(NewId());
    request.set_request_id(NewId());
    return Serialised(request);
  }
  return {};
}

}  // namespace sodality::rpc
