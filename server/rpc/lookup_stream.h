// DirectoryService.Lookup: queries in, answers out, each as a unary look-up.
// Why it is as it is: docs/adr/0013-lookup-stream.md.
#ifndef SODALITY_SERVER_RPC_LOOKUP_STREAM_H_
#define SODALITY_SERVER_RPC_LOOKUP_STREAM_H_

#include <grpcpp/grpcpp.h>

#include "server/rpc/admission.h"
#include "server/rpc/status.h"
#include "sodality/v1/directory.pb.h"

namespace sodality::rpc {

inline constexpr int kMaxQueriesPerMessage = 64;

using LookupReactor =
    grpc::ServerBidiReactor<v1::LookupRequest, v1::LookupResponse>;

// Serves one stream; what is returned owns itself until its last query has come
// back. `context` is the stream's.
LookupReactor* StartLookupStream(grpc::CallbackServerContext& context,
                                 Call call, const OnDamage& on_damage);

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_LOOKUP_STREAM_H_
