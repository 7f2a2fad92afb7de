#include "client/internal/convert.h"
#include "client/internal/grpc_connection.h"

namespace sodality::internal {
namespace {

// Visits what the server sends; an error is the visitor's.
absl::Status VisitAll(grpc::ClientReader<v1::WatchRotationResponse>& reader,
                      const RotationVisitor& visit) {
  v1::WatchRotationResponse response;
  while (reader.Read(&response)) {
    if (!response.has_rotation()) continue;
    const absl::Status seen = visit(ToKeyRotation(response.rotation()));
    if (!seen.ok()) return seen;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<KeyList> GrpcConnection::ListKeys() {
  const auto response = Unary(keys_, &v1::KeyService::Stub::ListKeys,
                              v1::ListKeysRequest(), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToKeyList(*response);
}

absl::StatusOr<KeyRotation> GrpcConnection::RotateKey(const std::string& kind) {
  v1::RotateKeyRequest request;
  request.set_kind(kind);
  request.set_request_id(NewRequestId());
  const auto response =
      Unary(keys_, &v1::KeyService::Stub::RotateKey, request, Effect::kWrites);
  if (!response.ok()) return response.status();
  return ToKeyRotation(response->rotation());
}

absl::StatusOr<KeyRotation> GrpcConnection::Reencrypt() {
  v1::ReencryptRequest request;
  request.set_request_id(NewRequestId());
  const auto response =
      Unary(keys_, &v1::KeyService::Stub::Reencrypt, request, Effect::kWrites);
  if (!response.ok()) return response.status();
  return ToKeyRotation(response->rotation());
}

absl::Status GrpcConnection::WatchRotation(const std::string& rotation_id,
                                           const RotationVisitor& visit) {
  v1::WatchRotationRequest request;
  request.set_rotation_id(rotation_id);
  absl::Status visited;
  const absl::Status status = Stream(
      [&](grpc::ClientContext& context) {
        const auto reader = keys_.WatchRotation(&context, request);
        visited = VisitAll(*reader, visit);
        if (!visited.ok()) context.TryCancel();
        return reader->Finish();
      },
      Effect::kReads);
  return visited.ok() ? status : visited;
}

}  // namespace sodality::internal
