// The Connection that talks gRPC. Its methods stand in grpc_directory.cc,
// grpc_lookup.cc, grpc_access.cc, grpc_keys.cc, grpc_approvals.cc,
// grpc_backup.cc and grpc_ledger.cc.
#ifndef SODALITY_CLIENT_INTERNAL_GRPC_CONNECTION_H_
#define SODALITY_CLIENT_INTERNAL_GRPC_CONNECTION_H_

#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <vector>

#include "client/include/sodality/connection.h"
#include "client/include/sodality/options.h"
#include "client/internal/caller.h"
#include "client/internal/transport.h"
#include "sodality/v1/access.grpc.pb.h"
#include "sodality/v1/approvals.grpc.pb.h"
#include "sodality/v1/backup.grpc.pb.h"
#include "sodality/v1/directory.grpc.pb.h"
#include "sodality/v1/enrollment.grpc.pb.h"
#include "sodality/v1/keys.grpc.pb.h"
#include "sodality/v1/ledger.grpc.pb.h"
#include "sodality/v1/roster.grpc.pb.h"
#include "sodality/v1/system.grpc.pb.h"

namespace sodality::internal {

// 26 base32 characters, fresh for each act and the same for its attempts.
std::string NewRequestId();

class GrpcConnection final : public Connection {
 public:
  GrpcConnection(const Credentials& credentials, Options options);

  absl::StatusOr<ServerStatus> GetStatus() override;
  absl::StatusOr<std::vector<SchemaField>> GetSchema() override;

  absl::StatusOr<Member> GetMember(const MemberRequest& request) override;
  absl::StatusOr<MemberPage> SearchMembers(const MemberQuery& query) override;
  absl::Status LookUp(const std::string& grant_id, LookupQueries& queries,
                      const LookupVisitor& visit) override;
  absl::StatusOr<Written> CreateMember(const NewMember& member) override;
  absl::StatusOr<Written> UpdateMember(const MemberEdit& edit) override;
  absl::Status DeleteMember(const MemberErasure& erasure) override;
  absl::StatusOr<Member> GetSelf() override;
  absl::StatusOr<Written> UpdateSelf(const MemberEdit& edit) override;
  absl::Status DeleteSelf() override;

  absl::StatusOr<PushResult> PushRoster(const PushOptions& options,
                                        RosterRows& rows) override;

  absl::StatusOr<IssuedInvite> CreateInvite(const NewInvite& invite) override;
  absl::StatusOr<std::vector<Principal>> ListPrincipals() override;
  absl::Status SuspendPrincipal(const std::string& principal,
                                bool lift) override;
  absl::StatusOr<std::vector<Device>> ListDevices() override;
  absl::Status RevokeDevice(const std::string& device_id) override;
  absl::StatusOr<std::string> CreateGrant(const NewGrant& grant) override;
  absl::StatusOr<std::vector<Grant>> ListGrants(
      std::chrono::seconds ending_within) override;
  absl::Status RevokeGrant(const std::string& grant_id) override;

  absl::StatusOr<KeyList> ListKeys() override;
  absl::StatusOr<KeyRotation> RotateKey(const std::string& kind) override;
  absl::StatusOr<KeyRotation> Reencrypt() override;
  absl::Status WatchRotation(const std::string& rotation_id,
                             const RotationVisitor& visit) override;

  absl::Status RegisterApprovalKey(const std::string& public_key,
                                   const std::string& proof) override;
  absl::StatusOr<PendingAct> ProposeAct(const std::string& form,
                                        const std::string& signature) override;
  absl::StatusOr<std::vector<PendingAct>> ListActs() override;
  absl::StatusOr<PendingAct> ApproveAct(const std::string& act_id,
                                        const std::string& signature) override;
  absl::StatusOr<PendingAct> RefuseAct(const std::string& act_id) override;

  absl::StatusOr<BackupInfo> CreateBackup(const BackupSink& sink) override;

  absl::StatusOr<LedgerPage> ListLedger(const LedgerQuery& query) override;
  absl::StatusOr<LedgerPage> ListOwnLedger(const LedgerQuery& query) override;
  absl::StatusOr<LedgerHead> GetLedgerHead() override;
  absl::StatusOr<LedgerHead> StreamLeaves(uint64_t first,
                                          const LeafVisitor& visit) override;

  absl::StatusOr<Enrolment> Redeem(
      const std::string& certificate_request) override;
  absl::StatusOr<IssuedCertificate> RenewCertificate(
      const std::string& certificate_request) override;

 private:
  // One unary call through the chain of callers.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Unary(
      Stub& stub,
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request, Effect effect) {
    Response response;
    const absl::Status status =
        caller_->Run({[&](grpc::ClientContext& context) {
                        response.Clear();
                        return (stub.*method)(&context, request, &response);
                      },
                      effect, options_.deadline});
    if (!status.ok()) return status;
    return response;
  }

  // A stream, once: it is not repeated.
  absl::Status Stream(const Attempt& attempt, Effect effect) {
    return stream_caller_->Run({attempt, effect, options_.stream_deadline});
  }

  const Transport transport_;
  const std::unique_ptr<Caller> caller_;
  const std::unique_ptr<Caller> stream_caller_;
  const Options options_;
  v1::SystemService::Stub system_;
  v1::DirectoryService::Stub directory_;
  v1::RosterService::Stub roster_;
  v1::EnrollmentService::Stub enrollment_;
  v1::AccessService::Stub access_;
  v1::KeyService::Stub keys_;
  v1::ApprovalService::Stub approvals_;
  v1::BackupService::Stub backups_;
  v1::LedgerService::Stub ledger_;
};

}  // namespace sodality::internal

#endif  // SODALITY_CLIENT_INTERNAL_GRPC_CONNECTION_H_
