// A chapter whose keys are rotated over real connections, and who watches.
// Nothing but a test calls KeyRotation::Step here.
#ifndef SODALITY_TESTS_RPC_KEY_SERVICE_FIXTURE_H_
#define SODALITY_TESTS_RPC_KEY_SERVICE_FIXTURE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "sodality/v1/keys.grpc.pb.h"
#include "tests/rpc/services_fixture.h"

namespace sodality::rpc {

class KeyServiceFixture : public ServicesFixture {
 protected:
  KeyServiceFixture() {
    for (int i = 0; i < 3; ++i) AddMaria();
  }

  v1::RotateKeyRequest Rotation(const std::string& kind = "wrap") {
    v1::RotateKeyRequest request;
    request.set_kind(kind);
    request.set_request_id(NewRequestId());
    return request;
  }

  grpc::Status Rotate(const v1::RotateKeyRequest& request,
                      v1::Rotation* rotation = nullptr) {
    Context context;
    v1::RotateKeyResponse response;
    const auto status = keys_->RotateKey(context.get(), request, &response);
    if (rotation != nullptr) *rotation = response.rotation();
    return status;
  }

  grpc::Status Reencrypt(const std::string& request_id,
                         v1::Rotation* rotation = nullptr) {
    Context context;
    v1::ReencryptRequest request;
    request.set_request_id(request_id);
    v1::ReencryptResponse response;
    const auto status = keys_->Reencrypt(context.get(), request, &response);
    if (rotation != nullptr) *rotation = response.rotation();
    return status;
  }

  v1::ListKeysResponse List() {
    Context context;
    v1::ListKeysResponse response;
    const auto status = keys_->ListKeys(context.get(), {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  v1::KeyVersion Key(const std::string& kind, uint32_t version) {
    const v1::ListKeysResponse listed = List();
    for (const v1::KeyVersion& key : listed.keys()) {
      if (key.kind() == kind && key.version() == version) return key;
    }
    return {};
  }
  v1::KeyVersion Wrap(uint32_t version) { return Key("wrap", version); }

  // Action to subject, of the newest page.
  std::map<std::string, std::string> Subjects() {
    Context context;
    v1::ListEntriesResponse listed;
    EXPECT_TRUE(ledger_->ListEntries(context.get(), {}, &listed).ok());
    std::map<std::string, std::string> subjects;
    for (const v1::LedgerEntry& entry : listed.entries()) {
      subjects[entry.action()] = entry.subject();
    }
    return subjects;
  }

  // Does all the work there is.
  void Finish() {
    absl::StatusOr<bool> more = true;
    while (more.ok() && *more) more = rotation().Step();
    EXPECT_TRUE(more.ok()) << more.status();
  }

  core::KeyRotation& rotation() { return chapter_.chapter().key_rotation(); }

  std::unique_ptr<v1::KeyService::Stub> keys_ = v1::KeyService::NewStub(admin_);
};

// A watch that has told once, and how it ends.
class Watch final {
 public:
  Watch(v1::KeyService::Stub& stub, const std::string& id) {
    v1::WatchRotationRequest request;
    request.set_rotation_id(id);
    reader_ = stub.WatchRotation(context_.get(), request);
  }
  bool Read() { return reader_->Read(&message_); }
  const v1::WatchRotationResponse& message() const { return message_; }
  // The reason, and in what time it came.
  std::string End() {
    const auto start = std::chrono::steady_clock::now();
    while (Read()) {
    }
    const grpc::Status status = reader_->Finish();
    took_ = std::chrono::steady_clock::now() - start;
    return status.ok() ? "OK" : ReasonOf(status);
  }
  std::chrono::steady_clock::duration took() const { return took_; }

 private:
  Context context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchRotationResponse>> reader_;
  v1::WatchRotationResponse message_;
  std::chrono::steady_clock::duration took_{};
};

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_KEY_SERVICE_FIXTURE_H_
