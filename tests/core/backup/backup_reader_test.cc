#include "server/core/backup/backup_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/core/backup/written_backup.h"

namespace sodality::core {
namespace {

using testing::HasSubstr;

// Keeps what it was given.
class KeepingSink final : public BackupSink {
 public:
  absl::Status Begin(const BackupFileHeader& file) override {
    files.push_back({file.name, "", file.size - file.length});
    return begin;
  }
  absl::Status Write(std::span<const uint8_t> bytes) override {
    files.back().content += crypto::AsText(bytes);
    return write;
  }
  absl::Status End() override {
    ++ended;
    return end;
  }

  absl::Status begin, write, end;
  std::vector<WrittenFile> files;
  size_t ended = 0;
};

absl::StatusOr<BackupManifest> Read(std::span<const uint8_t> bytes,
                                    KeepingSink& sink) {
  BackupReader reader(sink);
  if (auto s = reader.Add(bytes); !s.ok()) return s;
  return reader.Finish();
}
absl::Status StatusOf(std::span<const uint8_t> bytes) {
  KeepingSink sink;
  return Read(bytes, sink).status();
}
void ExpectRefused(std::span<const uint8_t> bytes, const std::string& why) {
  const absl::Status status = StatusOf(bytes);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << why << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(why));
}

void ExpectWhole(const absl::StatusOr<BackupManifest>& manifest,
                 const KeepingSink& sink) {
  const auto files = SomeFiles();
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(EncodeManifest(*manifest), EncodeManifest(ManifestOf(files)));
  ASSERT_EQ(sink.files.size(), files.size());
  EXPECT_EQ(sink.ended, files.size());
  for (size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(sink.files[i].name, files[i].name);
    EXPECT_EQ(sink.files[i].content, files[i].content);
    EXPECT_EQ(sink.files[i].zeros, files[i].zeros);
  }
}

TEST(BackupReaderTest, HandsOutFilesAndTheManifest) {
  KeepingSink sink;
  const auto manifest = Read(WriteBackup(SomeFiles()), sink);
  ExpectWhole(manifest, sink);
}

TEST(BackupReaderTest, AnyCutIntoChunksGivesTheSame) {
  const store::Bytes bytes = WriteBackup(SomeFiles());
  std::mt19937 random(7);
  for (size_t round = 0; round < 300; ++round) {
    const size_t most = round < 2 ? round + 1 : 1 + round;
    std::span<const uint8_t> left = bytes;
    KeepingSink sink;
    BackupReader reader(sink);
    while (!left.empty()) {
      const size_t size =
          std::min<size_t>(left.size(), round < 2 ? most : random() % most);
      ASSERT_TRUE(reader.Add(left.first(size)).ok());
      left = left.subspan(size);
    }
    ExpectWhole(reader.Finish(), sink);
    if (HasFatalFailure()) return;
  }
}

TEST(BackupReaderTest, OneThatIsCutOffAnywhereIsRefused) {
  const store::Bytes bytes = WriteBackup(SomeFiles());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(StatusOf(std::span(bytes).first(size)).code(),
              absl::StatusCode::kDataLoss)
        << size;
  }
}

TEST(BackupReaderTest, AByteThatDiffersIsRefusedUnlessItIsAFact) {
  const store::Bytes bytes = WriteBackup(SomeFiles());
  // The manifest's facts, which are compared with what is opened.
  const size_t files = EncodeManifest(ManifestOf(SomeFiles())).size();
  const size_t facts = bytes.size() - files + 2;
  for (size_t at = 0; at < bytes.size(); ++at) {
    if (at >= facts && at < facts + 80) continue;
    store::Bytes changed = bytes;
    changed[at] ^= 1;
    EXPECT_FALSE(StatusOf(changed).ok()) << at;
  }
}

TEST(BackupReaderTest, NothingStandsBehindTheManifest) {
  store::Bytes bytes = WriteBackup(SomeFiles());
  Append(WriteFile({"members.3.db", ""}), bytes);
  ExpectRefused(bytes, "more bytes than its files need");
  bytes = WriteBackup(SomeFiles());
  bytes.push_back(0);
  ExpectRefused(bytes, "more bytes than its files need");
}

TEST(BackupReaderTest, NamesThatAreNone) {
  for (const std::string& name :
       {std::string("../x"), std::string("ledger/../x"), std::string("/x"),
        std::string("ledger/"), std::string("ledger/.x"), std::string("a/b/c"),
        std::string("Chapter.toml"), std::string(".x"), std::string(),
        std::string(201, 'a'), std::string("a\0b", 3)}) {
    const absl::Status status = StatusOf(WriteFile({name, "x"}));
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << name;
  }
}

TEST(BackupReaderTest, NamesOfNoFileOfAChapter) {
  for (const char* name :
       {"keyring", "lock", "unseal.sock", "members.1.db", "members.02.db",
        "members..db", "members.db-wal", "members.4294967296.db", "membersdb",
        "seg-00000000000000000001", "ledger/seg-1", "ledger/chapter.toml",
        "ledger/seg-00000000000000000001.new", "members/members.db",
        "ledger/seg-0000000000000000000x"}) {
    ExpectRefused(WriteFile({name, "x"}), "is no file of a chapter");
    EXPECT_FALSE(KindOfBackupFile(name).has_value()) << name;
  }
  EXPECT_EQ(KindOfBackupFile("members.4294967295.db"), BackupFileKind::kStore);
  EXPECT_EQ(KindOfBackupFile("members.db"), BackupFileKind::kStore);
}

TEST(BackupReaderTest, EachFileStandsOnceAndInItsPlace) {
  const auto files = SomeFiles();
  for (size_t i = 0; i < files.size(); ++i) {
    auto twice = files;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), files[i]);
    ExpectRefused(WriteBackup(twice), files[i].name + " stands in it twice");
    if (i == 0) continue;
    auto swapped = files;
    std::swap(swapped[i - 1], swapped[i]);
    ExpectRefused(WriteBackup(swapped),
                  files[i - 1].name + " stands behind " + files[i].name);
  }
  auto two_stores = files;
  two_stores.push_back({"members.3.db", "x"});
  ExpectRefused(WriteBackup(two_stores), "members.3.db stands behind");
}

TEST(BackupReaderTest, NoFileMayBeMissing) {
  const auto files = SomeFiles();
  for (size_t i = 0; i < files.size(); ++i) {
    auto fewer = files;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    const bool one_of_two = files[i].name.starts_with("ledger/");
    EXPECT_EQ(StatusOf(WriteBackup(fewer)).ok(), one_of_two) << files[i].name;
    EXPECT_FALSE(StatusOf(WriteBackup(fewer, ManifestOf(files))).ok());
    EXPECT_FALSE(StatusOf(WriteBackup(files, ManifestOf(fewer))).ok());
  }
}

TEST(BackupReaderTest, TheManifestAgreesWithWhatStands) {
  const auto files = SomeFiles();
  auto manifest = ManifestOf(files);
  manifest.files[3].sha256[31] ^= 1;
  ExpectRefused(WriteBackup(files, manifest),
                "server.key is not as its manifest says");
  manifest = ManifestOf(files);
  ++manifest.files[5].size;
  ExpectRefused(WriteBackup(files, manifest),
                "ledger/seg-00000000000000000001 is not as");
  manifest = ManifestOf(files);
  std::swap(manifest.files[5], manifest.files[6]);
  ExpectRefused(WriteBackup(files, manifest), "its manifest names");
}

TEST(BackupReaderTest, APartThatIsNone) {
  ExpectRefused(store::Bytes{0}, "it begins with a part that is none");
  store::Bytes bytes = WriteFile(SomeFiles()[0]);
  bytes.push_back(3);
  ExpectRefused(bytes, "a part that is none stands behind chapter.toml");
}

TEST(BackupReaderTest, AFileHasNoMoreBytesThanItsSize) {
  store::Bytes bytes = EncodeBackupFile({"chapter.toml", 1, 2});
  bytes.resize(bytes.size() + 2);
  ExpectRefused(bytes, "a part that is none");
}

TEST(BackupReaderTest, ANewerManifestIsSaidToBe) {
  store::Bytes bytes = WriteBackup(SomeFiles());
  const size_t manifest = EncodeManifest(ManifestOf(SomeFiles())).size();
  bytes[bytes.size() - manifest + 1] = 2;
  EXPECT_EQ(StatusOf(bytes).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(BackupReaderTest, AnErrorOfTheSinkEndsIt) {
  const store::Bytes bytes = WriteBackup(SomeFiles());
  const absl::Status full = absl::ResourceExhaustedError("disk full");
  for (absl::Status KeepingSink::*failing :
       {&KeepingSink::begin, &KeepingSink::write, &KeepingSink::end}) {
    KeepingSink sink;
    sink.*failing = full;
    BackupReader reader(sink);
    EXPECT_EQ(reader.Add(bytes), full);
    sink.*failing = absl::OkStatus();
    EXPECT_EQ(reader.Add(bytes), full);
    EXPECT_EQ(reader.Finish().status(), full);
    EXPECT_EQ(sink.files.size(), 1U);
  }
}

}  // namespace
}  // namespace sodality::core
