#include "server/rpc/call_gate.h"
#include "server/rpc/checked_stream.h"
#include "server/rpc/convert.h"
#include "server/rpc/services.h"
#include "sodality/v1/backup.grpc.pb.h"

namespace sodality::rpc {
namespace {

using BackupWriter = CheckedWriter<v1::CreateBackupResponse>;

void FillBackup(const core::BackupFacts& facts, v1::Backup& out) {
  out.set_id(FormatId(facts.id));
  out.set_created(platform::FormatTimestamp(facts.manifest.created));
  out.set_revision(facts.manifest.revision);
  out.set_members(facts.manifest.members);
  out.set_entries(facts.manifest.ledger.number);
  out.set_size_bytes(facts.bytes);
}

absl::Status CreateBackup(const Call& call, BackupWriter& writer) {
  const auto backup = call.chapter().backups().Begin(call.caller());
  if (!backup.ok()) return backup.status();
  v1::CreateBackupResponse message;
  FillBackup((*backup)->facts(), *message.mutable_backup());
  if (auto s = writer.Write(message); !s.ok()) return s;
  for (;;) {
    const auto bytes = (*backup)->Next();
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) return absl::OkStatus();
    message.set_chunk(bytes->data(), bytes->size());
    if (auto s = writer.Write(message); !s.ok()) return s;
  }
}

class BackupService final : public v1::BackupService::Service {
 public:
  explicit BackupService(const CallGate& gate) : gate_(gate) {}

  grpc::Status CreateBackup(
      grpc::ServerContext* context, const v1::CreateBackupRequest*,
      grpc::ServerWriter<v1::CreateBackupResponse>* stream) override {
    return gate_.Run(*context, method::kCreateBackup, [&](const Call& call) {
      BackupWriter writer(call, *stream);
      return rpc::CreateBackup(call, writer);
    });
  }

 private:
  const CallGate& gate_;
};

}  // namespace

ServicePtr MakeBackupService(const CallGate& gate) {
  return std::make_unique<BackupService>(gate);
}

}  // namespace sodality::rpc
