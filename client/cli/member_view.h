// Members as people read them. What a grant hides stands there as dots.
#ifndef SODALITY_CLIENT_CLI_MEMBER_VIEW_H_
#define SODALITY_CLIENT_CLI_MEMBER_VIEW_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/session.h"
#include "client/include/sodality/types.h"
#include "client/roster/field_catalogue.h"

namespace sodality::cli {

// The name that a member is listed under; their id when they show none.
std::string NameOf(const Member& member);

// By family name, then given name, in any script; then by id.
void SortByName(std::vector<Member>* members);

// One row a member.
std::string RenderTable(const std::vector<Member>& members,
                        const Session& session);
// One block a member, every field on a line.
std::string RenderRecord(const Member& member, const Session& session);

// What the server calls its fields; the default schema's for what it does not
// tell this caller.
absl::StatusOr<roster::FieldCatalogue> LoadCatalogue(const Client& client);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_MEMBER_VIEW_H_
