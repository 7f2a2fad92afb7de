// A backup over a real connection, of a chapter whose store is a file.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/backup_file.h"
#include "server/rpc/convert.h"
#include "server/store/sqlcipher/sqlcipher_store.h"
#include "sodality/v1/backup.grpc.pb.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {
namespace {

std::unique_ptr<store::MemberStore> MakeFileStore(const std::string& folder) {
  static const std::vector<uint8_t> key(48, 7);
  auto opened = store::SqlcipherStore::Open(
      {.path = folder + "/members.db", .key = key, .create = true});
  EXPECT_TRUE(opened.ok()) << opened.status();
  return *std::move(opened);
}

class BackupServiceTest : public testing::Test {
 protected:
  using Stub = v1::BackupService::Stub;

  std::unique_ptr<Stub> StubOf(const Person& person) {
    return v1::BackupService::NewStub(server_.ChannelOf(person));
  }
  // The first message, the bytes, and how it ended.
  struct Received {
    v1::Backup backup;
    std::string bytes;
    grpc::Status status;
  };
  static Received Receive(Stub& stub) {
    Received received;
    Context context;
    const auto reader = stub.CreateBackup(context.get(), {});
    v1::CreateBackupResponse response;
    while (reader->Read(&response)) {
      if (response.has_backup()) received.backup = response.backup();
      received.bytes += response.chunk();
    }
    received.status = reader->Finish();
    return received;
  }

  TestChapter chapter_{&MakeFileStore};
  TestServer server_{chapter_};
  const std::unique_ptr<Stub> admin_ = StubOf(chapter_.admin());
};

TEST_F(BackupServiceTest, SendsAllOfItAndSaysWhatItIs) {
  chapter_.AddMember({{"given_name", "Xylocanaria"}});
  const Received received = Receive(*admin_);
  ASSERT_TRUE(received.status.ok()) << received.status.error_message();
  EXPECT_EQ(received.bytes.size(), received.backup.size_bytes());
  EXPECT_EQ(received.bytes.find("Xylocanaria"), std::string::npos);
  EXPECT_EQ(received.backup.members(), 1u);
  EXPECT_GT(received.backup.revision(), 0u);
  EXPECT_GT(received.backup.entries(), 0u);
  const auto id = crypto::BackupId(
      crypto::AsBytes(received.bytes)
          .first(*crypto::BackupHeadSize(crypto::AsBytes(received.bytes))));
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_EQ(FormatId(*id), received.backup.id());
}

TEST_F(BackupServiceTest, OneAtATime) {
  const auto first =
      chapter_.chapter().backups().Begin(chapter_.admin().caller);
  ASSERT_TRUE(first.ok()) << first.status();
  const Received second = Receive(*admin_);
  EXPECT_EQ(second.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(second.status), "BACKUP_RUNNING");
  EXPECT_EQ(second.bytes, "");
}

TEST_F(BackupServiceTest, IsForAdminsAlone) {
  using core::Role;
  for (const auto& [name, role] : {std::pair{"Bea", Role::kCoordinator},
                                   std::pair{"National", Role::kSource},
                                   std::pair{"Cleo", Role::kAuditor}}) {
    const Received received = Receive(*StubOf(chapter_.Enrol(name, role)));
    EXPECT_EQ(ReasonOf(received.status), "ROLE_NOT_ALLOWED");
    EXPECT_EQ(received.backup.id(), "");
  }
}

// Whoever goes away in the midst of it keeps nobody from the next.
TEST_F(BackupServiceTest, ACallerWhoIsGoneEndsIt) {
  {
    Context context;
    const auto reader = admin_->CreateBackup(context.get(), {});
    v1::CreateBackupResponse response;
    ASSERT_TRUE(reader->Read(&response));
    context.get()->TryCancel();
    EXPECT_FALSE(reader->Finish().ok());
  }
  Received next;
  do {
    next = Receive(*admin_);
  } while (ReasonOf(next.status) == "BACKUP_RUNNING");
  EXPECT_TRUE(next.status.ok()) << next.status.error_message();
}

}  // namespace
}  // namespace sodality::rpc
