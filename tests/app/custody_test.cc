#include "server/app/custody.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cerrno>

#include "platform/file_error.h"
#include "tests/scratch.h"

namespace sodality::app {
namespace {

TEST(CustodyTest, APassphraseFileIsOneLine) {
  const Scratch scratch;
  for (const char* content : {"correct horse", "correct horse\n"}) {
    const auto passphrase = ReadPassphraseFile(scratch.Write("p", content));
    ASSERT_TRUE(passphrase.ok()) << passphrase.status();
    EXPECT_EQ(crypto::AsText(passphrase->Expose(crypto::AllowSecretAccess())),
              "correct horse");
  }
}

TEST(CustodyTest, PassphraseFilesThatAreRefused) {
  const Scratch scratch;
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string("one\ntwo\n"),
        std::string(kMaxPassphraseBytes + 1, 'x'), std::string(5000, 'x')}) {
    const auto passphrase = ReadPassphraseFile(scratch.Write("p", content));
    EXPECT_EQ(passphrase.status().code(), absl::StatusCode::kInvalidArgument)
        << content.size();
  }
  EXPECT_EQ(ReadPassphraseFile(scratch / "absent").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(CustodyTest, APassphraseIsNeverInTheError) {
  const Scratch scratch;
  const auto passphrase =
      ReadPassphraseFile(scratch.Write("p", "hunter2\nmore\n"));
  EXPECT_EQ(passphrase.status().message().find("hunter2"),
            absl::string_view::npos);
}

TEST(CustodyTest, AFileThatMayNotBeOpenedIsNoWrongKey) {
  const Outcome refused =
      KeyFailure(platform::FileError(EACCES, "open", "/data/keyring"));
  EXPECT_EQ(refused.exit, ExitCode::kDenied);
  EXPECT_EQ(refused.message, "cannot open /data/keyring: Permission denied");
  EXPECT_EQ(refused.hint, "run this as the user whose data folder it is");
  EXPECT_EQ(KeyFailure(absl::PermissionDeniedError("a wrong key")).exit,
            ExitCode::kSealed);
}

TEST(CustodyTest, AFailingMachineIsNoMisuse) {
  const Scratch scratch;
  const std::string path = scratch.Write("key", "x");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;  // From now on EMFILE.
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const absl::Status key = ReadRootKeyFile(path).status();
  const absl::Status passphrase = ReadPassphraseFile(path).status();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  for (const absl::Status& status : {key, passphrase}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    EXPECT_EQ(KeyFailure(status).exit, ExitCode::kFailed);
    EXPECT_EQ(KeyFailure(status).hint,
              "is the disk failing or full, or a limit reached?");
  }
}

TEST(CustodyTest, ACredentialOfSystemdsIsFound) {
  const Scratch scratch;
  ::setenv("CREDENTIALS_DIRECTORY", scratch.path().c_str(), 1);
  EXPECT_FALSE(CredentialSource().has_value());
  scratch.Write("root-key", "x");
  ASSERT_TRUE(CredentialSource().has_value());
  EXPECT_EQ(CredentialSource()->key_file, scratch / "root-key");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_FALSE(CredentialSource().has_value());
}

}  // namespace
}  // namespace sodality::app
