// Where a list goes on: opaque to callers, bound to the question asked.
#ifndef SODALITY_SERVER_RPC_PAGE_TOKEN_H_
#define SODALITY_SERVER_RPC_PAGE_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sodality::rpc {

// For positions that are no secret and that only narrow a list: a forged token
// shows nothing that the question itself would not.
std::string FormatPageToken(uint64_t position, std::string_view question);

// 0 for an empty token. INVALID_ARGUMENT kBadPageToken when it is none of ours
// or of another question.
absl::StatusOr<uint64_t> ParsePageToken(std::string_view token,
                                        std::string_view question);

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_PAGE_TOKEN_H_
