// Identifiers: 128 random bits each, a type a kind, so that a grant's id is
// never taken for a member's. Shown as base32 (text/base32.h).
// Read next: member_store.h.
#ifndef SODALITY_SERVER_STORE_IDS_H_
#define SODALITY_SERVER_STORE_IDS_H_

#include <array>
#include <compare>
#include <cstdint>
#include <utility>

namespace sodality::store {

using IdBytes = std::array<uint8_t, 16>;

template <class Tag>
struct Id {
  IdBytes bytes{};

  friend auto operator<=>(const Id&, const Id&) = default;
  template <class H>
  friend H AbslHashValue(H h, const Id& id) {
    return H::combine(std::move(h), id.bytes);
  }
};

using ChapterId = Id<struct ChapterTag>;
using MemberId = Id<struct MemberTag>;
using PrincipalId = Id<struct PrincipalTag>;
using DeviceId = Id<struct DeviceTag>;
using GrantId = Id<struct GrantTag>;
using InviteId = Id<struct InviteTag>;
using RotationId = Id<struct RotationTag>;
using IncarnationId = Id<struct IncarnationTag>;
// Keyed hash of (principal, request id): how a retried write is recognised.
using RequestKey = Id<struct RequestTag>;
// Keyed hash under which ledger entries are found (by member, by actor).
using LedgerTag = Id<struct LedgerTagTag>;

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_IDS_H_
