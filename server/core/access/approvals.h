// What nobody does alone: acts that are proposed, approved by a second person
// and then done, once (docs/adr/0027-approvals.md). Read next: acts.h,
// crypto/act.h.
#ifndef SODALITY_SERVER_CORE_ACCESS_APPROVALS_H_
#define SODALITY_SERVER_CORE_ACCESS_APPROVALS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/act.h"
#include "crypto/signing.h"
#include "server/core/access/access_writer.h"
#include "server/core/access/acts.h"
#include "server/core/access/types.h"
#include "server/core/chapter.h"
#include "server/core/keys/key_trim.h"

namespace sodality::core {

// An act and how it stands now.
struct ActStanding {
  PendingAct act;
  bool expired = false;    // Pending, and too old to be approved.
  uint32_t approvals = 0;  // Those that count now.
  uint32_t needed = 0;
  // With one admin alone: when that one's approval does it; else nothing.
  std::optional<Timestamp> alone_from;
};

// Thread safety: safe; each call takes its turn among all changes of access.
// Lifetime: borrows what it is given. Errors of every call: PERMISSION_DENIED
// kRoleNotAllowed; UNAUTHENTICATED of a caller who was revoked meanwhile;
// UNAVAILABLE; RESOURCE_EXHAUSTED kDiskFull.
class Approvals final {
 public:
  // How long one admin alone waits.
  static constexpr std::chrono::hours kAloneFor{24};
  // How far a proposer's clock may be from the server's.
  static constexpr std::chrono::minutes kClockSkew{10};
  static constexpr size_t kMostPending = 16;

  Approvals(const DirectoryParts& parts, KeyTrim trim)
      : parts_(parts), writer_(parts), trim_(std::move(trim)) {}

  // For the caller's own device, once; the same again changes nothing. `proof`
  // is over crypto::KeyProofMessage. PERMISSION_DENIED kBadApproval when it is
  // not, or another key is registered.
  absl::Status RegisterKey(const Caller& caller, const crypto::PublicKey& key,
                           const crypto::Signature& proof) const;

  // `form` is of crypto::EncodeAct; the signature of it is the proposer's
  // approval. The same again answers how it stands. INVALID_ARGUMENT
  // kInvalidValue, kRequestIdReused (the id is of another act);
  // PERMISSION_DENIED kBadApproval; RESOURCE_EXHAUSTED kRateLimited when too
  // many are pending; as KeyTrim::CheckOrder and CheckFree.
  absl::StatusOr<ActStanding> Propose(const Caller& caller,
                                      std::span<const uint8_t> form,
                                      const crypto::Signature& signature) const;

  // Does it when enough have approved, and answers when it is done: two people
  // who are admins and live now, by devices that are, or the only admin
  // kAloneFor after they were found to be. Of an act that is being done:
  // goes on with it. NOT_FOUND; FAILED_PRECONDITION kActEnded when it was
  // refused, has expired, or is of before a restore; PERMISSION_DENIED
  // kBadApproval; as KeyTrim::CheckFree and Run.
  absl::StatusOr<ActStanding> Approve(const Caller& caller, const ActId& id,
                                      const crypto::Signature& signature) const;

  // Any admin. NOT_FOUND; FAILED_PRECONDITION kActEnded when it is done, or
  // being done.
  absl::StatusOr<ActStanding> Refuse(const Caller& caller,
                                     const ActId& id) const;

  // All there ever were, oldest first.
  std::vector<ActStanding> List() const;

  // At start, before anybody calls: goes on with what was being done.
  absl::Status Resume() const;

 private:
  absl::StatusOr<ActStanding> ProposeNew(const Caller& caller,
                                         const crypto::ActForm& act,
                                         PendingAct row) const;
  absl::Status CheckForm(const Caller& caller,
                         const crypto::ActForm& act) const;
  absl::Status CheckSignature(const Caller& caller, const store::Bytes& form,
                              const crypto::Signature& signature) const;
  // With the consent in it; whether anything is new.
  bool AddConsent(PendingAct& act, const Consent& consent) const;
  ActStanding StandingOf(PendingAct act) const;
  [[nodiscard]] bool IsDecided(const ActStanding& standing) const;
  absl::Status Apply(const Caller& caller, Action action, PendingAct act) const;
  absl::StatusOr<ActStanding> Run(const PendingAct& act) const;
  Timestamp Now() const { return parts_.clock.Now(); }

  const DirectoryParts parts_;
  const AccessWriter writer_;
  const KeyTrim trim_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_APPROVALS_H_
