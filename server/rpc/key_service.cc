#include <chrono>
#include <string>

#include "server/rpc/call_gate.h"
#include "server/rpc/checked_stream.h"
#include "server/rpc/convert.h"
#include "server/rpc/services.h"
#include "sodality/v1/keys.grpc.pb.h"

namespace sodality::rpc {
namespace {

// How often a watcher is told, and how soon its thread sees that it must end.
constexpr std::chrono::milliseconds kProgressPause(500);

absl::Status ListKeys(const Call& call, v1::ListKeysResponse& response) {
  const auto keys = call.chapter().key_rotation().Status();
  if (!keys.ok()) return keys.status();
  for (const core::KeyVersion& version : keys->versions) {
    FillKeyVersion(version, *response.add_keys());
  }
  if (keys->rotation) {
    FillRotation(*keys->rotation, *response.mutable_rotation());
  }
  return absl::OkStatus();
}

absl::Status Start(const Call& call, core::RotationWork work,
                   const std::string& request_id, v1::Rotation& out) {
  const auto id = ParseRequestId(request_id);
  if (!id.ok()) return id.status();
  core::KeyRotation& keys = call.chapter().key_rotation();
  const auto rotation = keys.Start(call.caller(), work, *id);
  if (!rotation.ok()) return rotation.status();
  core::RotationProgress progress{.rotation = *rotation};
  // Begun it is, whatever can be said of how far it has come.
  const auto now = keys.Status();
  if (now.ok() && now->rotation && now->rotation->rotation.id == rotation->id) {
    progress = *now->rotation;
  }
  FillRotation(progress, out);
  return absl::OkStatus();
}

absl::Status RotateKey(const Call& call, const v1::RotateKeyRequest& request,
                       v1::RotateKeyResponse& response) {
  const auto work = ParseRotatedKind(request.kind());
  if (!work.ok()) return work.status();
  return Start(call, *work, request.request_id(), *response.mutable_rotation());
}

// Before the end of one that was asked for, if it was given up.
absl::Status TellGivenUp(const Call& call, const std::string& wanted,
                         CheckedWriter<v1::WatchRotationResponse>& writer) {
  const auto id = ParseId<store::RotationId>(wanted, "rotation_id");
  if (!id.ok()) return absl::OkStatus();  // None has that id.
  const auto rotation = call.chapter().key_rotation().FindGivenUp(*id);
  if (!rotation.ok()) return rotation.status();
  if (!rotation->has_value()) return absl::OkStatus();
  v1::WatchRotationResponse message;
  FillRotation({.rotation = **rotation}, *message.mutable_rotation());
  return writer.Write(message);
}

// The rotation that is asked for, or whichever runs; none when it has ended.
absl::StatusOr<v1::WatchRotationResponse> Look(const Call& call,
                                               const std::string& wanted) {
  const auto keys = call.chapter().key_rotation().Status();
  if (!keys.ok()) return keys.status();
  v1::WatchRotationResponse message;
  if (!keys->rotation) return message;
  if (!wanted.empty() &&
      FormatId(keys->rotation->rotation.id.bytes) != wanted) {
    return message;
  }
  FillRotation(*keys->rotation, *message.mutable_rotation());
  return message;
}

absl::Status WatchRotation(const Call& call, const grpc::ServerContext& context,
                           const std::string& wanted,
                           CheckedWriter<v1::WatchRotationResponse>& writer) {
  std::string told;
  while (!context.IsCancelled()) {
    const auto message = Look(call, wanted);
    if (!message.ok()) return message.status();
    if (!message->has_rotation()) {
      const absl::Status told_end = TellGivenUp(call, wanted, writer);
      return told_end.ok() ? writer.Write(*message) : told_end;
    }
    const std::string now = message->SerializeAsString();
    const absl::Status going =
        now == told ? call.Recheck() : writer.Write(*message);
    if (!going.ok()) return going;
    told = now;
    call.AwaitSeal(kProgressPause);
  }
  return absl::CancelledError("the caller is gone");
}

class KeyService final : public v1::KeyService::Service {
 public:
  explicit KeyService(const CallGate& gate) : gate_(gate) {}

  grpc::Status ListKeys(grpc::ServerContext* context,
                        const v1::ListKeysRequest*,
                        v1::ListKeysResponse* response) override {
    return gate_.Run(*context, method::kListKeys, [&](const Call& call) {
      return rpc::ListKeys(call, *response);
    });
  }

  grpc::Status RotateKey(grpc::ServerContext* context,
                         const v1::RotateKeyRequest* request,
                         v1::RotateKeyResponse* response) override {
    return gate_.Run(*context, method::kRotateKey, [&](const Call& call) {
      return rpc::RotateKey(call, *request, *response);
    });
  }

  grpc::Status Reencrypt(grpc::ServerContext* context,
                         const v1::ReencryptRequest* request,
                         v1::ReencryptResponse* response) override {
    return gate_.Run(*context, method::kReencrypt, [&](const Call& call) {
      return Start(call, core::RotationWork::kReencrypt, request->request_id(),
                   *response->mutable_rotation());
    });
  }

  grpc::Status WatchRotation(
      grpc::ServerContext* context, const v1::WatchRotationRequest* request,
      grpc::ServerWriter<v1::WatchRotationResponse>* stream) override {
    return gate_.Run(*context, method::kWatchRotation, [&](const Call& call) {
      CheckedWriter<v1::WatchRotationResponse> writer(call, *stream);
      return rpc::WatchRotation(call, *context, request->rotation_id(), writer);
    });
  }

 private:
  const CallGate& gate_;
};

}  // namespace

ServicePtr MakeKeyService(const CallGate& gate) {
  return std::make_unique<KeyService>(gate);
}

}  // namespace sodality::rpc
