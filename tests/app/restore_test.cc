// What `sodalityd restore` makes of a backup that is whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "crypto/pki/csr.h"
#include "crypto/pki/invite_file.h"
#include "crypto/pki/key.h"
#include "tests/app/packed_backup.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RestoreTest : public BackedUpFixture {
 protected:
  // The rest is the store, which an entry and rows were added to.
  void ExpectSameFiles() const {
    for (const char* name : {"chapter.toml", "schema.toml", "ca.pem",
                             "server.key", "server.pem", "keyring"}) {
      EXPECT_EQ(ReadAll(restored_ + "/" + name), ReadAll(data_ + "/" + name))
          << name;
    }
  }
  static void ExpectMode(const std::string& path, mode_t mode) {
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0) << path;
    EXPECT_EQ(facts.st_mode & 07777U, mode) << path;
  }
  absl::StatusOr<core::Enrolled> Redeem(core::Chapter& chapter,
                                        const std::string& invite) const {
    const auto parsed = pki::ParseInvite(
        crypto::SecretBytes::CopyOf(crypto::AsBytes(ReadAll(invite))));
    if (!parsed.ok()) return parsed.status();
    const auto request =
        pki::CertificateRequest::Create(*pki::PrivateKey::Generate());
    return chapter.enrollment().Redeem(parsed->certificate.fingerprint().bytes,
                                       request->der());
  }
};

TEST_F(RestoreTest, TheFolderIsThatOfTheBackup) {
  const Ended ended = RunProgram(Restoring());
  ASSERT_EQ(ended.exit, 0) << ended.err;
  ExpectSameFiles();
  for (const auto& entry : fs::recursive_directory_iterator(restored_)) {
    ExpectMode(entry.path(), entry.is_directory() ? 0700 : 0600);
  }
  ExpectMode(restored_, 0700);
  ExpectMode(invite_, 0600);
  EXPECT_EQ(fs::file_size(restored_ + "/ledger/seg-00000000000000000001"),
            fs::file_size(data_ + "/ledger/seg-00000000000000000001"));
  const Ended doctor = RunProgram(
      {"doctor", "--data", restored_, "--root-key", scratch_ / "root.key"});
  EXPECT_EQ(doctor.exit, 0) << doctor.out;
  EXPECT_THAT(doctor.out, HasSubstr("ok    members: 3\n"));
  EXPECT_THAT(Names(), testing::UnorderedElementsAre("backup", "data", "invite",
                                                     "noor.invite", "restored",
                                                     "root.key"));
}

TEST_F(RestoreTest, OnlyTheNewAdminGetsIn) {
  ASSERT_EQ(RunProgram(Restoring()).exit, 0);
  const auto chapter = OpenIn(restored_);
  EXPECT_FALSE(Redeem(*chapter, scratch_ / "invite").ok());
  const auto enrolled = Redeem(*chapter, invite_);
  ASSERT_TRUE(enrolled.ok()) << enrolled.status();
  const auto certificate =
      pki::Certificate::ParsePem(enrolled->certificate_pem);
  const auto caller = chapter->access().Identify(
      certificate->fingerprint().bytes, platform::SystemClock().Now());
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->name, "Noor");
  EXPECT_EQ(caller->role, core::Role::kAdmin);
}

TEST_F(RestoreTest, AServerServesIt) {
  ASSERT_EQ(RunProgram(Restoring()).exit, 0);
  RunningServer server({"--data", restored_, "--listen", "127.0.0.1:0",
                        "--root-key", scratch_ / "root.key"});
  EXPECT_THAT(server.ReadLine(), HasSubstr("listening"));
  EXPECT_EQ(server.Stop(SIGTERM), 0);
}

TEST_F(RestoreTest, TheLedgerGoesOnWithTheRestore) {
  const uint64_t before = OpenIn(data_)->ledger().head().number;
  ASSERT_EQ(RunProgram(Restoring()).exit, 0);
  const auto chapter = OpenIn(restored_);
  const auto entry = chapter->ledger().Read(before + 1);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->header.action, core::Action::kRestore);
  EXPECT_EQ(chapter->ledger().head().number, before + 1);
}

TEST_F(RestoreTest, PeopleAreToldWhatItMeans) {
  const Ended ended = RunProgram(Restoring());
  for (const char* said :
       {"as of 2026-09-21T", "is lost", "has to join", "erase them",
        "Copies of the lost folder", "sodality join "}) {
    EXPECT_THAT(ended.err, HasSubstr(said));
  }
}

TEST_F(RestoreTest, AnEmptyFolderIsFilled) {
  fs::create_directory(restored_);
  EXPECT_EQ(RunProgram(Restoring()).exit, 0);
  EXPECT_TRUE(fs::exists(restored_ + "/keyring"));
}

TEST_F(RestoreTest, VerifyOnlySaysWhatTheBackupIsAndLeavesNothing) {
  const auto before = Names();
  const Ended ended = RunProgram(Verifying());
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_EQ(Names(), before);
  for (const char* line :
       {"chapter         Test Chapter (", "made            2026-09-21T",
        "members         3\n", "custody         a key file\n",
        "wrap: version 1 ACTIVE\n", "ledger entries  2\n"}) {
    EXPECT_THAT(ended.out, HasSubstr(line));
  }
}

TEST_F(RestoreTest, VerifyOnlyMayStandBesideTheFolderInUse) {
  auto words = Verifying();
  words[3] = data_;
  EXPECT_EQ(RunProgram(words).exit, 0);
  EXPECT_EQ(RunProgram(OnData("doctor", WithKey())).exit, 0);
}

TEST_F(RestoreTest, SpeaksJson) {
  auto more = WithKey();
  more.push_back("--json");
  const Ended ended = RunProgram(Verifying(more));
  const auto said = nlohmann::json::parse(ended.out, nullptr, false);
  ASSERT_TRUE(said.is_object()) << ended.out;
  EXPECT_EQ(said["members"], 3);
  EXPECT_EQ(said["chapter"]["name"], "Test Chapter");
  EXPECT_EQ(said["custody"][0], "a key file");
  EXPECT_EQ(said["id"].get<std::string>().size(), 26U);
  bool has_wrap = false;
  for (const auto& key : said["keys"]) {
    has_wrap |= key["kind"] == "wrap" && key["versions"][0]["version"] == 1 &&
                key["versions"][0]["state"] == "ACTIVE";
  }
  EXPECT_TRUE(has_wrap) << ended.out;
  EXPECT_EQ(ended.err, "");
}

}  // namespace
}  // namespace sodality::app
