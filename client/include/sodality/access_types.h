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

struct Scope {
  std::string field;
  std::string value;
};

// Distinct members that may be revealed; 0: without limit.
struct Budget {
  uint32_t per_hour = 0;
  uint32_t per_day = 0;
  uint32_t in_all = 0;
};

struct Grant {
  std::string id;
  std::string principal_id;
  std::string principal_name;
  std::string role;
  std::vector<Scope> scopes;  // any of them admits a member; empty: all
  std::vector<std::string> classes;
  std::string purpose;
  std::optional<Time> not_after;
  Budget budget;
  Budget left;
  std::string state;  // active, ended or revoked
};

struct NewGrant {
  std::string principal;  // id, or a name that only one principal has
  std::string role;
  std::vector<Scope> scopes;
  std::vector<std::string> classes;  // of basic, contact, sensitive
  std::string purpose;
  Time not_after;
  Budget budget;
};

struct Principal {
  std::string id;
  std::string name;
  std::string role;
  bool suspended = false;
};

struct Device {
  std::string id;
  std::string principal_id;
  std::string principal_name;
  std::optional<Time> enrolled;
  std::optional<Time> expires;
  bool revoked = false;
};

struct NewInvite {
  std::string name;
  std::string role;
  std::chrono::seconds ttl{86400};
  std::string member_id;  // for role member
};

// Secrets: `content` enrols whoever holds it, once, until it expires.
struct IssuedInvite {
  std::string invite_id;
  std::string principal_id;
  std::string content;
  std::optional<Time> expires;
};

struct IssuedCertificate {
  std::string certificate_pem;
  std::string ca_certificate_pem;
};

struct Enrolment {
  IssuedCertificate issued;
  std::string device_id;
  std::string principal_name;
  std::string role;
  std::string chapter_name;
};

struct ServerStatus {
  std::string version;
  std::string chapter_name;
  std::string chapter_id;
  Principal self;
  std::string device_id;
  std::optional<Time> certificate_expires;
  std::vector<Grant> grants;
  uint64_t revision = 0;
  uint64_t members = 0;          // role admin alone
  uint64_t refused_invites = 0;  // role admin alone
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_ACCESS_TYPES_H_
