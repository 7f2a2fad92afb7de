#include "sqlcipher/version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sodality::sqlcipher {
namespace {

using testing::HasSubstr;

TEST(VersionTest, TheLibraryLinkedIsNewEnough) {
  EXPECT_TRUE(CheckVersion().ok()) << CheckVersion();
}

TEST(VersionTest, FourSixAndLaterAreAccepted) {
  for (const char* version : {"4.6.0 community", "4.6.1 community", "4.6.1",
                              "4.10.0 community", "5.0", "10.1.2"}) {
    EXPECT_TRUE(CheckVersionText(version).ok()) << version;
  }
}

TEST(VersionTest, OlderVersionsAreRefusedByName) {
  for (const char* version :
       {"3.4.1", "4.5.7 community", "4.5", "4.0.99 commercial", "0.9"}) {
    const absl::Status refused = CheckVersionText(version);
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << version;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(version));
    EXPECT_THAT(std::string(refused.message()), HasSubstr("4.6"));
  }
}

TEST(VersionTest, AnswersWithoutAVersionAreRefused) {
  for (const char* version :
       {"4", "4.", "x", ".6", "-4.6", "four.six", "99999999999.6"}) {
    EXPECT_FALSE(CheckVersionText(version).ok()) << version;
  }
}

TEST(VersionTest, PlainSqliteIsNamed) {
  EXPECT_THAT(std::string(CheckVersionText("").message()),
              HasSubstr("without SQLCipher"));
}

}  // namespace
}  // namespace sodality::sqlcipher
