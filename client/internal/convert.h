// Between the API's messages and the library's structs; the only translator.
#ifndef SODALITY_CLIENT_INTERNAL_CONVERT_H_
#define SODALITY_CLIENT_INTERNAL_CONVERT_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/include/sodality/access_types.h"
#include "client/include/sodality/key_types.h"
#include "client/include/sodality/ledger_types.h"
#include "client/include/sodality/types.h"
#include "sodality/v1/access.pb.h"
#include "sodality/v1/directory.pb.h"
#include "sodality/v1/enrollment.pb.h"
#include "sodality/v1/keys.pb.h"
#include "sodality/v1/ledger.pb.h"
#include "sodality/v1/roster.pb.h"
#include "sodality/v1/system.pb.h"

namespace sodality::internal {

// Empty when `text` is empty or no time.
std::optional<Time> ToTime(const std::string& text);
std::string FromTime(Time time);

v1::Field FromField(const Field& field);
Member ToMember(v1::Member& message);
MemberPage ToMemberPage(v1::SearchMembersResponse& message);
v1::GetMemberRequest FromMemberRequest(const MemberRequest& request);
v1::SearchMembersRequest FromMemberQuery(const MemberQuery& query);

v1::RosterRow FromRosterRow(const RosterRow& row);
PushResult ToPushResult(const v1::PushRosterResponse& message);

Grant ToGrant(const v1::Grant& message);
v1::CreateGrantRequest FromNewGrant(const NewGrant& grant);
Principal ToPrincipal(const v1::Principal& message);
Device ToDevice(const v1::Device& message);
IssuedInvite ToIssuedInvite(v1::CreateInviteResponse& message);
Enrolment ToEnrolment(const v1::RedeemResponse& message);

ServerStatus ToServerStatus(const v1::GetStatusResponse& message);
SchemaField ToSchemaField(const v1::SchemaField& message);

KeyList ToKeyList(const v1::ListKeysResponse& message);
KeyRotation ToKeyRotation(const v1::Rotation& message);

LedgerEntry ToLedgerEntry(const v1::LedgerEntry& message);
LedgerHead ToLedgerHead(const v1::SignedHead& message);
LedgerLeaf ToLedgerLeaf(const v1::Leaf& message);

template <typename Repeated>
std::vector<std::string> ToStrings(const Repeated& values) {
  return std::vector<std::string>(values.begin(), values.end());
}

// One struct for each message, in order.
template <typename Repeated, typename Convert>
auto ToVector(Repeated& messages, Convert convert) {
  std::vector<decltype(convert(*messages.begin()))> out;
  out.reserve(static_cast<size_t>(messages.size()));
  for (auto& message : messages) out.push_back(convert(message));
  return out;
}

}  // namespace sodality::internal

#endif  // SODALITY_CLIENT_INTERNAL_CONVERT_H_
