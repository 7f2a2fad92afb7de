// A server that speaks the real API over real mutual TLS on a free port and
// answers what a test scripts.
#ifndef SODALITY_TESTS_CLIENT_FAKE_SERVER_H_
#define SODALITY_TESTS_CLIENT_FAKE_SERVER_H_

#include <grpcpp/server.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "client/include/sodality/connect.h"
#include "crypto/pki/authority.h"
#include "platform/mutex.h"
#include "sodality/v1/backup.grpc.pb.h"
#include "sodality/v1/directory.grpc.pb.h"
#include "sodality/v1/enrollment.grpc.pb.h"
#include "sodality/v1/keys.grpc.pb.h"
#include "sodality/v1/ledger.grpc.pb.h"
#include "sodality/v1/roster.grpc.pb.h"

namespace sodality {

// A chapter's authority and the certificates it gave out.
class TestChapter final {
 public:
  explicit TestChapter(platform::Timestamp now);
  // Of a device with a fresh key; for the server at `address`.
  Credentials Device(const std::string& address) const;
  pki::Certificate IssueServer(const pki::PrivateKey& key) const;
  // For the device of Device, from `now` on.
  pki::Certificate IssueDevice(const pki::PublicKey& key,
                               platform::Timestamp now) const;
  const pki::CertificateAuthority& authority() const { return authority_; }
  std::string server_name() const;

 private:
  platform::Timestamp now_;
  pki::CertificateAuthority authority_;
};

// What the directory answers: scripted failures first, then OK.
class FakeDirectory final : public v1::DirectoryService::Service {
 public:
  void Fail(const grpc::Status& status);
  // Every GetMember waits for the caller to give up.
  void Hang() { hang_ = true; }
  std::vector<std::string> request_ids();
  std::vector<std::chrono::system_clock::time_point> deadlines();

  grpc::Status GetMember(grpc::ServerContext* context,
                         const v1::GetMemberRequest* request,
                         v1::GetMemberResponse* response) override;
  grpc::Status CreateMember(grpc::ServerContext* context,
                            const v1::CreateMemberRequest* request,
                            v1::CreateMemberResponse* response) override;
  grpc::Status UpdateMember(grpc::ServerContext* context,
                            const v1::UpdateMemberRequest* request,
                            v1::UpdateMemberResponse* response) override;
  // Answers each query: a get with its member, NOT_FOUND without an id.
  grpc::Status Lookup(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::LookupResponse, v1::LookupRequest>* stream)
      override;
  v1::UpdateMemberRequest last_update();
  std::vector<int> queries_in_messages();

 private:
  grpc::Status Next(const grpc::ServerContext& context);

  platform::Mutex mutex_;
  std::deque<grpc::Status> failures_ SODALITY_GUARDED_BY(mutex_);
  std::vector<std::string> request_ids_ SODALITY_GUARDED_BY(mutex_);
  std::vector<std::chrono::system_clock::time_point> deadlines_
      SODALITY_GUARDED_BY(mutex_);
  v1::UpdateMemberRequest last_update_ SODALITY_GUARDED_BY(mutex_);
  std::vector<int> queries_in_messages_ SODALITY_GUARDED_BY(mutex_);
  std::atomic<bool> hang_{false};
};

// Counts what it is sent.
class FakeRoster final : public v1::RosterService::Service {
 public:
  grpc::Status PushRoster(grpc::ServerContext* context,
                          grpc::ServerReader<v1::PushRosterRequest>* reader,
                          v1::PushRosterResponse* response) override;
  int messages = 0;
  size_t largest = 0;
  std::string source;
};

class FakeLedger final : public v1::LedgerService::Service {
 public:
  grpc::Status StreamLeaves(
      grpc::ServerContext* context, const v1::StreamLeavesRequest* request,
      grpc::ServerWriter<v1::StreamLeavesResponse>* writer) override;
};

// One version of two kinds; `wrap` is rotated or all is re-encrypted, and
// either goes on in three messages.
class FakeKeys final : public v1::KeyService::Service {
 public:
  grpc::Status ListKeys(grpc::ServerContext* context,
                        const v1::ListKeysRequest* request,
                        v1::ListKeysResponse* response) override;
  grpc::Status RotateKey(grpc::ServerContext* context,
                         const v1::RotateKeyRequest* request,
                         v1::RotateKeyResponse* response) override;
  grpc::Status Reencrypt(grpc::ServerContext* context,
                         const v1::ReencryptRequest* request,
                         v1::ReencryptResponse* response) override;
  grpc::Status WatchRotation(
      grpc::ServerContext* context, const v1::WatchRotationRequest* request,
      grpc::ServerWriter<v1::WatchRotationResponse>* writer) override;
};

// Eight bytes in two messages, or fewer than it says.
class FakeBackups final : public v1::BackupService::Service {
 public:
  grpc::Status CreateBackup(
      grpc::ServerContext* context, const v1::CreateBackupRequest* request,
      grpc::ServerWriter<v1::CreateBackupResponse>* writer) override;
  std::atomic<uint64_t> size_bytes{8};
};

// Renews from the clock's time on, for the key of the request.
class FakeEnrollment final : public v1::EnrollmentService::Service {
 public:
  explicit FakeEnrollment(const TestChapter& chapter) : chapter_(chapter) {}
  grpc::Status Renew(grpc::ServerContext* context,
                     const v1::RenewRequest* request,
                     v1::RenewResponse* response) override;
  std::atomic<int> renewals{0};
  // Answers for a key that nobody asked about.
  std::atomic<bool> for_another_key{false};

 private:
  const TestChapter& chapter_;
};

struct FakeServerOptions {
  // Trusts the authority of this chapter; another one's devices are hung up on
  // during the handshake.
  const TestChapter* trusts = nullptr;
  int port = 0;
};

class FakeServer final {
 public:
  explicit FakeServer(const TestChapter& chapter,
                      FakeServerOptions options = {});
  ~FakeServer();
  std::string address() const;
  int port() const { return port_; }

  FakeDirectory directory;
  FakeRoster roster;
  FakeKeys keys;
  FakeBackups backups;
  FakeLedger ledger;
  FakeEnrollment enrollment;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// A gRPC status with the details that a server attaches.
struct Detail {
  std::string reason;
  std::string hint;
  std::string field;
  std::string retry_at;
};
grpc::Status Failure(grpc::StatusCode code, const std::string& message,
                     const Detail& detail);

}  // namespace sodality

#endif  // SODALITY_TESTS_CLIENT_FAKE_SERVER_H_
