// The seam between what a program asks for and how it gets there. Programs use
// Client (client.h); tests put MockConnection (mock_connection.h) here;
// connect.h makes the one that talks to a server.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_CONNECTION_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_CONNECTION_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sodality/access_types.h"
#include "sodality/approval_types.h"
#include "sodality/backup_types.h"
#include "sodality/key_types.h"
#include "sodality/ledger_types.h"
#include "sodality/types.h"

namespace sodality {

// Rows of a roster, pulled as fast as the server takes them.
class RosterRows {
 public:
  virtual ~RosterRows() = default;
  // The next rows, at most 500; empty: that was all. An error ends the push
  // and is what PushRoster answers.
  virtual absl::StatusOr<std::vector<RosterRow>> Next() = 0;
};

// Questions for one stream, pulled as fast as the server takes them.
//
// Example:
//   class GetEach final : public sodality::LookupQueries {
//    public:
//     explicit GetEach(std::vector<std::string> ids) : ids_(std::move(ids)) {}
//     absl::StatusOr<std::vector<sodality::LookupQuery>> Next() override {
//       std::vector<sodality::LookupQuery> questions;
//       for (const std::string& id : std::exchange(ids_, {})) {
//         questions.push_back(sodality::MemberRequest{.member_id = id});
//       }
//       return questions;
//     }
//
//    private:
//     std::vector<std::string> ids_;
//   };
class LookupQueries {
 public:
  virtual ~LookupQueries() = default;
  // The next questions, any number; empty: that was all. An error ends the
  // stream and is what LookUp answers. Called on a thread of the library's, one
  // call at a time. LookUp returns only when Next has, however the stream ends.
  virtual absl::StatusOr<std::vector<LookupQuery>> Next() = 0;
};

// Called with each answer and the number of its question, from 0; in any order.
// An error ends the stream.
using LookupVisitor = std::function<absl::Status(
    uint64_t question, absl::StatusOr<LookupAnswer> answer)>;

// Called with each run of leaves, in order. An error ends the stream.
using LeafVisitor = std::function<absl::Status(const std::vector<LedgerLeaf>&)>;

// Called with how far a rotation is, now and whenever it has come further. An
// error ends the stream.
using RotationVisitor = std::function<absl::Status(const KeyRotation&)>;

// Called with the next bytes of a backup, in order; `backup` is the same each
// time. An error ends the stream.
using BackupSink = std::function<absl::Status(const BackupInfo& backup,
                                              std::string_view bytes)>;

// One method for each of the API. What each does, takes and answers, and its
// errors, is at the method of Client that is named here.
// Thread safety: implementations are safe. Ownership: shared by Clients.
class Connection {
 public:
  virtual ~Connection() = default;

  // Client::GetStatus.
  virtual absl::StatusOr<ServerStatus> GetStatus() = 0;
  // Client::GetSchema.
  virtual absl::StatusOr<std::vector<SchemaField>> GetSchema() = 0;

  // Client::Get.
  virtual absl::StatusOr<Member> GetMember(const MemberRequest&) = 0;
  // Client::Search.
  virtual absl::StatusOr<MemberPage> SearchMembers(const MemberQuery&) = 0;
  // Client::LookUp.
  virtual absl::Status LookUp(const std::string& grant_id, LookupQueries&,
                              const LookupVisitor&) = 0;
  // Client::Create.
  virtual absl::StatusOr<Written> CreateMember(const NewMember&) = 0;
  // Client::Update.
  virtual absl::StatusOr<Written> UpdateMember(const MemberEdit&) = 0;
  // Client::Erase.
  virtual absl::Status DeleteMember(const MemberErasure&) = 0;
  // Client::GetSelf.
  virtual absl::StatusOr<Member> GetSelf() = 0;
  // Client::UpdateSelf.
  virtual absl::StatusOr<Written> UpdateSelf(const MemberEdit&) = 0;
  // Client::EraseSelf.
  virtual absl::Status DeleteSelf() = 0;

  // Client::PushRoster.
  virtual absl::StatusOr<PushResult> PushRoster(const PushOptions&,
                                                RosterRows&) = 0;

  // Client::CreateInvite.
  virtual absl::StatusOr<IssuedInvite> CreateInvite(const NewInvite&) = 0;
  // Client::ListPrincipals.
  virtual absl::StatusOr<std::vector<Principal>> ListPrincipals() = 0;
  // Client::SuspendPrincipal; with `lift`, Client::LiftSuspension.
  virtual absl::Status SuspendPrincipal(const std::string& principal,
                                        bool lift) = 0;
  // Client::ListDevices.
  virtual absl::StatusOr<std::vector<Device>> ListDevices() = 0;
  // Client::RevokeDevice.
  virtual absl::Status RevokeDevice(const std::string& device_id) = 0;
  // Client::CreateGrant.
  virtual absl::StatusOr<std::string> CreateGrant(const NewGrant&) = 0;
  // Client::ListGrants; Client::ListGrantsEndingWithin when it is not zero.
  virtual absl::StatusOr<std::vector<Grant>> ListGrants(
      std::chrono::seconds ending_within) = 0;
  // Client::RevokeGrant.
  virtual absl::Status RevokeGrant(const std::string& grant_id) = 0;

  // Client::ListKeys.
  virtual absl::StatusOr<KeyList> ListKeys() = 0;
  // Client::RotateKey.
  virtual absl::StatusOr<KeyRotation> RotateKey(const std::string& kind) = 0;
  // Client::Reencrypt.
  virtual absl::StatusOr<KeyRotation> Reencrypt() = 0;
  // Client::WatchRotation.
  virtual absl::Status WatchRotation(const std::string& rotation_id,
                                     const RotationVisitor&) = 0;

  // Client::RegisterApprovalKey.
  virtual absl::Status RegisterApprovalKey(const std::string& public_key,
                                           const std::string& proof) = 0;
  // Client::ProposeAct.
  virtual absl::StatusOr<PendingAct> ProposeAct(
      const std::string& form, const std::string& signature) = 0;
  // Client::ListActs.
  virtual absl::StatusOr<std::vector<PendingAct>> ListActs() = 0;
  // Client::ApproveAct.
  virtual absl::StatusOr<PendingAct> ApproveAct(
      const std::string& act_id, const std::string& signature) = 0;
  // Client::RefuseAct.
  virtual absl::StatusOr<PendingAct> RefuseAct(const std::string& act_id) = 0;

  // Client::CreateBackup.
  virtual absl::StatusOr<BackupInfo> CreateBackup(const BackupSink&) = 0;

  // Client::ListLedger.
  virtual absl::StatusOr<LedgerPage> ListLedger(const LedgerQuery&) = 0;
  // Client::ListOwnLedger.
  virtual absl::StatusOr<LedgerPage> ListOwnLedger(const LedgerQuery&) = 0;
  // Client::GetLedgerHead.
  virtual absl::StatusOr<LedgerHead> GetLedgerHead() = 0;
  // Client::StreamLeaves.
  virtual absl::StatusOr<LedgerHead> StreamLeaves(uint64_t first,
                                                  const LeafVisitor&) = 0;

  // Client::Redeem.
  virtual absl::StatusOr<Enrolment> Redeem(
      const std::string& certificate_request) = 0;
  // Client::RenewCertificate.
  virtual absl::StatusOr<IssuedCertificate> RenewCertificate(
      const std::string& certificate_request) = 0;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_CONNECTION_H_
