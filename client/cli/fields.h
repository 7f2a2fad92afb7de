// FIELD=VALUE arguments as the changes of a member.
#ifndef SODALITY_CLIENT_CLI_FIELDS_H_
#define SODALITY_CLIENT_CLI_FIELDS_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/include/sodality/types.h"
#include "client/roster/field_catalogue.h"

namespace sodality::cli {

// One change a field, in order. A list field takes several values, repeated or
// with ";" between; FIELD= clears. INVALID_ARGUMENT: no FIELD=VALUE, or two
// values for a field that holds one.
absl::StatusOr<std::vector<Field>> ParseFields(
    std::span<const std::string> assignments,
    const roster::FieldCatalogue& catalogue);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_FIELDS_H_
