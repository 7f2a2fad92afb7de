#include "tests/chapter/chapter_world.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "crypto/pki/csr.h"
#include "crypto/pki/invite_file.h"
#include "crypto/root_key.h"
#include "server/app/root_files.h"
#include "server/core/waiter.h"
#include "server/store/sqlcipher/sqlcipher_store.h"
#include "tests/faults/fault_vfs.h"
#include "text/base32.h"
#include "text/normalise.h"

namespace sodality::core {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLogBytes = 32 << 10;
constexpr uint64_t kSegmentBytes = 8 << 10;

crypto::Keyring NewKeyring(const ChapterId& chapter, Timestamp now,
                           const crypto::SecretBuffer& ca_key) {
  auto keyring = crypto::Keyring::Create(
      {chapter.bytes, {text::kNormaliserVersion, 8, 6}, now},
      crypto::SystemRandom());
  const uint32_t ca = keyring.PrepareCa({ca_key.Clone()}, now);
  EXPECT_TRUE(keyring.Activate(crypto::KeyKind::kCa, ca).ok());
  return keyring;
}

std::vector<crypto::Root> NewRoots() {
  std::vector<crypto::Root> roots;
  roots.push_back(crypto::Root::FromKeyFile(
      crypto::RootKey::Generate(crypto::SystemRandom())));
  return roots;
}

}  // namespace

RequestId NewRequest() { return {crypto::RandomId(crypto::SystemRandom())}; }

ChapterWorld::ChapterWorld(crypto::Random& random)
    : folder_(fs::canonical(scratch_.path()).string() + "/data"),
      random_(random),
      authority_(*pki::CertificateAuthority::Create(
          text::EncodeBase32(chapter_id_.bytes), clock_.Now())),
      roots_(NewRoots()) {
  fs::create_directory(folder_);
  Restore({});
}

ChapterWorld::~ChapterWorld() {
  Close();
  faults::FaultVfs::Installed().Mount(nullptr);
}

absl::Status ChapterWorld::Open(bool create) {
  Close();
  if (create) {
    const auto made =
        File().Store(NewKeyring(chapter_id_, clock_.Now(), authority_.key()),
                     roots_, crypto::SystemRandom());
    if (!made.ok()) return made;
    const absl::Status kept = crypto::ReplaceRootKeyFile(
        disk_->file_system(), RootKeyFile(), roots_.front().key);
    if (!kept.ok()) return kept;
  }
  const auto root =
      crypto::LoadRootKeyFile(disk_->file_system(), RootKeyFile());
  if (!root.ok()) return root.status();
  auto keys = File().LoadToChange(*root);
  if (!keys.ok()) return keys.status();
  const auto key = keys->keyring.Active<crypto::PageKey>();
  if (!key.ok()) return key.status();
  auto store = store::SqlcipherStore::Open(
      {.path = folder_ + "/members.db",
       .page_version = key->version,
       .key = key->key.Expose(crypto::AllowSecretAccess()),
       .create = create,
       .readers = 1,  // Readers wait for each other.
       .checkpoint_bytes = kLogBytes,
       .copy_reserve_bytes = 0});
  if (!store.ok()) return store.status();
  auto schema = Schema::Parse(Schema::DefaultToml(), "schema.toml");
  if (!schema.ok()) return schema.status();
  const auto files = std::make_shared<app::RootFiles>(
      app::RootFilesOptions{.fs = disk_->file_system(),
                            .keyring = folder_ + "/keyring",
                            .place = {.key_file = RootKeyFile()},
                            .random = crypto::SystemRandom()},
      std::move(keys->resealer));
  auto opened = Chapter::Open(
      {.data_folder = folder_,
       .info = {chapter_id_, "Test", "US", "127.0.0.1:4000"},
       .schema = *std::move(schema),
       .fs = disk_->file_system(),
       .clock = clock_,
       .random = random_,
       .create = create,
       .store_keyring =
           [files](const crypto::Keyring& changed) {
             return files->StoreChanged(changed);
           },
       .ledger_segment_bytes = kSegmentBytes,
       .roots = files},
      std::move(keys->keyring), authority_.certificate(), *std::move(store));
  if (!opened.ok()) return opened.status();
  chapter_ = *std::move(opened);
  return absl::OkStatus();
}

absl::StatusOr<crypto::Keyring> ChapterWorld::ReadKeyring() {
  const auto root =
      crypto::LoadRootKeyFile(disk_->file_system(), RootKeyFile());
  return root.ok() ? File().Load(*root) : root.status();
}

void ChapterWorld::Close() { chapter_.reset(); }

Image ChapterWorld::Snapshot() const {
  Image image;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    image[fs::relative(entry.path(), folder_).string()] = {
        std::istreambuf_iterator<char>(file), {}};
  }
  return image;
}

void ChapterWorld::Restore(const Image& image) {
  Close();
  fs::remove_all(folder_);
  fs::create_directory(folder_);
  for (const auto& [name, bytes] : image) {
    const fs::path path = fs::path(folder_) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  disk_.emplace(folder_);
  faults::FaultVfs::Installed().Mount(&*disk_);
}

absl::StatusOr<Caller> ChapterWorld::FoundWithAdmin(const std::string& name) {
  if (auto s = Open(/*create=*/true); !s.ok()) return s;
  const auto invite = chapter_->access_control().CreateFirstAdmin(name);
  if (!invite.ok()) return invite.status();
  return Join(*invite);
}

absl::StatusOr<Caller> ChapterWorld::Enrol(const Caller& admin,
                                           const std::string& name, Role role) {
  InviteInput input;
  input.name = name;
  input.role = role;
  input.request = NewRequest();
  const auto invite = chapter_->access_control().CreateInvite(admin, input);
  if (!invite.ok()) return invite.status();
  return Join(*invite);
}

absl::StatusOr<Caller> ChapterWorld::Join(const InviteOutput& invite) {
  const auto parsed = pki::ParseInvite(invite.file);
  if (!parsed.ok()) return parsed.status();
  const auto key = pki::PrivateKey::Generate();
  const auto enrolled = chapter_->enrollment().Redeem(
      parsed->certificate.fingerprint().bytes,
      pki::CertificateRequest::Create(*key)->der());
  if (!enrolled.ok()) return enrolled.status();
  const auto certificate =
      pki::Certificate::ParsePem(enrolled->certificate_pem);
  return chapter_->access().Identify(certificate->fingerprint().bytes,
                                     clock_.Now());
}

absl::StatusOr<ProjectedMember> ChapterWorld::Get(const Caller& caller,
                                                  GetQuery query) {
  Waiter<ProjectedMember> waiter;
  chapter_->directory().Get(caller, std::move(query),
                            [&](absl::StatusOr<ProjectedMember> member) {
                              waiter.Set(std::move(member));
                            });
  return waiter.Wait();
}

absl::StatusOr<SearchResult> ChapterWorld::Search(const Caller& caller,
                                                  SearchQuery query) {
  Waiter<SearchResult> waiter;
  chapter_->directory().Search(caller, std::move(query),
                               [&](absl::StatusOr<SearchResult> result) {
                                 waiter.Set(std::move(result));
                               });
  return waiter.Wait();
}

absl::StatusOr<RosterCounts> ChapterWorld::Push(
    const Caller& caller, const std::vector<Cells>& rows) {
  auto push = RosterPush::Begin(chapter_->directory_parts(), caller, {});
  if (!push.ok()) return push.status();
  for (size_t at = 0; at < rows.size();) {
    std::vector<RosterRow> numbered;
    for (; at < rows.size() && numbered.size() < kMaxRowsPerBatch; ++at) {
      numbered.push_back({at + 1, Inputs(rows[at])});
    }
    if (auto s = (*push)->Add(numbered); !s.ok()) return s;
  }
  return (*push)->Finish();
}

void ExpectWholeLedger(Chapter& chapter) {
  Ledger& ledger = chapter.ledger();
  Hash previous{};
  store::Revision revision = 0;
  std::map<store::LedgerTag, uint64_t> sequences;
  for (uint64_t n = 1; n <= ledger.head().number; ++n) {
    const auto entry = ledger.Read(n);
    ASSERT_TRUE(entry.ok()) << entry.status();
    EXPECT_EQ(entry->header.number, n);
    EXPECT_EQ(entry->header.previous, previous);
    previous = entry->leaf;
    EXPECT_GE(entry->header.revision, revision);
    EXPECT_LE(entry->header.revision, revision + 1) << "a write has no entry";
    revision = entry->header.revision;
    for (const auto& part : entry->header.parts) {
      EXPECT_EQ(part.sequence, ++sequences[part.tag]);
    }
  }
  EXPECT_EQ(ledger.head().leaf, previous);
  EXPECT_EQ(chapter.store().LastRevision().value(), revision);
}

}  // namespace sodality::core
