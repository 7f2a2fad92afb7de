// One unsealed chapter: every part of the core, wired. The application opens
// keyring and store (core knows no SQL), this does the rest: rollback checks,
// digest, access rows, outbox, ledger index. Read next: directory.h.
#ifndef SODALITY_SERVER_CORE_CHAPTER_H_
#define SODALITY_SERVER_CORE_CHAPTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/pki/authority.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/core/access/access_control.h"
#include "server/core/access/access_table.h"
#include "server/core/access/enrollment.h"
#include "server/core/backup/backup.h"
#include "server/core/committer.h"
#include "server/core/directory.h"
#include "server/core/keys/key_rotation.h"
#include "server/core/keys/keys.h"
#include "server/core/ledger/ledger.h"
#include "server/core/ledger/ledger_reader.h"
#include "server/core/live_index.h"
#include "server/core/request_log.h"
#include "server/core/roster.h"
#include "server/core/schema.h"
#include "server/core/suppression.h"
#include "server/store/member_store.h"

namespace sodality::core {

class Approvals;  // access/approvals.h

// Public facts of the chapter, from <data>/chapter.toml.
struct ChapterInfo {
  ChapterId id;
  std::string name;
  std::string country = "US";  // How national telephone numbers are read.
  std::string address;         // host:port that invites name.
};

// Everything a Directory or a RosterPush uses; borrowed, owned by Chapter.
struct DirectoryParts {
  const ChapterInfo& info;
  const Schema& schema;
  const platform::Clock& clock;
  crypto::Random& random;
  std::shared_ptr<const Keys> keys;
  const LiveIndex& index;
  store::MemberStore& store;
  Ledger& ledger;
  Committer& committer;
  AccessTable& access;
  SuppressionList& suppressions;
};

struct AccessParts {
  DirectoryParts base;
  Directory& directory;
  const pki::CertificateAuthority& authority;
  const RequestLog& requests;
};

struct ChapterOptions {
  std::string data_folder;
  ChapterInfo info;
  Schema schema;
  platform::FileSystem& fs;
  const platform::Clock& clock;
  crypto::Random& random;
  bool create = false;  // Set-up: nothing may exist yet.
  // Every check of a start and nothing that writes: no entry of the outbox is
  // replayed. For a chapter that is looked at and never used.
  bool examine = false;
  // Null: the keys cannot be changed.
  KeyringStoring store_keyring = nullptr;
  // Null: no backup can be made.
  BackupBeginning begin_backup = nullptr;
  // What a backup holds besides, by name: files of the data folder that are
  // readable while sealed.
  std::vector<std::string> public_files;
  uint64_t ledger_segment_bytes = LedgerOptions::kSegmentBytes;
  // Null: the root key cannot be changed.
  std::shared_ptr<RootExchange> roots = nullptr;
};

// Thread safety: safe. Lifetime: owns store, ledger and keys; the destructor
// finishes queued writes and wipes keys.
class Chapter final : private ReleaseAuthority {
 public:
  // `store` is open; `ca` is the CA certificate of <data>/ca.pem. Errors, each
  // naming what: FAILED_PRECONDITION for a rollback ("the database is older
  // than the ledger", "the ledger is older than the database", ...); DATA_LOSS
  // for damage (ledger, digest, access rows).
  static absl::StatusOr<std::unique_ptr<Chapter>> Open(
      ChapterOptions options, crypto::Keyring keyring, pki::CaCertificate ca,
      std::unique_ptr<store::MemberStore> store);
  ~Chapter() override;

  const ChapterInfo& info() const;
  const Schema& schema() const;
  const AccessTable& access() const;
  std::shared_ptr<const crypto::Keyring> keyring() const;
  Directory& directory();
  AccessControl& access_control();
  Approvals& approvals();
  Enrollment& enrollment();
  KeyRotation& key_rotation();
  BackupMaker& backups();
  LedgerReader& ledger_reader();
  Ledger& ledger();
  store::MemberStore& store();
  const DirectoryParts& directory_parts();

  // As Ledger::SignHead, of the incarnation that this is.
  SignedHead SignHead(const Head& head);

  // Records an act of the server itself (kUnseal, kSeal) or a refusal.
  absl::Status Record(EntryDraft entry);

  // Compares every member's row with the digest; StoreDigest::CheckMembers.
  absl::Status CheckMembers();

 private:
  struct Parts;
  explicit Chapter(std::unique_ptr<Parts> parts);
  absl::StatusOr<Budget> CheckRelease(const EntryDraft& draft,
                                      Timestamp now) override;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_CHAPTER_H_
