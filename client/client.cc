#include "client/include/sodality/client.h"

namespace sodality {

absl::StatusOr<ServerStatus> Client::GetStatus() const {
  return connection_->GetStatus();
}

absl::StatusOr<std::vector<SchemaField>> Client::GetSchema() const {
  return connection_->GetSchema();
}

absl::StatusOr<Member> Client::Get(const MemberRequest& request) const {
  return connection_->GetMember(request);
}

absl::StatusOr<MemberPage> Client::Search(const MemberQuery& query) const {
  return connection_->SearchMembers(query);
}

absl::Status Client::LookUp(const std::string& grant_id, LookupQueries& queries,
                            const LookupVisitor& visit) const {
  return connection_->LookUp(grant_id, queries, visit);
}

absl::StatusOr<Written> Client::Create(const NewMember& member) const {
  return connection_->CreateMember(member);
}

absl::StatusOr<Written> Client::Update(const MemberEdit& edit) const {
  return connection_->UpdateMember(edit);
}

absl::Status Client::Erase(const MemberErasure& erasure) const {
  return connection_->DeleteMember(erasure);
}

absl::StatusOr<Member> Client::GetSelf() const {
  return connection_->GetSelf();
}

absl::StatusOr<Written> Client::UpdateSelf(const MemberEdit& edit) const {
  return connection_->UpdateSelf(edit);
}

absl::Status Client::EraseSelf() const { return connection_->DeleteSelf(); }

absl::StatusOr<PushResult> Client::PushRoster(const PushOptions& options,
                                              RosterRows& rows) const {
  return connection_->PushRoster(options, rows);
}

absl::StatusOr<IssuedInvite> Client::CreateInvite(
    const NewInvite& invite) const {
  return connection_->CreateInvite(invite);
}

absl::StatusOr<std::vector<Principal>> Client::ListPrincipals() const {
  return connection_->ListPrincipals();
}

absl::Status Client::SuspendPrincipal(const std::string& principal) const {
  return connection_->SuspendPrincipal(principal, /*lift=*/false);
}

absl::Status Client::LiftSuspension(const std::string& principal) const {
  return connection_->SuspendPrincipal(principal, /*lift=*/true);
}

absl::StatusOr<std::vector<Device>> Client::ListDevices() const {
  return connection_->ListDevices();
}

absl::Status Client::RevokeDevice(const std::string& device_id) const {
  return connection_->RevokeDevice(device_id);
}

absl::StatusOr<std::string> Client::CreateGrant(const NewGrant& grant) const {
  return connection_->CreateGrant(grant);
}

absl::StatusOr<std::vector<Grant>> Client::ListGrants() const {
  return connection_->ListGrants(std::chrono::seconds(0));
}

absl::StatusOr<std::vector<Grant>> Client::ListGrantsEndingWithin(
    std::chrono::seconds window) const {
  return connection_->ListGrants(window);
}

absl::Status Client::RevokeGrant(const std::string& grant_id) const {
  return connection_->RevokeGrant(grant_id);
}

absl::StatusOr<KeyList> Client::ListKeys() const {
  return connection_->ListKeys();
}

absl::StatusOr<KeyRotation> Client::RotateKey(const std::string& kind) const {
  return connection_->RotateKey(kind);
}

absl::StatusOr<KeyRotation> Client::Reencrypt() const {
  return connection_->Reencrypt();
}

absl::Status Client::WatchRotation(const std::string& rotation_id,
                                   const RotationVisitor& visit) const {
  return connection_->WatchRotation(rotation_id, visit);
}

absl::Status Client::RegisterApprovalKey(const std::string& public_key,
                                         const std::string& proof) const {
  return connection_->RegisterApprovalKey(public_key, proof);
}

absl::StatusOr<PendingAct> Client::ProposeAct(
    const std::string& form, const std::string& signature) const {
  return connection_->ProposeAct(form, signature);
}

absl::StatusOr<std::vector<PendingAct>> Client::ListActs() const {
  return connection_->ListActs();
}

absl::StatusOr<PendingAct> Client::ApproveAct(
    const std::string& act_id, const std::string& signature) const {
  return connection_->ApproveAct(act_id, signature);
}

absl::StatusOr<PendingAct> Client::RefuseAct(const std::string& act_id) const {
  return connection_->RefuseAct(act_id);
}

absl::StatusOr<BackupInfo> Client::CreateBackup(const BackupSink& sink) const {
  return connection_->CreateBackup(sink);
}

absl::StatusOr<LedgerPage> Client::ListLedger(const LedgerQuery& query) const {
  return connection_->ListLedger(query);
}

absl::StatusOr<LedgerPage> Client::ListOwnLedger(
    const LedgerQuery& query) const {
  return connection_->ListOwnLedger(query);
}

absl::StatusOr<LedgerHead> Client::GetLedgerHead() const {
  return connection_->GetLedgerHead();
}

absl::StatusOr<LedgerHead> Client::StreamLeaves(
    uint64_t first, const LeafVisitor& visit) const {
  return connection_->StreamLeaves(first, visit);
}

absl::StatusOr<Enrolment> Client::Redeem(const std::string& request_der) const {
  return connection_->Redeem(request_der);
}

absl::StatusOr<IssuedCertificate> Client::RenewCertificate(
    const std::string& request_der) const {
  return connection_->RenewCertificate(request_der);
}

}  // namespace sodality
