// The only translator between the API's messages and the core's plain structs.
// Limits that the protos state on counts and lengths are checked here; what
// values mean is the core's business. Names: Parse* reads a request, Fill*
// writes an answer.
#ifndef SODALITY_SERVER_RPC_CONVERT_H_
#define SODALITY_SERVER_RPC_CONVERT_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/access/access_control.h"
#include "server/core/chapter.h"
#include "server/core/directory.h"
#include "server/core/error.h"
#include "server/core/keys/key_rotation.h"
#include "server/core/ledger/ledger_reader.h"
#include "server/core/roster.h"
#include "sodality/v1/access.pb.h"
#include "sodality/v1/directory.pb.h"
#include "sodality/v1/keys.pb.h"
#include "sodality/v1/ledger.pb.h"
#include "sodality/v1/roster.pb.h"
#include "sodality/v1/system.pb.h"

namespace sodality::rpc {

// ---- Identifiers and times. Every Parse*: INVALID_ARGUMENT kInvalidValue
// naming `field`, never repeating the text.
std::string FormatId(const store::IdBytes& id);
absl::StatusOr<store::IdBytes> ParseIdBytes(std::string_view text,
                                            std::string_view field);
template <class IdType>
absl::StatusOr<IdType> ParseId(std::string_view text, std::string_view field) {
  const auto bytes = ParseIdBytes(text, field);
  if (!bytes.ok()) return bytes.status();
  return IdType{*bytes};
}
// None when `text` is empty.
absl::StatusOr<std::optional<core::GrantId>> ParseGrant(std::string_view text);
absl::StatusOr<core::RequestId> ParseRequestId(std::string_view text);
using core::InvalidValue;

// ---- Members
struct UpdateRequest {
  core::MemberId member;
  std::optional<core::GrantId> grant;
  core::UpdateInput input;
};
absl::StatusOr<core::GetQuery> ParseGet(const v1::GetMemberRequest& request);
absl::StatusOr<core::SearchQuery> ParseSearch(
    const v1::SearchMembersRequest& request);
absl::StatusOr<core::CreateInput> ParseCreate(
    const v1::CreateMemberRequest& request);
absl::StatusOr<UpdateRequest> ParseUpdate(
    const v1::UpdateMemberRequest& request);
absl::StatusOr<core::UpdateInput> ParseUpdateSelf(
    const v1::UpdateSelfRequest& request);
void FillMember(const core::ProjectedMember& member, v1::Member& out);
void FillSearch(const core::SearchResult& result,
                v1::SearchMembersResponse& out);

// ---- Rosters
core::RosterOptions ParseHeader(const v1::PushHeader& header);
absl::StatusOr<std::vector<core::RosterRow>> ParseBatch(
    const v1::RosterBatch& batch);
void FillCounts(const core::RosterCounts& counts, v1::PushRosterResponse& out);

// ---- Access
absl::StatusOr<core::InviteInput> ParseInvite(
    const v1::CreateInviteRequest& request);
absl::StatusOr<core::GrantInput> ParseGrantInput(
    const v1::CreateGrantRequest& request);
void FillPrincipal(const core::Principal& principal, v1::Principal& out);
void FillDevice(const core::Device& device, const core::AccessTable& access,
                v1::Device& out);
struct GrantFacts {
  const core::Grant& grant;
  core::BudgetLeft left;
  platform::Timestamp now;
};
void FillGrant(const GrantFacts& facts, core::Chapter& chapter, v1::Grant& out);

// ---- Keys
// What rotating keys of this name does.
absl::StatusOr<core::RotationWork> ParseRotatedKind(std::string_view name);
void FillKeyVersion(const core::KeyVersion& version, v1::KeyVersion& out);
void FillRotation(const core::RotationProgress& progress, v1::Rotation& out);

// ---- The ledger
void FillEntry(const core::ListedEntry& entry, const core::Chapter& chapter,
               v1::LedgerEntry& out);
void FillHead(const core::SignedHead& head, v1::SignedHead& out);
void FillLeaf(const core::Entry& entry, v1::Leaf& out);

// ---- The schema
void FillSchemaField(const core::FieldSpec& spec, v1::SchemaField& out);

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_CONVERT_H_
