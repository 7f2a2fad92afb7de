#include "client/include/sodality/error_info.h"
#include "client/internal/convert.h"
#include "client/internal/grpc_connection.h"

namespace sodality::internal {
namespace {

BackupInfo ToBackupInfo(const v1::Backup& backup) {
  return {.id = backup.id(),
          .created = ToTime(backup.created()),
          .revision = backup.revision(),
          .members = backup.members(),
          .entries = backup.entries(),
          .bytes = backup.size_bytes()};
}

absl::Status CutOff() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "the backup was cut off before its end",
                   {.reason = "CUT_OFF", .hint = "try again"});
}

// One run of the stream.
class Receiving final {
 public:
  explicit Receiving(const BackupSink& sink) : sink_(sink) {}

  // An error is the sink's, or of a server that breaks the rules.
  absl::Status Take(const v1::CreateBackupResponse& response) {
    if (response.has_backup()) {
      info_ = ToBackupInfo(response.backup());
      return absl::OkStatus();
    }
    received_ += response.chunk().size();
    if (received_ > info_.bytes) return CutOff();
    return sink_(info_, response.chunk());
  }
  [[nodiscard]] bool is_whole() const {
    return info_.bytes > 0 && received_ == info_.bytes;
  }
  const BackupInfo& info() const { return info_; }

 private:
  const BackupSink& sink_;
  BackupInfo info_;
  uint64_t received_ = 0;
};

}  // namespace

absl::StatusOr<BackupInfo> GrpcConnection::CreateBackup(
    const BackupSink& sink) {
  Receiving receiving(sink);
  absl::Status taken;
  const absl::Status status = Stream(
      [&](grpc::ClientContext& context) {
        const auto reader =
            backups_.CreateBackup(&context, v1::CreateBackupRequest());
        v1::CreateBackupResponse response;
        while (taken.ok() && reader->Read(&response)) {
          taken = receiving.Take(response);
        }
        if (!taken.ok()) context.TryCancel();
        return reader->Finish();
      },
      Effect::kReads);
  if (!taken.ok()) return taken;
  if (!status.ok()) return status;
  if (!receiving.is_whole()) return CutOff();
  return receiving.info();
}

}  // namespace sodality::internal
