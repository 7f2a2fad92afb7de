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
//   sodality::Client client(sodality::Connect(std::move(credentials)));
//   auto page = client.Search({.words = {"maria", "gonz"}});
//   if (!page.ok()) return page.status();
class Client final {
 public:
  explicit Client(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  // Who the caller is, what they hold, and how the server is.
  absl::StatusOr<ServerStatus> GetStatus() const;
  // The fields that the caller's grants show; an admin's: all.
  absl::StatusOr<std::vector<SchemaField>> GetSchema() const;

  // Every member shown is recorded by the server and charged to the grant.
  absl::StatusOr<Member> Get(const MemberRequest& request) const;
  absl::StatusOr<MemberPage> Search(const MemberQuery& query) const;
  // Asks all of `queries` on one stream, through one grant (the only one in
  // force when `grant_id` is empty); for programs that ask much. Each question
  // is recorded and charged as in Get and Search, and has those calls' errors
  // as its answer. Blocks until every answer was visited, on this thread.
  // Errors of its own: those of every call, of `queries` and of `visit`.
  absl::Status LookUp(const std::string& grant_id, LookupQueries& queries,
                      const LookupVisitor& visit) const;
  // Applied once, however often the network made the library try.
  absl::StatusOr<Written> Create(const NewMember& member) const;
  absl::StatusOr<Written> Update(const MemberEdit& edit) const;
  absl::Status Erase(const MemberErasure& erasure) const;

  // One's own record; role member.
  absl::StatusOr<Member> GetSelf() const;
  absl::StatusOr<Written> UpdateSelf(const MemberEdit& edit) const;
  absl::Status EraseSelf() const;

  // Sends `rows` to the end. Bad rows are reported, good ones stored.
  absl::StatusOr<PushResult> PushRoster(const PushOptions& options,
                                        RosterRows& rows) const;

  absl::StatusOr<IssuedInvite> CreateInvite(const NewInvite& invite) const;
  absl::StatusOr<std::vector<Principal>> ListPrincipals() const;
  absl::Status SuspendPrincipal(const std::string& principal) const;
  absl::Status LiftSuspension(const std::string& principal) const;
  absl::StatusOr<std::vector<Device>> ListDevices() const;
  absl::Status RevokeDevice(const std::string& device_id) const;
  // Answers the new grant's id.
  absl::StatusOr<std::string> CreateGrant(const NewGrant& grant) const;
  absl::StatusOr<std::vector<Grant>> ListGrants() const;
  absl::StatusOr<std::vector<Grant>> ListGrantsEndingWithin(
      std::chrono::seconds window) const;
  absl::Status RevokeGrant(const std::string& grant_id) const;

  absl::StatusOr<LedgerPage> ListLedger(const LedgerQuery& query) const;
  // Who looked at the caller's own record; role member.
  absl::StatusOr<LedgerPage> ListOwnLedger(const LedgerQuery& query) const;
  absl::StatusOr<LedgerHead> GetLedgerHead() const;
  // Visits the leaves from entry `first` on; answers the head that follows.
  absl::StatusOr<LedgerHead> StreamLeaves(uint64_t first,
                                          const LeafVisitor& visit) const;

  // Over a connection made with an invite's credentials, and nothing else
  // works over that one. Repeating it with the same request is safe.
  absl::StatusOr<Enrolment> Redeem(const std::string& request_der) const;
  absl::StatusOr<IssuedCertificate> RenewCertificate(
      const std::string& request_der) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_CLIENT_H_
