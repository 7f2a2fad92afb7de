// The protos whose services a device or an invite may call, for tests that
// walk every method there is.
#ifndef SODALITY_TESTS_RPC_API_FILES_H_
#define SODALITY_TESTS_RPC_API_FILES_H_

#include <google/protobuf/descriptor.h>

#include <vector>

#include "sodality/v1/access.pb.h"
#include "sodality/v1/approvals.pb.h"
#include "sodality/v1/backup.pb.h"
#include "sodality/v1/directory.pb.h"
#include "sodality/v1/enrollment.pb.h"
#include "sodality/v1/keys.pb.h"
#include "sodality/v1/ledger.pb.h"
#include "sodality/v1/roster.pb.h"
#include "sodality/v1/system.pb.h"

namespace sodality::rpc {

inline std::vector<const google::protobuf::FileDescriptor*> ApiFiles() {
  return {v1::GetMemberRequest::descriptor()->file(),
          v1::PushRosterRequest::descriptor()->file(),
          v1::RedeemRequest::descriptor()->file(),
          v1::CreateGrantRequest::descriptor()->file(),
          v1::ListKeysRequest::descriptor()->file(),
          v1::ListActsRequest::descriptor()->file(),
          v1::CreateBackupRequest::descriptor()->file(),
          v1::ListEntriesRequest::descriptor()->file(),
          v1::GetStatusRequest::descriptor()->file()};
}

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_API_FILES_H_
