#include <grpcpp/server_context.h>

#include "tests/client/fake_server.h"

namespace sodality {
namespace {

void FillBegun(const char* work, v1::Rotation& rotation) {
  rotation.set_id("r1");
  rotation.set_kind("wrap");
  rotation.set_from(1);
  rotation.set_to(2);
  rotation.set_phase("sweeping");
  rotation.set_work(work);
}

}  // namespace

grpc::Status FakeKeys::ListKeys(grpc::ServerContext* /*context*/,
                                const v1::ListKeysRequest* /*request*/,
                                v1::ListKeysResponse* response) {
  for (const char* kind : {"page", "wrap"}) {
    v1::KeyVersion* key = response->add_keys();
    key->set_kind(kind);
    key->set_version(1);
    key->set_state("ACTIVE");
    key->set_created("2026-11-26T18:00:00Z");
  }
  response->mutable_keys(1)->set_records(539);
  v1::Rotation& rotation = *response->mutable_rotation();
  rotation.set_id("r1");
  rotation.set_work("rewrap");
  rotation.set_done(120);
  rotation.set_total(539);
  rotation.set_per_second(200);
  rotation.set_seconds_left(3);
  rotation.set_problem("the disk is full");
  return grpc::Status::OK;
}

grpc::Status FakeKeys::RotateKey(grpc::ServerContext* /*context*/,
                                 const v1::RotateKeyRequest* request,
                                 v1::RotateKeyResponse* response) {
  if (request->request_id().size() != 26 || request->kind() != "wrap") {
    return Failure(grpc::StatusCode::INVALID_ARGUMENT, "no such kind of key",
                   {.reason = "INVALID_VALUE", .field = "kind"});
  }
  FillBegun("rewrap", *response->mutable_rotation());
  return grpc::Status::OK;
}

grpc::Status FakeKeys::Reencrypt(grpc::ServerContext* /*context*/,
                                 const v1::ReencryptRequest* request,
                                 v1::ReencryptResponse* response) {
  if (request->request_id().size() != 26) {
    return Failure(grpc::StatusCode::INVALID_ARGUMENT, "no such id",
                   {.reason = "INVALID_VALUE", .field = "request_id"});
  }
  FillBegun("reencrypt", *response->mutable_rotation());
  return grpc::Status::OK;
}

grpc::Status FakeKeys::WatchRotation(
    grpc::ServerContext* /*context*/, const v1::WatchRotationRequest* request,
    grpc::ServerWriter<v1::WatchRotationResponse>* writer) {
  v1::WatchRotationResponse response;
  response.mutable_rotation()->set_id(request->rotation_id());
  for (const uint64_t done : {0U, 250U, 539U}) {
    response.mutable_rotation()->set_done(done);
    writer->Write(response);
  }
  writer->Write(v1::WatchRotationResponse());
  return grpc::Status::OK;
}

grpc::Status FakeBackups::CreateBackup(
    grpc::ServerContext* /*context*/,
    const v1::CreateBackupRequest* /*request*/,
    grpc::ServerWriter<v1::CreateBackupResponse>* writer) {
  v1::CreateBackupResponse response;
  v1::Backup& backup = *response.mutable_backup();
  backup.set_id("b1");
  backup.set_created("2026-11-29T01:11:51Z");
  backup.set_revision(12);
  backup.set_members(3);
  backup.set_entries(40);
  backup.set_size_bytes(size_bytes);
  writer->Write(response);
  for (const char* const chunk : {"half", "+all"}) {
    response.set_chunk(chunk);
    writer->Write(response);
  }
  return grpc::Status::OK;
}

}  // namespace sodality
