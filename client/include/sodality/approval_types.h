// Acts that nobody does alone. Read next: client.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_APPROVAL_TYPES_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_APPROVAL_TYPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sodality/types.h"

namespace sodality {

// Who has approved an act.
struct Approval {
  // 26 base32 characters.
  std::string principal_id = {};
  // For people.
  std::string principal_name = {};
  // When it was given.
  std::optional<Time> time = {};
};

// An act that was proposed, and how it stands.
struct PendingAct {
  // 26 base32 characters.
  std::string id = {};
  // The bytes that are signed, and alone say what would happen.
  std::string form = {};
  // pending, running, done, refused or expired.
  std::string state = {};
  // For people: by the server's word, which is not signed.
  std::string proposer_name = {};
  // The proposer's first.
  std::vector<Approval> approvals = {};
  // How many of those count now.
  uint32_t counted = 0;
  // How many have to.
  uint32_t needed = 0;
  // With one admin alone, when that one's approval does it; else empty.
  std::optional<Time> alone_from = {};
  // When it was done or refused.
  std::optional<Time> ended = {};
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_APPROVAL_TYPES_H_
