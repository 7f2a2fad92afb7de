#include "client/internal/convert.h"
#include "client/internal/grpc_connection.h"

namespace sodality::internal {
namespace {

Approval ToApproval(const v1::Approval& message) {
  return {message.principal_id(), message.principal_name(),
          ToTime(message.time())};
}

PendingAct ToPendingAct(const v1::PendingAct& message) {
  PendingAct act;
  act.id = message.id();
  act.form = message.form();
  act.state = message.state();
  act.proposer_name = message.proposer_name();
  act.approvals = ToVector(message.approvals(), ToApproval);
  act.counted = message.counted();
  act.needed = message.needed();
  act.alone_from = ToTime(message.alone_from());
  act.ended = ToTime(message.ended());
  return act;
}

}  // namespace

absl::Status GrpcConnection::RegisterApprovalKey(const std::string& public_key,
                                                 const std::string& proof) {
  v1::RegisterApprovalKeyRequest request;
  request.set_public_key(public_key);
  request.set_proof(proof);
  return Unary(approvals_, &v1::ApprovalService::Stub::RegisterApprovalKey,
               request, Effect::kWrites)
      .status();
}

absl::StatusOr<PendingAct> GrpcConnection::ProposeAct(
    const std::string& form, const std::string& signature) {
  v1::ProposeActRequest request;
  request.set_form(form);
  request.set_signature(signature);
  const auto response =
      Unary(approvals_, &v1::ApprovalService::Stub::ProposeAct, request,
            Effect::kWrites);
  if (!response.ok()) return response.status();
  return ToPendingAct(response->act());
}

absl::StatusOr<std::vector<PendingAct>> GrpcConnection::ListActs() {
  const auto response = Unary(approvals_, &v1::ApprovalService::Stub::ListActs,
                              v1::ListActsRequest(), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToVector(response->acts(), ToPendingAct);
}

absl::StatusOr<PendingAct> GrpcConnection::ApproveAct(
    const std::string& act_id, const std::string& signature) {
  v1::ApproveActRequest request;
  request.set_act_id(act_id);
  request.set_signature(signature);
  const auto response =
      Unary(approvals_, &v1::ApprovalService::Stub::ApproveAct, request,
            Effect::kWrites);
  if (!response.ok()) return response.status();
  return ToPendingAct(response->act());
}

absl::StatusOr<PendingAct> GrpcConnection::RefuseAct(
    const std::string& act_id) {
  v1::RefuseActRequest request;
  request.set_act_id(act_id);
  const auto response = Unary(approvals_, &v1::ApprovalService::Stub::RefuseAct,
                              request, Effect::kWrites);
  if (!response.ok()) return response.status();
  return ToPendingAct(response->act());
}

}  // namespace sodality::internal
