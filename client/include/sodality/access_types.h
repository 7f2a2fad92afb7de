// Who may do what: principals, devices, invites and grants. Plain structs, as
// in types.h. Read next: client.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_ACCESS_TYPES_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_ACCESS_TYPES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sodality/types.h"

namespace sodality {

// A part of the members: those with `value` in `field`.
struct Scope {
  // A field that the schema makes a scope (region, committees). Required.
  std::string field = {};
  // Compared after normalisation. Required.
  std::string value = {};
};

// Distinct members that may be revealed; 0: without limit.
struct Budget {
  // In any hour.
  uint32_t per_hour = 0;
  // In any day.
  uint32_t per_day = 0;
  // In the grant's life.
  uint32_t in_all = 0;
};

// What somebody may see, what for and until when.
struct Grant {
  // Requests take it as grant_id.
  std::string id = {};
  // Who holds it.
  std::string principal_id = {};
  // The holder's name.
  std::string principal_name = {};
  // The role that it is used in: admin or coordinator.
  std::string role = {};
  // Any of them admits a member; empty: all members.
  std::vector<Scope> scopes = {};
  // Of basic, contact, sensitive.
  std::vector<std::string> classes = {};
  // In words, as the ledger repeats it.
  std::string purpose = {};
  // Its end.
  std::optional<Time> not_after = {};
  // What it allows.
  Budget budget = {};
  // What is left of it now; says nothing where `budget` has no limit.
  Budget left = {};
  // active, ended or revoked.
  std::string state = {};
};

// A grant to make. Not to the caller: PERMISSION_DENIED (OWN_GRANT).
struct NewGrant {
  // Id, or a name that only one principal has. Required.
  std::string principal = {};
  // admin or coordinator. Required.
  std::string role = {};
  // At most 64, any of which admits a member; none: all members.
  std::vector<Scope> scopes = {};
  // At least one of basic, contact, sensitive. Required.
  std::vector<std::string> classes = {};
  // In words, 3 to 500 bytes. Required.
  std::string purpose = {};
  // In the future, at most 366 days ahead. Required.
  Time not_after = {};
  // Default: without limit.
  Budget budget = {};
};

// A person or a program that may connect.
struct Principal {
  // Stays the same.
  std::string id = {};
  // As their invite had it.
  std::string name = {};
  // admin, coordinator, member, source or auditor.
  std::string role = {};
  // No device of theirs may call.
  bool suspended = false;
};

// One certificate's holder.
struct Device {
  // RevokeDevice takes it.
  std::string id = {};
  // Whose it is.
  std::string principal_id = {};
  // The owner's name.
  std::string principal_name = {};
  // When its invite was redeemed.
  std::optional<Time> enrolled = {};
  // The end of its newest certificate.
  std::optional<Time> expires = {};
  // May not call any more.
  bool revoked = false;
};

// An invite to make.
struct NewInvite {
  // A name for the principal, at most 128 bytes; the name or id of one that
  // exists invites a further device of theirs. Required.
  std::string name = {};
  // admin, coordinator, member, source or auditor. Required.
  std::string role = {};
  // How long it is good; 0 means a day; at most 7 days.
  std::chrono::seconds ttl{86400};
  // Whose record is theirs; a grant of the caller's covers it. Required for
  // role member, refused for any other.
  std::string member_id = {};
};

// Secrets: `content` enrols whoever holds it, once, until it expires.
struct IssuedInvite {
  // The invite's own, as the ledger names it.
  std::string invite_id = {};
  // Whom it is for.
  std::string principal_id = {};
  // The whole text of the file that `sodality join` takes. Not shown again.
  std::string content = {};
  // Its end.
  std::optional<Time> expires = {};
};

// What a certificate request is answered with.
struct IssuedCertificate {
  // The device's, PEM; good for 90 days.
  std::string certificate_pem = {};
  // The chapter's authority, PEM.
  std::string ca_certificate_pem = {};
};

// What redeeming an invite answers.
struct Enrolment {
  // What to connect with from now on, beside the key.
  IssuedCertificate issued = {};
  // The new device's.
  std::string device_id = {};
  // The name that the invite was made for.
  std::string principal_name = {};
  // Of the principal.
  std::string role = {};
  // For people.
  std::string chapter_name = {};
};

// How the server is, and who asks.
struct ServerStatus {
  // The server's version.
  std::string version = {};
  // For people.
  std::string chapter_name = {};
  // Stays the same.
  std::string chapter_id = {};
  // The caller.
  Principal self = {};
  // The caller's device.
  std::string device_id = {};
  // The end of the certificate used for this call.
  std::optional<Time> certificate_expires = {};
  // The caller's, those in force.
  std::vector<Grant> grants = {};
  // Of the store.
  uint64_t revision = 0;
  // How many there are; 0 unless the caller is an admin.
  uint64_t members = 0;
  // Refused uses of invites since the server's start; 0 unless the caller is
  // an admin.
  uint64_t refused_invites = 0;
  // Acts that wait for approval, or are being done; 0 unless the caller is an
  // admin.
  uint32_t pending_acts = 0;
  // When the first of them may be done by the only admin there is; else empty.
  std::optional<Time> alone_from = {};
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_ACCESS_TYPES_H_
