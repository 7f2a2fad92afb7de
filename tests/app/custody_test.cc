#include "server/app/custody.h"

#include <gtest/gtest.h>
#include <stdlib.h>

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
