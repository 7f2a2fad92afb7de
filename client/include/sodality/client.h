// The client library's front. Make a connection (connect.h), put it into a
// Client, call. Read next: types.h, error_info.h, options.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_CLIENT_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_CLIENT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sodality/connection.h"

namespace sodality {

// A directory, as one enrolled device may see it. A value: copies share the
// connection and cost a pointer.
//
// Performance: making a Client is free; the first call connects (one TLS
// handshake). Reuse it. Each look-up waits for the server's durable record.
//
// Thread safety: const use from several threads is safe.
//
// Retries and deadlines: Options. A call that fails with UNAVAILABLE was given
// up after several attempts; DEADLINE_EXCEEDED: nobody knows whether a write
// was applied, so look before you repeat it.
//
// Errors of every call, each with ErrorInfo (error_info.h):
//   UNAUTHENTICATED    not enrolled, certificate expired or revoked
//   PERMISSION_DENIED  no grant in force, or the role is not allowed
//   UNAVAILABLE        the server cannot be reached, or is sealed (SEALED)
//   DEADLINE_EXCEEDED  no answer in time
//   INVALID_ARGUMENT   a value is wrong or a field unknown
//   FAILED_PRECONDITION several grants are in force and none was named
//   RESOURCE_EXHAUSTED a budget is used up; retry_at says until when
//   NOT_FOUND          absent or forbidden: the two look alike
//   ABORTED            stale revision; ALREADY_EXISTS external id is taken
//
// Example:
//   const sodality::Client client(connection);
//   const auto page = client.Search({.words = {"maria", "gonz"}});
//   if (!page.ok()) return page.status();
//   for (const sodality::Member& member : page->members) Show(member);
class Client final {
 public:
  // `connection` is not null.
  explicit Client(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  // Who the caller is, what they hold, and how the server is.
  absl::StatusOr<ServerStatus> GetStatus() const;
  // The fields that the caller's grants show; an admin's: all.
  absl::StatusOr<std::vector<SchemaField>> GetSchema() const;

  // One member, as far as the grant shows. Recorded by the server and charged
  // to the grant before it answers. NOT_FOUND (MEMBER_NOT_FOUND).
  absl::StatusOr<Member> Get(const MemberRequest& request) const;
  // One page of those that match. Every member shown is recorded and charged as
  // in Get, and over budget nobody is shown; no match is an empty page, and
  // recorded too.
  absl::StatusOr<MemberPage> Search(const MemberQuery& query) const;
  // Asks all of `queries` on one stream, through one grant (the only one in
  // force when `grant_id` is empty); for programs that ask much. Each question
  // is recorded and charged as in Get and Search, and has those calls' errors
  // as its answer. Blocks until every answer was visited, on this thread.
  // Errors of its own: those of every call, of `queries` and of `visit`.
  //
  // Example:
  //   GetEach queries(ids);
  //   const auto visit = [&](uint64_t question, auto answer) -> absl::Status {
  //     if (absl::IsNotFound(answer.status())) {
  //       missing.push_back(ids[question]);
  //       return absl::OkStatus();
  //     }
  //     if (!answer.ok()) return answer.status();
  //     Show(std::get<sodality::Member>(*answer));
  //     return absl::OkStatus();
  //   };
  //   const absl::Status status = client.LookUp("", queries, visit);
  absl::Status LookUp(const std::string& grant_id, LookupQueries& queries,
                      const LookupVisitor& visit) const;
  // Adds a member. This and every other write is applied once, however often
  // the network made the library try. ALREADY_EXISTS (EXTERNAL_ID_TAKEN);
  // PERMISSION_DENIED (OUT_OF_SCOPE).
  absl::StatusOr<Written> Create(const NewMember& member) const;
  // Changes a member. NOT_FOUND as Get, ABORTED (STALE_REVISION), and as
  // Create.
  absl::StatusOr<Written> Update(const MemberEdit& edit) const;
  // Erases a member, for good; role admin. What the ledger has of them becomes
  // unreadable. NOT_FOUND as Get.
  absl::Status Erase(const MemberErasure& erasure) const;

  // One's own record, whole; role member. Needs no grant, is recorded.
  absl::StatusOr<Member> GetSelf() const;
  // Changes it; role member. PERMISSION_DENIED (FIELD_NOT_YOURS) for a field
  // that the schema does not mark self_edit; ABORTED as Update.
  absl::StatusOr<Written> UpdateSelf(const MemberEdit& edit) const;
  // Erases it and ends the caller's access; role member. Nothing works
  // afterwards.
  absl::Status EraseSelf() const;

  // Sends `rows` to the end; role admin or source. Bad rows are reported, good
  // ones stored, some hundreds at a time. Never tried again by the library;
  // pushing again changes nothing that is done, but adds rows that have no
  // external id, e-mail or phone a second time. Blocks. Errors of `rows` are
  // answered as they are.
  absl::StatusOr<PushResult> PushRoster(const PushOptions& options,
                                        RosterRows& rows) const;

  // Makes a secret that enrols one device, once, and is shown only here; role
  // admin. NOT_FOUND for a member whom the caller's grants do not cover.
  absl::StatusOr<IssuedInvite> CreateInvite(const NewInvite& invite) const;
  // By name. Any role; who is no admin sees themself alone.
  absl::StatusOr<std::vector<Principal>> ListPrincipals() const;
  // By id, or by a name that only one has: no device of theirs may call; role
  // admin. NOT_FOUND; FAILED_PRECONDITION (LAST_ADMIN).
  absl::Status SuspendPrincipal(const std::string& principal) const;
  // Undoes SuspendPrincipal; role admin. NOT_FOUND.
  absl::Status LiftSuspension(const std::string& principal) const;
  // Any role; who is no admin sees their own alone.
  absl::StatusOr<std::vector<Device>> ListDevices() const;
  // For good; role admin, or one's own device. NOT_FOUND; FAILED_PRECONDITION
  // (LAST_ADMIN).
  absl::Status RevokeDevice(const std::string& device_id) const;
  // Answers the new grant's id; role admin. PERMISSION_DENIED (OWN_GRANT);
  // NOT_FOUND for the principal.
  absl::StatusOr<std::string> CreateGrant(const NewGrant& grant) const;
  // By end. Any role; who is no admin or auditor sees their own alone.
  absl::StatusOr<std::vector<Grant>> ListGrants() const;
  // Of ListGrants those in force that end within `window`, whole seconds; zero:
  // all grants.
  absl::StatusOr<std::vector<Grant>> ListGrantsEndingWithin(
      std::chrono::seconds window) const;
  // For good, and bites on the next message, of open streams too; role admin,
  // or one's own grant. NOT_FOUND.
  absl::Status RevokeGrant(const std::string& grant_id) const;

  // Every version of the server's keys, and the rotation that runs; role admin.
  // Not recorded.
  absl::StatusOr<KeyList> ListKeys() const;
  // Makes a new version of the key of `kind`, "wrap", "index" or "page", which
  // seals every write from then on; the server brings the records under it
  // while the directory is in use, and look-ups find everybody all the time. Of
  // kind "root": a new key that opens the keyring in the old one's place. Role
  // admin. FAILED_PRECONDITION (ROTATION_RUNNING, NO_ROOT_KEY_FILE);
  // INVALID_ARGUMENT (INVALID_VALUE) for another kind.
  absl::StatusOr<KeyRotation> RotateKey(const std::string& kind) const;
  // Makes a new version of the wrap key, and the server seals every record anew
  // under a fresh key of its own while the directory is in use: after a key may
  // have leaked. It takes nothing from who has a copy of the data already. Role
  // admin. FAILED_PRECONDITION (ROTATION_RUNNING).
  absl::StatusOr<KeyRotation> Reencrypt() const;
  // Visits how far the rotation is, at most some times a second, and returns
  // when it has ended: that of `rotation_id`, or, when empty, whichever runs.
  // OK at once when none does. One that was given up is visited as such last.
  // Role admin. Blocks; calls `visit` on this
  // thread. Errors of `visit` are answered as they are. After UNAVAILABLE or
  // DEADLINE_EXCEEDED the rotation goes on: watch again.
  absl::Status WatchRotation(const std::string& rotation_id,
                             const RotationVisitor& visit) const;

  // Acts that nobody does alone; role admin for all of these, and recorded but
  // for the list. `form` is of docs/formats-pki.md "Acts", a signature Ed25519
  // by this device's approval key over it: 64 bytes. The sodality command makes
  // both.
  //
  // The key's public half, once; `proof` is by it. PERMISSION_DENIED
  // (BAD_APPROVAL): it is none, or another key is registered.
  absl::Status RegisterApprovalKey(const std::string& public_key,
                                   const std::string& proof) const;
  // The signature is the proposer's approval. INVALID_ARGUMENT;
  // PERMISSION_DENIED (BAD_APPROVAL); FAILED_PRECONDITION (KEY_IN_USE,
  // ROTATION_RUNNING, NO_ROOT_KEY_FILE); RESOURCE_EXHAUSTED (RATE_LIMITED).
  absl::StatusOr<PendingAct> ProposeAct(const std::string& form,
                                        const std::string& signature) const;
  // Oldest first.
  absl::StatusOr<std::vector<PendingAct>> ListActs() const;
  // Does it when enough have approved, and returns when it is done. NOT_FOUND;
  // PERMISSION_DENIED (BAD_APPROVAL); FAILED_PRECONDITION (ACT_ENDED,
  // KEY_IN_USE, ROTATION_RUNNING, NO_ROOT_KEY_FILE).
  absl::StatusOr<PendingAct> ApproveAct(const std::string& act_id,
                                        const std::string& signature) const;
  // Ends one that is pending. NOT_FOUND; FAILED_PRECONDITION (ACT_ENDED).
  absl::StatusOr<PendingAct> RefuseAct(const std::string& act_id) const;

  // A backup of the whole chapter as of one moment, encrypted to its root key,
  // made while the directory is in use; role admin. Blocks for as long as the
  // server copies and sends; calls `sink` on this thread with the bytes in
  // order. Recorded. What the sink has is a backup only after OK; errors of the
  // sink are answered as they are. FAILED_PRECONDITION (BACKUP_RUNNING);
  // RESOURCE_EXHAUSTED (DISK_FULL): of the server's; UNAVAILABLE (CUT_OFF).
  absl::StatusOr<BackupInfo> CreateBackup(const BackupSink& sink) const;

  // A page of the record of everybody's acts; role admin or auditor.
  absl::StatusOr<LedgerPage> ListLedger(const LedgerQuery& query) const;
  // Who looked at the caller's own record; role member.
  absl::StatusOr<LedgerPage> ListOwnLedger(const LedgerQuery& query) const;
  // The newest head, to be remembered and compared; any role. Its signature is
  // the caller's to verify.
  absl::StatusOr<LedgerHead> GetLedgerHead() const;
  // Visits the leaves from entry `first` on; answers the head that follows.
  // Role admin or auditor. 0 as 1. Blocks; calls `visit` on this thread. Errors
  // of `visit` are answered as they are.
  absl::StatusOr<LedgerHead> StreamLeaves(uint64_t first,
                                          const LeafVisitor& visit) const;

  // Over a connection made with an invite's credentials, and nothing else
  // works over that one. Repeating it with the same key is safe until the
  // invite expires. `request_der` is PKCS#10 for a fresh P-256 key, at most
  // 4 KiB. PERMISSION_DENIED (INVITE_USED) for another key; INVALID_ARGUMENT
  // (BAD_REQUEST_CERTIFICATE).
  absl::StatusOr<Enrolment> Redeem(const std::string& request_der) const;
  // A fresh certificate for the calling device; the old one stays good for its
  // own time. Any role. `request_der` as in Redeem; may carry a new key.
  absl::StatusOr<IssuedCertificate> RenewCertificate(
      const std::string& request_der) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_CLIENT_H_
