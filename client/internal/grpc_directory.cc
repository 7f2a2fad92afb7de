#include <memory>
#include <utility>

#include "client/internal/convert.h"
#include "client/internal/grpc_connection.h"
#include "client/internal/retry.h"
#include "crypto/random.h"
#include "text/base32.h"

namespace sodality::internal {
namespace {

std::unique_ptr<Caller> MakeCaller(const Transport& transport,
                                   const std::string& address,
                                   Options options) {
  options.sleep = PauseOn(transport, std::move(options.sleep));
  return std::make_unique<RetryingCaller>(
      std::make_unique<DiagnosingCaller>(std::make_unique<DirectCaller>(),
                                         transport),
      address, std::move(options));
}

Options Once(Options options) {
  options.max_attempts = 1;
  return options;
}

// Values of the changed fields and the mask that names them.
template <typename Request>
void SetChanges(const MemberEdit& edit, Request* request) {
  request->set_revision(edit.revision);
  for (const Field& change : edit.changes) {
    request->add_update_mask(change.name);
    if (!change.values.empty()) *request->add_fields() = FromField(change);
  }
  request->set_request_id(NewRequestId());
}

}  // namespace

std::string NewRequestId() {
  return text::EncodeBase32(crypto::RandomId(crypto::SystemRandom()));
}

GrpcConnection::GrpcConnection(const Credentials& credentials, Options options)
    : transport_(OpenTransport(credentials)),
      caller_(MakeCaller(transport_, credentials.address, options)),
      stream_caller_(
          MakeCaller(transport_, credentials.address, Once(options))),
      options_(std::move(options)),
      system_(transport_.channel),
      directory_(transport_.channel),
      roster_(transport_.channel),
      enrollment_(transport_.channel),
      access_(transport_.channel),
      keys_(transport_.channel),
      approvals_(transport_.channel),
      backups_(transport_.channel),
      ledger_(transport_.channel) {}

absl::StatusOr<Member> GrpcConnection::GetMember(const MemberRequest& request) {
  auto response = Unary(directory_, &v1::DirectoryService::Stub::GetMember,
                        FromMemberRequest(request), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToMember(*response->mutable_member());
}

absl::StatusOr<MemberPage> GrpcConnection::SearchMembers(
    const MemberQuery& query) {
  auto response = Unary(directory_, &v1::DirectoryService::Stub::SearchMembers,
                        FromMemberQuery(query), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToMemberPage(*response);
}

absl::StatusOr<Written> GrpcConnection::CreateMember(const NewMember& member) {
  v1::CreateMemberRequest request;
  for (const Field& field : member.fields) {
    *request.add_fields() = FromField(field);
  }
  request.set_grant_id(member.grant_id);
  request.set_request_id(NewRequestId());
  const auto response =
      Unary(directory_, &v1::DirectoryService::Stub::CreateMember, request,
            Effect::kWrites);
  if (!response.ok()) return response.status();
  return Written{response->member_id(), response->revision()};
}

absl::StatusOr<Written> GrpcConnection::UpdateMember(const MemberEdit& edit) {
  v1::UpdateMemberRequest request;
  request.set_member_id(edit.member_id);
  request.set_grant_id(edit.grant_id);
  SetChanges(edit, &request);
  const auto response =
      Unary(directory_, &v1::DirectoryService::Stub::UpdateMember, request,
            Effect::kWrites);
  if (!response.ok()) return response.status();
  return Written{edit.member_id, response->revision()};
}

absl::Status GrpcConnection::DeleteMember(const MemberErasure& erasure) {
  v1::DeleteMemberRequest request;
  request.set_member_id(erasure.member_id);
  request.set_grant_id(erasure.grant_id);
  request.set_request_id(NewRequestId());
  return Unary(directory_, &v1::DirectoryService::Stub::DeleteMember, request,
               Effect::kWrites)
      .status();
}

absl::StatusOr<Member> GrpcConnection::GetSelf() {
  auto response = Unary(directory_, &v1::DirectoryService::Stub::GetSelf,
                        v1::GetSelfRequest(), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToMember(*response->mutable_member());
}

absl::StatusOr<Written> GrpcConnection::UpdateSelf(const MemberEdit& edit) {
  v1::UpdateSelfRequest request;
  SetChanges(edit, &request);
  const auto response =
      Unary(directory_, &v1::DirectoryService::Stub::UpdateSelf, request,
            Effect::kWrites);
  if (!response.ok()) return response.status();
  return Written{"", response->revision()};
}

absl::Status GrpcConnection::DeleteSelf() {
  v1::DeleteSelfRequest request;
  request.set_request_id(NewRequestId());
  return Unary(directory_, &v1::DirectoryService::Stub::DeleteSelf, request,
               Effect::kWrites)
      .status();
}

}  // namespace sodality::internal
