// The API's services. Each handler parses, calls the core and converts; what
// all of them share is in call_gate.h.
#ifndef SODALITY_SERVER_RPC_SERVICES_H_
#define SODALITY_SERVER_RPC_SERVICES_H_

#include <memory>
#include <string>

#include "platform/clock.h"
#include "server/rpc/chapter_holder.h"

namespace grpc {
class Service;
}

namespace sodality::rpc {

class CallGate;

using ServicePtr = std::unique_ptr<grpc::Service>;

// `gate`, and the others where they are taken, outlive the service.
ServicePtr MakeDirectoryService(const CallGate& gate);
ServicePtr MakeRosterService(const CallGate& gate);
ServicePtr MakeEnrollmentService(const CallGate& gate);
ServicePtr MakeAccessService(const CallGate& gate,
                             const platform::Clock& clock);
ServicePtr MakeKeyService(const CallGate& gate);
ServicePtr MakeApprovalService(const CallGate& gate);
ServicePtr MakeBackupService(const CallGate& gate);
ServicePtr MakeLedgerService(const CallGate& gate,
                             const platform::Clock& clock);
ServicePtr MakeSystemService(const CallGate& gate, const platform::Clock& clock,
                             std::string version);
ServicePtr MakeHealthService(const CallGate& gate,
                             const ChapterHolder& chapter);

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_SERVICES_H_
