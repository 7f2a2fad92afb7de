// Acts that need several people, as messages; a part of convert.h of its own.
#ifndef SODALITY_SERVER_RPC_CONVERT_ACTS_H_
#define SODALITY_SERVER_RPC_CONVERT_ACTS_H_

#include "server/core/access/access_table.h"
#include "server/core/access/approvals.h"
#include "sodality/v1/approvals.pb.h"
#include "sodality/v1/system.pb.h"

namespace sodality::rpc {

void FillAct(const core::ActStanding& standing, const core::AccessTable& access,
             v1::PendingAct& out);
// How many are pending, or being done.
void FillPending(const core::Approvals& approvals,
                 v1::GetStatusResponse& response);

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_CONVERT_ACTS_H_
