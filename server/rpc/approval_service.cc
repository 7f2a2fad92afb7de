#include <algorithm>
#include <span>
#include <string>

#include "crypto/secret.h"
#include "server/core/access/approvals.h"
#include "server/rpc/call_gate.h"
#include "server/rpc/convert.h"
#include "server/rpc/convert_acts.h"
#include "server/rpc/services.h"
#include "sodality/v1/approvals.grpc.pb.h"

namespace sodality::rpc {
namespace {

// Exactly as long as `out`.
absl::Status ParseBytes(std::string_view bytes, std::string_view field,
                        std::span<uint8_t> out) {
  if (bytes.size() != out.size()) return InvalidValue(field, "wrong length");
  std::ranges::copy(crypto::AsBytes(bytes), out.begin());
  return absl::OkStatus();
}

absl::Status Register(const Call& call,
                      const v1::RegisterApprovalKeyRequest& request) {
  crypto::PublicKey key;
  crypto::Signature proof;
  auto s = ParseBytes(request.public_key(), "public_key", key.bytes);
  if (s.ok()) s = ParseBytes(request.proof(), "proof", proof.bytes);
  if (!s.ok()) return s;
  return call.chapter().approvals().RegisterKey(call.caller(), key, proof);
}

absl::Status Propose(const Call& call, const v1::ProposeActRequest& request,
                     v1::PendingAct& out) {
  crypto::Signature signature;
  auto s = ParseBytes(request.signature(), "signature", signature.bytes);
  if (!s.ok()) return s;
  const auto standing = call.chapter().approvals().Propose(
      call.caller(), crypto::AsBytes(request.form()), signature);
  if (!standing.ok()) return standing.status();
  FillAct(*standing, call.chapter().access(), out);
  return absl::OkStatus();
}

absl::Status Approve(const Call& call, const v1::ApproveActRequest& request,
                     v1::PendingAct& out) {
  const auto id = ParseId<core::ActId>(request.act_id(), "act_id");
  if (!id.ok()) return id.status();
  crypto::Signature signature;
  auto s = ParseBytes(request.signature(), "signature", signature.bytes);
  if (!s.ok()) return s;
  const auto standing =
      call.chapter().approvals().Approve(call.caller(), *id, signature);
  if (!standing.ok()) return standing.status();
  FillAct(*standing, call.chapter().access(), out);
  return absl::OkStatus();
}

absl::Status Refuse(const Call& call, const v1::RefuseActRequest& request,
                    v1::PendingAct& out) {
  const auto id = ParseId<core::ActId>(request.act_id(), "act_id");
  if (!id.ok()) return id.status();
  const auto standing = call.chapter().approvals().Refuse(call.caller(), *id);
  if (!standing.ok()) return standing.status();
  FillAct(*standing, call.chapter().access(), out);
  return absl::OkStatus();
}

class ApprovalService final : public v1::ApprovalService::Service {
 public:
  explicit ApprovalService(const CallGate& gate) : gate_(gate) {}

  grpc::Status RegisterApprovalKey(
      grpc::ServerContext* context,
      const v1::RegisterApprovalKeyRequest* request,
      v1::RegisterApprovalKeyResponse*) override {
    return gate_.Run(
        *context, method::kRegisterApprovalKey,
        [&](const Call& call) { return Register(call, *request); });
  }

  grpc::Status ProposeAct(grpc::ServerContext* context,
                          const v1::ProposeActRequest* request,
                          v1::ProposeActResponse* response) override {
    return gate_.Run(*context, method::kProposeAct, [&](const Call& call) {
      return Propose(call, *request, *response->mutable_act());
    });
  }

  grpc::Status ListActs(grpc::ServerContext* context,
                        const v1::ListActsRequest*,
                        v1::ListActsResponse* response) override {
    return gate_.Run(*context, method::kListActs, [&](const Call& call) {
      for (const auto& standing : call.chapter().approvals().List()) {
        FillAct(standing, call.chapter().access(), *response->add_acts());
      }
      return absl::OkStatus();
    });
  }

  grpc::Status ApproveAct(grpc::ServerContext* context,
                          const v1::ApproveActRequest* request,
                          v1::ApproveActResponse* response) override {
    return gate_.Run(*context, method::kApproveAct, [&](const Call& call) {
      return Approve(call, *request, *response->mutable_act());
    });
  }

  grpc::Status RefuseAct(grpc::ServerContext* context,
                         const v1::RefuseActRequest* request,
                         v1::RefuseActResponse* response) override {
    return gate_.Run(*context, method::kRefuseAct, [&](const Call& call) {
      return Refuse(call, *request, *response->mutable_act());
    });
  }

 private:
  const CallGate& gate_;
};

}  // namespace

ServicePtr MakeApprovalService(const CallGate& gate) {
  return std::make_unique<ApprovalService>(gate);
}

}  // namespace sodality::rpc
