#include "server/core/chapter.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "crypto/sealed_blob.h"
#include "server/core/access/approvals.h"
#include "server/core/access/codec.h"
#include "server/core/keys/index_exchange.h"
#include "server/core/keys/root_exchange.h"
#include "server/core/rollback_checks.h"
#include "server/core/store_digest.h"
#include "server/core/waiter.h"

namespace sodality::core {
namespace {

absl::StatusOr<crypto::SubKey> SuppressionSubKey(
    const crypto::Keyring& keyring) {
  auto key = keyring.Active<crypto::SuppressionKey>();
  if (!key.ok()) return key.status();
  return crypto::DeriveSubKey(key->key,
                              crypto::AssociatedData("sodality/suppression/1"));
}

absl::StatusOr<pki::CertificateAuthority> LoadAuthority(
    const crypto::Keyring& keyring, pki::CaCertificate certificate) {
  auto key = keyring.Active<crypto::CaKey>();
  if (!key.ok()) return key.status();
  const auto parsed = pki::PrivateKey::FromPkcs8Der(key->key.pkcs8);
  if (!parsed.ok()) return parsed.status();
  return pki::CertificateAuthority::Load(*parsed, std::move(certificate));
}

}  // namespace

// Declared in order of need: destroyed the other way round, so that the store
// answers its last waiters while the ledger still stands.
struct Chapter::Parts {
  Parts(ChapterOptions opts, crypto::Keyring ring, pki::CertificateAuthority ca,
        crypto::SubKey suppression, RequestLog log)
      : options(std::move(opts)),
        keys(std::make_shared<Keys>(std::move(ring), options.store_keyring,
                                    options.roots.get(), options.begin_backup)),
        authority(std::move(ca)),
        suppressions(std::move(suppression)),
        requests(std::move(log)) {}

  ChapterOptions options;
  const std::shared_ptr<Keys> keys;
  std::unique_ptr<LiveIndex> index;
  pki::CertificateAuthority authority;
  AccessTable access;
  SuppressionList suppressions;
  RequestLog requests;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<StoreDigest> digest;
  std::unique_ptr<store::MemberStore> store;
  std::unique_ptr<Committer> committer;
  std::unique_ptr<DirectoryParts> directory_parts;
  std::unique_ptr<Directory> directory;
  std::unique_ptr<AccessControl> access_control;
  std::unique_ptr<Enrollment> enrollment;
  std::optional<Rotation> unfinished;
  std::unique_ptr<KeyRotation> key_rotation;
  std::unique_ptr<Approvals> approvals;
  std::unique_ptr<BackupMaker> backups;
  std::unique_ptr<LedgerReader> reader;

  absl::Status OpenLedger();
  absl::Status CheckStore();
  absl::Status LoadAccess(std::span<const store::AccessRow> rows);
  absl::Status MakeIndex();
  absl::Status Wire();
};

absl::Status Chapter::Parts::OpenLedger() {
  auto opened = Ledger::Open({options.data_folder + "/ledger", options.fs,
                              options.clock, options.ledger_segment_bytes},
                             keys->Current(), options.create);
  if (!opened.ok()) return opened.status();
  ledger = *std::move(opened);
  return absl::OkStatus();
}

absl::Status Chapter::Parts::CheckStore() {
  auto made = StoreDigest::Create(
      *keys->Current(), options.random, [this] { return ledger->head(); },
      [this] { return keys->Current()->generation(); });
  if (!made.ok()) return made.status();
  digest = *std::move(made);
  auto revision = store->LastRevision();
  if (!revision.ok()) return revision.status();
  auto row = store->ReadDigest();
  if (!row.ok()) return row.status();
  if (auto s = digest->Load(*row, *revision); !s.ok()) return s;
  if (auto s = CheckHeads(digest->facts(), *ledger, *revision); !s.ok()) {
    return s;
  }
  if (auto s = CheckOutbox(*store, ledger->head(), *revision); !s.ok()) {
    return s;
  }
  if (auto s = CheckIndex(*store, ledger->head()); !s.ok()) return s;
  auto rows = store->ReadAccessRows();
  if (!rows.ok()) return rows.status();
  if (auto s = digest->CheckAccessRows(*rows); !s.ok()) return s;
  if (auto s = LoadAccess(*rows); !s.ok()) return s;
  return CheckGeneration(digest->facts(), *keys->Current(), unfinished,
                         access.book().IsRunning());
}

absl::Status Chapter::Parts::LoadAccess(
    std::span<const store::AccessRow> rows) {
  const auto keyring = keys->Current();
  auto key = keyring->Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  const crypto::RowSealer sealer(options.info.id.bytes, *key);
  for (const store::AccessRow& row : rows) {
    auto fact = OpenFact(row, sealer);
    if (!fact.ok()) return fact.status();
    std::visit(
        [&](auto& f) {
          if constexpr (requires { access.Put(f); }) {
            access.Put(std::move(f));
          } else if constexpr (requires { suppressions.Add(f.id); }) {
            suppressions.Add(f.id);
          } else {
            unfinished = f;
          }
        },
        *fact);
  }
  return absl::OkStatus();
}

absl::Status Chapter::Parts::MakeIndex() {
  const auto keyring = keys->Current();
  const auto versions = VersionsAtStart(*keyring, unfinished);
  if (!versions.ok()) return versions.status();
  if (auto s = CheckTokens(*store, *versions); !s.ok()) return s;
  auto made = SearchIndex::Create(options.schema, *keyring, *versions);
  if (!made.ok()) return made.status();
  index = std::make_unique<LiveIndex>(*std::move(made));
  return absl::OkStatus();
}

absl::Status Chapter::Parts::Wire() {
  store->SetDigestSealer(*digest);
  if (auto s = MakeIndex(); !s.ok()) return s;
  committer = std::make_unique<Committer>(*store, *ledger);
  directory_parts = std::make_unique<DirectoryParts>(DirectoryParts{
      options.info, options.schema, options.clock, options.random, keys, *index,
      *store, *ledger, *committer, access, suppressions});
  directory = std::make_unique<Directory>(*directory_parts);
  if (auto s = directory->status(); !s.ok()) return s;
  const AccessParts access_parts{*directory_parts, *directory, authority,
                                 requests};
  access_control = std::make_unique<AccessControl>(access_parts);
  enrollment = std::make_unique<Enrollment>(access_parts);
  key_rotation =
      std::make_unique<KeyRotation>(access_parts, *keys, *index, unfinished);
  approvals = std::make_unique<Approvals>(
      *directory_parts, KeyTrim(*directory_parts, *keys, *key_rotation));
  backups = std::make_unique<BackupMaker>(
      *directory_parts, *keys,
      BackupSource{options.fs, options.data_folder, options.public_files});
  auto made = LedgerReader::Create(*store, *ledger, *keys->Current());
  if (!made.ok()) return made.status();
  reader = *std::move(made);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Chapter>> Chapter::Open(
    ChapterOptions options, crypto::Keyring keyring, pki::CaCertificate ca,
    std::unique_ptr<store::MemberStore> store) {
  auto authority = LoadAuthority(keyring, std::move(ca));
  if (!authority.ok()) return authority.status();
  auto suppression = SuppressionSubKey(keyring);
  if (!suppression.ok()) return suppression.status();
  auto requests = RequestLog::Create(keyring, options.clock, options.random);
  if (!requests.ok()) return requests.status();
  auto parts = std::make_unique<Parts>(
      std::move(options), std::move(keyring), *std::move(authority),
      *std::move(suppression), *std::move(requests));
  parts->store = std::move(store);
  if (auto s = parts->OpenLedger(); !s.ok()) return s;
  if (auto s = parts->CheckStore(); !s.ok()) return s;
  if (auto s = parts->Wire(); !s.ok()) return s;
  std::unique_ptr<Chapter> chapter(new Chapter(std::move(parts)));
  if (chapter->parts_->options.examine) return chapter;
  if (auto s = chapter->parts_->committer->ReplayOutbox(); !s.ok()) return s;
  if (auto s = chapter->parts_->approvals->Resume(); !s.ok()) return s;
  if (auto s = chapter->parts_->reader->UpdateIndex(); !s.ok()) return s;
  return chapter;
}

Chapter::Chapter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {
  parts_->ledger->SetAuthority(*this);
}
Chapter::~Chapter() = default;

const ChapterInfo& Chapter::info() const { return parts_->options.info; }
const Schema& Chapter::schema() const { return parts_->options.schema; }
const AccessTable& Chapter::access() const { return parts_->access; }
std::shared_ptr<const crypto::Keyring> Chapter::keyring() const {
  return parts_->keys->Current();
}
Directory& Chapter::directory() { return *parts_->directory; }
AccessControl& Chapter::access_control() { return *parts_->access_control; }
Approvals& Chapter::approvals() { return *parts_->approvals; }
Enrollment& Chapter::enrollment() { return *parts_->enrollment; }
KeyRotation& Chapter::key_rotation() { return *parts_->key_rotation; }
BackupMaker& Chapter::backups() { return *parts_->backups; }
LedgerReader& Chapter::ledger_reader() { return *parts_->reader; }
Ledger& Chapter::ledger() { return *parts_->ledger; }
store::MemberStore& Chapter::store() { return *parts_->store; }
const DirectoryParts& Chapter::directory_parts() {
  return *parts_->directory_parts;
}

SignedHead Chapter::SignHead(const Head& head) {
  const Incarnation now = parts_->access.incarnation();
  return parts_->ledger->SignHead(head, {now.id, now.parent});
}

absl::Status Chapter::Record(EntryDraft entry) {
  Waiter<uint64_t> waiter;
  parts_->ledger->Append(
      std::move(entry), 0,
      [&](absl::StatusOr<uint64_t> number) { waiter.Set(std::move(number)); });
  return waiter.Wait().status();
}

absl::Status Chapter::CheckMembers() {
  return parts_->digest->CheckMembers(*parts_->store);
}

absl::StatusOr<Budget> Chapter::CheckRelease(const EntryDraft& draft,
                                             Timestamp now) {
  return parts_->access.CheckRelease(draft.actor, draft.device, draft.grant,
                                     now);
}

}  // namespace sodality::core
