// The only way from our errors to gRPC's, and what it lets out. Read next:
// server/core/error.h.
#ifndef SODALITY_SERVER_RPC_STATUS_H_
#define SODALITY_SERVER_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include <functional>

#include "absl/status/status.h"

namespace sodality::rpc {

// Code, message and, in the binary details, an ErrorDetail. A status without a
// reason, and every INTERNAL, UNKNOWN and DATA_LOSS, keeps its code alone: its
// text was meant for us. UNAVAILABLE and RESOURCE_EXHAUSTED without one are the
// store's or the ledger's (core::FromStore): a caller must be able to tell them
// from a server that is not reached.
grpc::Status ToGrpcStatus(const absl::Status& status);

// Told of each DATA_LOSS, whose text is the one thing that says what is damaged
// and holds no data of members.
using OnDamage = std::function<void(const absl::Status&)>;
void ReportDamage(const OnDamage& on_damage, const absl::Status& status);

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_STATUS_H_
