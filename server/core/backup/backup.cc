#include "server/core/backup/backup.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/backup_file.h"
#include "server/core/access/access_writer.h"
#include "server/core/access/change_rules.h"
#include "server/core/backup/backup_pieces.h"
#include "server/core/chapter.h"
#include "server/core/error.h"
#include "server/core/keys/keys.h"
#include "server/store/store_maintenance.h"

namespace sodality::core {
namespace {

// The store's file may be exchanged for one under another key just before it is
// copied; hardly twice in a row.
constexpr int kTries = 3;

// All that must be of one moment.
struct Moment {
  std::optional<Keys::BegunBackup> keys;
  LedgerExtent ledger;
  store::Revision revision = 0;
  uint64_t members = 0;
};

absl::StatusOr<uint64_t> SizeOf(platform::FileSystem& fs,
                                const std::string& path) {
  auto file = fs.Open(path, /*create=*/false);
  if (!file.ok()) return file.status();
  return (*file)->Size();
}

uint64_t PlainBytes(const std::vector<SourceFile>& files,
                    const BackupManifest& manifest) {
  uint64_t bytes = EncodeManifest(manifest).size();
  for (const SourceFile& file : files) {
    bytes += BackupFileHeader::kFixedBytes + file.header.name.size() +
             file.header.length;
  }
  return bytes;
}

uint64_t SealedBytes(uint64_t plain) {
  const uint64_t chunks =
      (plain + crypto::kBackupChunk - 1) / crypto::kBackupChunk;
  return plain + chunks * (crypto::kNonceSize + crypto::kTagSize);
}

// Of each kind the oldest version whose key is there.
std::vector<KeySubject> OldestKeys(const crypto::Keyring& keyring) {
  std::vector<KeySubject> oldest;
  for (const crypto::KeyInfo& info : keyring.Infos()) {
    const bool first = oldest.empty() || oldest.back().kind != info.kind;
    if (first && info.state != crypto::KeyState::kDestroyed) {
      oldest.push_back({info.kind, info.version});
    }
  }
  return oldest;
}

absl::Status KeysWentMeanwhile() {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "keys that this backup would hold were destroyed meanwhile",
                   {.reason = Reason::kBackupRunning, .hint = "begin again"});
}

}  // namespace

class BackupMaker::Making final : public Backup {
 public:
  explicit Making(BackupMaker& maker) : maker_(maker) {}
  ~Making() override {
    crypto::Wipe(pending_);
    // What is left is removed before the next, and at a start.
    (void)maker_.parts_.store.maintenance()->RemoveBackup();
    maker_.End();
  }

  absl::Status Prepare();
  absl::Status RecordFor(const Caller& caller);
  [[nodiscard]] const BackupFacts& facts() const override { return facts_; }
  absl::StatusOr<store::Bytes> Next() override;

 private:
  absl::StatusOr<store::StoreBackup> CopyStore(Moment& moment);
  absl::Status NoteMoment(Moment& moment);
  absl::StatusOr<std::vector<SourceFile>> ListFiles(
      const store::StoreBackup& copy, const LedgerExtent& ledger);

  BackupMaker& maker_;
  BackupFacts facts_;
  std::vector<KeySubject> oldest_;
  std::optional<crypto::BackupSealer> sealer_;
  std::optional<BackupPieces> pieces_;
  // Room for a chunk and a piece, so that it does not grow: it is wiped.
  std::string pending_;
  bool begun_ = false;
  bool ended_ = false;
};

absl::Status BackupMaker::Making::NoteMoment(Moment& moment) {
  auto begun = maker_.keys_.BeginBackup();
  if (!begun.ok()) return begun.status();
  moment.keys.emplace(*std::move(begun));
  moment.ledger = maker_.parts_.ledger.extent();
  const auto revision = maker_.parts_.store.LastRevision();
  if (!revision.ok()) return revision.status();
  moment.revision = *revision;
  const auto counts = maker_.parts_.store.Counts();
  if (!counts.ok()) return counts.status();
  moment.members = counts->members;
  return absl::OkStatus();
}

absl::StatusOr<store::StoreBackup> BackupMaker::Making::CopyStore(
    Moment& moment) {
  const auto keyring = maker_.keys_.Current();
  const auto key = keyring->Active<crypto::PageKey>();
  if (!key.ok()) return key.status();
  return maker_.parts_.store.maintenance()->BackUp(
      {key->version, key->key.Expose(crypto::AllowSecretAccess())}, [&] {
        // On a thread that sees no keys otherwise.
        return crypto::WipingStack([&] { return NoteMoment(moment); },
                                   crypto::kBatchStack);
      });
}

absl::StatusOr<std::vector<SourceFile>> BackupMaker::Making::ListFiles(
    const store::StoreBackup& copy, const LedgerExtent& ledger) {
  const BackupSource& source = maker_.source_;
  std::vector<SourceFile> files;
  for (const std::string& name : source.public_files) {
    const std::string path = source.folder + "/" + name;
    const auto size = SizeOf(source.fs, path);
    if (!size.ok()) return size.status();
    files.push_back({path, {name, *size, *size}});
  }
  for (const LedgerExtent::Segment& segment : ledger.segments) {
    const std::string name = "ledger/" + segment.name;
    files.push_back(
        {source.folder + "/" + name, {name, segment.size, segment.length}});
  }
  const auto size = SizeOf(source.fs, copy.path);
  if (!size.ok()) return size.status();
  files.push_back({copy.path, {copy.name, *size, *size}});
  return files;
}

absl::Status BackupMaker::Making::Prepare() {
  Moment moment;
  absl::StatusOr<store::StoreBackup> copy = absl::AbortedError("");
  for (int i = 0; i < kTries && absl::IsAborted(copy.status()); ++i) {
    copy = CopyStore(moment);
  }
  if (!copy.ok()) return copy.status();
  auto files = ListFiles(*copy, moment.ledger);
  if (!files.ok()) return files.status();
  facts_.manifest = {.created = maker_.parts_.clock.Now(),
                     .revision = moment.revision,
                     .members = moment.members,
                     .ledger = moment.ledger.head,
                     .keyring_generation = moment.keys->keyring->generation(),
                     .files = {}};
  for (const SourceFile& file : *files) {
    facts_.manifest.files.push_back({file.header.name, file.header.size, {}});
  }
  oldest_ = OldestKeys(*moment.keys->keyring);
  sealer_.emplace(std::move(moment.keys->sealer));
  const auto id = crypto::BackupId(sealer_->head());
  if (!id.ok()) return id.status();
  facts_.id = *id;
  facts_.bytes =
      sealer_->head().size() + SealedBytes(PlainBytes(*files, facts_.manifest));
  pieces_.emplace(maker_.source_.fs, *std::move(files), facts_.manifest);
  pending_.reserve(3 * crypto::kBackupChunk);
  return absl::OkStatus();
}

absl::Status BackupMaker::Making::RecordFor(const Caller& caller) {
  const DirectoryParts& parts = maker_.parts_;
  const platform::MutexLock lock(parts.access.changes());
  if (auto s = CheckStillLive(parts, caller); !s.ok()) return s;
  const auto keyring = parts.keys->Current();
  for (const KeySubject& key : oldest_) {
    const auto info = keyring->Info(key.kind, key.version);
    if (!info.ok() || info->state == crypto::KeyState::kDestroyed) {
      return KeysWentMeanwhile();
    }
  }
  AccessChange change;
  change.facts.emplace_back(KeptBackup{.id = {facts_.id},
                                       .by = caller.principal,
                                       .made = facts_.manifest.created,
                                       .oldest = oldest_});
  change.entry = EntryFor(caller, Action::kBackUp, facts_.id);
  return AccessWriter(parts).Apply(std::move(change));
}

absl::StatusOr<store::Bytes> BackupMaker::Making::Next() {
  if (!std::exchange(begun_, true)) return sealer_->head();
  if (ended_) return store::Bytes{};
  bool more = true;
  while (more && pending_.size() <= crypto::kBackupChunk) {
    const auto taken = pieces_->Take(pending_);
    if (!taken.ok()) return taken.status();
    more = *taken;
  }
  const size_t size = std::min(pending_.size(), crypto::kBackupChunk);
  ended_ = size == pending_.size();
  store::Bytes sealed =
      sealer_->Seal(crypto::AsBytes(pending_).first(size), ended_);
  pending_.erase(0, size);
  return sealed;
}

void BackupMaker::End() {
  const platform::MutexLock lock(mutex_);
  running_ = false;
}

absl::StatusOr<std::unique_ptr<Backup>> BackupMaker::Begin(
    const Caller& caller) {
  if (parts_.store.maintenance() == nullptr) {
    return absl::FailedPreconditionError("this store keeps no files");
  }
  {
    const platform::MutexLock lock(mutex_);
    if (std::exchange(running_, true)) {
      return MakeError(absl::StatusCode::kFailedPrecondition,
                       "a backup is being made already",
                       {.reason = Reason::kBackupRunning,
                        .hint = "wait until it has ended; it takes an hour at "
                                "most"});
    }
  }
  auto making = std::make_unique<Making>(*this);
  absl::Status status = making->Prepare();
  if (status.ok()) status = making->RecordFor(caller);
  if (!status.ok()) return FromStore(status);
  return making;
}

}  // namespace sodality::core
