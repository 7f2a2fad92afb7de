#include "tests/app/packed_backup.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "crypto/backup_file.h"
#include "crypto/random.h"
#include "crypto/root_key.h"
#include "crypto/sealed_keyring.h"
#include "crypto/sha256.h"
#include "platform/file.h"
#include "server/app/public_state.h"
#include "server/app/unsealing.h"
#include "server/core/members.h"
#include "server/store/sqlcipher/store_file.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;

template <class T>
T Must(absl::StatusOr<T> value) {
  EXPECT_TRUE(value.ok()) << value.status();
  return *std::move(value);
}

std::vector<std::string> FileNames(const DataFolder& folder,
                                   const crypto::Keyring& keyring) {
  std::vector<std::string> names = {"chapter.toml", "schema.toml", "ca.pem",
                                    "server.key", "server.pem"};
  for (const std::string& name :
       Must(platform::PosixFileSystem().List(folder.path() + "/ledger"))) {
    names.push_back("ledger/" + name);
  }
  const uint32_t version = Must(keyring.Active<crypto::PageKey>()).version;
  names.push_back(
      fs::path(store::PathOf(folder.store(), version)).filename().string());
  return names;
}

core::BackupManifest FactsOf(const DataFolder& folder,
                             const crypto::Keyring& keyring) {
  const auto state = Must(LoadPublicState(folder));
  auto store = Must(OpenStore(folder, keyring, Purpose::kExamine));
  const auto chapter = Must(
      OpenCore(state, keyring.Clone(), std::move(store), Purpose::kExamine));
  core::BackupManifest manifest;
  manifest.created.millis = 1'790'000'000'000;
  manifest.revision = Must(chapter->store().LastRevision());
  manifest.members = Must(chapter->store().Counts()).members;
  manifest.ledger = chapter->ledger().head();
  manifest.keyring_generation = keyring.generation();
  return manifest;
}

void Append(std::span<const uint8_t> more, store::Bytes& bytes) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

// Without most of the zeros at its end: what is left fills a few chunks.
std::string WithoutZeros(std::string content) {
  constexpr size_t kUnit = 2 * crypto::kBackupChunk;
  const size_t end = content.find_last_not_of('\0') + 1;
  content.resize(std::min(content.size(), (end + kUnit - 1) / kUnit * kUnit));
  return content;
}

std::string Seal(std::span<const uint8_t> plain, const DataFolder& folder,
                 const crypto::RootKey& root) {
  const std::string keyring = ReadAll(folder.keyring());
  const auto opened =
      Must(crypto::OpenKeyringToChange(crypto::AsBytes(keyring), root));
  auto sealer = Must(crypto::BackupSealer::Begin(
      crypto::AsBytes(keyring), opened.resealer, crypto::SystemRandom()));
  std::string file(crypto::AsText(sealer.head()));
  while (!plain.empty()) {
    const auto chunk =
        plain.first(std::min(plain.size(), crypto::kBackupChunk));
    plain = plain.subspan(chunk.size());
    file += crypto::AsText(sealer.Seal(chunk, plain.empty()));
  }
  return file;
}

}  // namespace

std::string PackFolder(const DataFolder& folder, const crypto::RootKey& root,
                       const Packing& packing) {
  const auto keyring = Must(
      crypto::OpenKeyring(crypto::AsBytes(ReadAll(folder.keyring())), root));
  core::BackupManifest manifest = FactsOf(folder, keyring);
  store::Bytes plain;
  for (const std::string& name : FileNames(folder, keyring)) {
    if (std::find(packing.left_out.begin(), packing.left_out.end(), name) !=
        packing.left_out.end()) {
      continue;
    }
    const std::string whole = ReadAll(folder.path() + "/" + name);
    const std::string content = WithoutZeros(whole);
    const auto bytes = crypto::AsBytes(content);
    Append(core::EncodeBackupFile({name, whole.size(), content.size()}), plain);
    Append(bytes, plain);
    manifest.files.push_back({name, whole.size(), crypto::Sha256(bytes)});
  }
  if (packing.change_manifest) packing.change_manifest(manifest);
  Append(core::EncodeManifest(manifest), plain);
  return Seal(plain, folder, root);
}

crypto::RootKey BackedUpFixture::Root() const {
  return Must(crypto::LoadRootKeyFile(platform::PosixFileSystem(),
                                      scratch_ / "root.key"));
}

std::unique_ptr<core::Chapter> BackedUpFixture::OpenIn(
    const std::string& folder) const {
  const auto state = Must(LoadPublicState(DataFolder(folder)));
  return Must(OpenChapter(state, Root()));
}

void BackedUpFixture::SetUp() {
  Init();
  {
    const auto chapter = OpenIn(data_);
    const auto members =
        Must(core::Members::Create(chapter->directory_parts()));
    store::Write write;
    for (uint64_t i = 0; i < kMembers; ++i) {
      write.put_members.push_back(
          *members.sealer().Seal(core::Member::New(crypto::SystemRandom())));
    }
    ASSERT_TRUE(
        chapter->directory_parts()
            .committer
            .Commit(std::move(write), {.action = core::Action::kPushRoster})
            .ok());
  }
  Pack();
}

void BackedUpFixture::Pack(const Packing& packing) {
  scratch_.Write("backup", PackFolder(DataFolder(data_), Root(), packing));
}

std::vector<std::string> BackedUpFixture::Verifying(
    std::vector<std::string> more) const {
  std::vector<std::string> words = {"restore", backup_, "--data", restored_,
                                    "--verify-only"};
  if (more.empty()) more = WithKey();
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> BackedUpFixture::Restoring(
    std::vector<std::string> more) const {
  std::vector<std::string> words = {"restore",      backup_,   "--data",
                                    restored_,      "--admin", "Noor",
                                    "--invite-out", invite_};
  if (more.empty()) more = WithKey();
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> BackedUpFixture::Names() const {
  return Must(platform::PosixFileSystem().List(scratch_.path()));
}

}  // namespace sodality::app
