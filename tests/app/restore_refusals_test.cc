// What `sodalityd restore` refuses, and that it leaves nothing then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "crypto/backup_file.h"
#include "crypto/random.h"
#include "crypto/sealed_blob.h"
#include "server/core/access/codec.h"
#include "server/core/members.h"
#include "tests/app/packed_backup.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RestoreRefusalsTest : public BackedUpFixture {
 protected:
  void ExpectRefused(const std::vector<std::string>& words, int exit,
                     const std::string& why) {
    const auto before = Names();
    const Ended ended = RunProgram(words);
    EXPECT_EQ(ended.exit, exit) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(why));
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(Names(), before);
  }
  void ExpectDamaged(const std::string& why) {
    ExpectRefused(Verifying(), 1, why);
    ExpectRefused(Restoring(), 1, why);
  }
  // Into the chapter, as a server of it would write.
  void Commit(void (*fill)(core::Chapter& chapter, store::Write& write)) {
    const auto chapter = OpenIn(data_);
    store::Write write;
    fill(*chapter, write);
    ASSERT_TRUE(
        chapter->directory_parts()
            .committer
            .Commit(std::move(write), {.action = core::Action::kPushRoster})
            .ok());
  }
  void Flip(size_t at) {
    std::string bytes = ReadAll(backup_);
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    scratch_.Write("backup", bytes);
  }
  void Cut(size_t size) {
    scratch_.Write("backup", ReadAll(backup_).substr(0, size));
  }
  size_t HeadSize() const {
    return crypto::kBackupPrefix + fs::file_size(data_ + "/keyring");
  }
};

TEST_F(RestoreRefusalsTest, AnotherRootKey) {
  const std::string other = OtherKey();
  ExpectRefused(Verifying({"--root-key", other}), 10, "does not open");
  ExpectRefused(Restoring({"--root-key", other}), 10, "does not open");
}

TEST_F(RestoreRefusalsTest, AKeyThatIsNotTheKindOfTheBackup) {
  const std::string file = scratch_.Write("p", "a passphrase of nobody\n");
  EXPECT_NE(RunProgram(Verifying({"--passphrase-file", file})).exit, 0);
  auto words = Verifying();
  words.resize(5);  // None at all.
  ExpectRefused(words, 2, "is kept by a key file: give --root-key FILE");
}

TEST_F(RestoreRefusalsTest, WhatTheLineSaysWrongly) {
  ExpectRefused(Verifying({"--root-key", scratch_ / "root.key", "--admin",
                           "Noor", "--invite-out", invite_}),
                2, "--verify-only, or --admin");
  auto words = Restoring();
  words.erase(words.begin() + 4, words.begin() + 6);
  ExpectRefused(words, 2, "--verify-only, or --admin");
  words = Restoring();
  words[1] = scratch_ / "absent";
  ExpectRefused(words, 2, "cannot open");
  words[1] = data_;
  ExpectRefused(words, 2, "no ordinary file");
  ASSERT_EQ(::mkfifo((scratch_ / "pipe").c_str(), 0600), 0);
  words[1] = scratch_ / "pipe";
  ExpectRefused(words, 2, "no ordinary file");
  words = Restoring();
  words[3] = scratch_ / "nowhere/data";
  ExpectRefused(words, 2, "there is no folder");
}

TEST_F(RestoreRefusalsTest, WhatIsThereStays) {
  auto words = Restoring();
  words[3] = data_;
  ExpectRefused(words, 7, "is there and not empty");
  scratch_.Write("noor.invite", "mine");
  ExpectRefused(Restoring(), 7, "exists already");
  EXPECT_EQ(ReadAll(invite_), "mine");
}

TEST_F(RestoreRefusalsTest, WhatIsNoBackup) {
  scratch_.Write("backup", "a letter");
  ExpectDamaged("these bytes are no backup");
  scratch_.Write("backup", "");
  ExpectDamaged("these bytes are no backup");
}

TEST_F(RestoreRefusalsTest, ABitOfAChunk) {
  Flip(HeadSize() + 3 * crypto::kSealedBackupChunk / 2);
  ExpectDamaged("the backup is damaged (at or behind byte " +
                std::to_string(HeadSize() + crypto::kSealedBackupChunk) + ")");
}

TEST_F(RestoreRefusalsTest, ABitOfTheHead) {
  const size_t size = HeadSize();
  for (size_t at = 0; at < size; at += at < 40 ? 7 : 149) {
    Flip(at);
    const Ended ended = RunProgram(Verifying());
    EXPECT_TRUE(ended.exit == 1 || ended.exit == 10) << at << ended.err;
    Flip(at);
  }
  EXPECT_EQ(RunProgram(Verifying()).exit, 0);
}

TEST_F(RestoreRefusalsTest, OneThatIsCutOff) {
  const size_t whole = fs::file_size(backup_);
  const size_t head = HeadSize();
  for (const size_t size :
       {whole - 1, head + crypto::kSealedBackupChunk, head + 1, head, head - 1,
        crypto::kBackupPrefix, size_t{20}}) {
    Pack();
    Cut(size);
    ExpectRefused(Verifying(), 1, "backup");
  }
}

TEST_F(RestoreRefusalsTest, WhatDoesNotAgreeWithTheManifest) {
  Pack({.change_manifest = [](auto& manifest) { ++manifest.members; }});
  ExpectDamaged("members: not as its manifest says");
  Pack({.change_manifest = [](auto& manifest) { --manifest.revision; }});
  ExpectDamaged("revision: not as its manifest says");
  Pack({.change_manifest = [](auto& m) { m.ledger.leaf[5] ^= 1; }});
  ExpectDamaged("last ledger entry: not as its manifest says");
  Pack({.change_manifest = [](auto& m) { ++m.keyring_generation; }});
  ExpectDamaged("keyring: not as its manifest says");
  Pack({.change_manifest = [](auto& m) { m.files[0].sha256[0] ^= 1; }});
  ExpectDamaged("chapter.toml is not as its manifest says");
}

TEST_F(RestoreRefusalsTest, OneThatLacksAFile) {
  Pack({.left_out = {"ledger/seg-00000000000000000001"}});
  ExpectDamaged("a segment of the ledger is missing");
}

// What was sealed so, and is not whole all the same.
TEST_F(RestoreRefusalsTest, WhatDoctorWouldFind) {
  Commit([](core::Chapter& chapter, store::Write& write) {
    const auto members = core::Members::Create(chapter.directory_parts());
    write.put_members.push_back(
        *members->sealer().Seal(core::Member::New(crypto::SystemRandom())));
    write.put_members.back().id = store::MemberId{{7}};  // Moved.
  });
  Pack();
  ExpectDamaged("records: 1 do not open");
}

TEST_F(RestoreRefusalsTest, AnAdminWhoseNameIsSomebodyElses) {
  Commit([](core::Chapter& chapter, store::Write& write) {
    core::Principal noor;
    noor.id.bytes = {9};
    noor.name = "Noor";
    noor.role = core::Role::kCoordinator;
    const auto keyring = chapter.keyring();
    const crypto::RowSealer sealer(chapter.info().id.bytes,
                                   *keyring->Active<crypto::StateKey>());
    write.put_rows.push_back(
        *core::SealFact(noor, sealer, crypto::SystemRandom()));
  });
  Pack();
  ExpectRefused(Restoring(), 7, "somebody who is no admin has this name");
  EXPECT_EQ(RunProgram(Verifying()).exit, 0);
}

}  // namespace
}  // namespace sodality::app
