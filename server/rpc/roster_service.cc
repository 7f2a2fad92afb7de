#include <utility>

#include "server/core/error.h"
#include "server/core/roster.h"
#include "server/rpc/call_gate.h"
#include "server/rpc/checked_stream.h"
#include "server/rpc/convert.h"
#include "server/rpc/services.h"
#include "sodality/v1/roster.grpc.pb.h"

namespace sodality::rpc {
namespace {

using Reader = CheckedReader<v1::PushRosterRequest>;
using PushPtr = std::unique_ptr<core::RosterPush>;

// The first message must be the header.
absl::StatusOr<PushPtr> Begin(const Call& call, Reader& reader) {
  v1::PushRosterRequest message;
  if (!reader.Read(message) || !message.has_header()) {
    if (!reader.status().ok()) return reader.status();
    return core::MakeError(absl::StatusCode::kInvalidArgument,
                           "a push begins with its header",
                           {.reason = core::Reason::kNoHeader});
  }
  return core::RosterPush::Begin(call.chapter().directory_parts(),
                                 call.caller(), ParseHeader(message.header()));
}

absl::Status AddBatch(const v1::PushRosterRequest& message,
                      core::RosterPush& push) {
  if (!message.has_batch()) {
    return InvalidValue("part", "only the first message is a header");
  }
  auto rows = ParseBatch(message.batch());
  if (!rows.ok()) return rows.status();
  return push.Add(*std::move(rows));
}

class RosterService final : public v1::RosterService::Service {
 public:
  explicit RosterService(const CallGate& gate) : gate_(gate) {}

  grpc::Status PushRoster(grpc::ServerContext* context,
                          grpc::ServerReader<v1::PushRosterRequest>* stream,
                          v1::PushRosterResponse* response) override {
    return gate_.Run(*context, method::kPushRoster,
                     [&](const Call& call) -> absl::Status {
                       Reader reader(call, *stream);
                       const auto push = Begin(call, reader);
                       if (!push.ok()) return push.status();
                       v1::PushRosterRequest message;
                       while (reader.Read(message)) {
                         const absl::Status added = AddBatch(message, **push);
                         if (!added.ok()) return added;
                         message = {};  // Clear() would keep what it held.
                       }
                       if (!reader.status().ok()) return reader.status();
                       // A stream that broke off looks like one that ended.
                       if (context->IsCancelled())
                         return absl::CancelledError("cancelled");
                       const auto counts = (*push)->Finish();
                       if (counts.ok()) FillCounts(*counts, *response);
                       return counts.status();
                     });
  }

 private:
  const CallGate& gate_;
};

}  // namespace

ServicePtr MakeRosterService(const CallGate& gate) {
  return std::make_unique<RosterService>(gate);
}

}  // namespace sodality::rpc
