#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/random.h"
#include "crypto/sharing.h"
#include "tests/cli/test_session.h"
#include "tests/scratch.h"
#include "text/base32.h"

namespace sodality::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class SharesTest : public CliTest {
 protected:
  SharesTest() {
    // Whoever holds a share need not be enrolled, nor is a server asked.
    connect_ = absl::UnauthenticatedError("no profile");
  }
  std::string TextOf(const crypto::Share& share) const {
    const auto text = crypto::EncodeShare(share, "Test Chapter");
    return std::string(
        crypto::AsText(text.Expose(crypto::AllowSecretAccess())));
  }
  Result Verify(const std::string& path, bool as_json = false) {
    std::vector<std::string> words = {"keys", "shares", "verify", path};
    if (as_json) words.emplace_back("--json");
    return Run(words);
  }

  const Scratch scratch_;
  const crypto::DealtRoot dealt_ =
      crypto::DealRoot(crypto::Bytes16{1}, {3, 5}, crypto::SystemRandom())
          .value();
  const std::string text_ = TextOf(dealt_.shares[1]);
};

TEST_F(SharesTest, AGoodOneIsDescribedWithoutItsValue) {
  const std::string path = scratch_.Write("share", text_);
  const Result result = Verify(path);
  EXPECT_EQ(result.exit, 0) << result.err;
  const std::string set = text::EncodeBase32(dealt_.root.slot.shares.id);
  EXPECT_EQ(result.out,
            "share    2 of 5; any 3 open the root key\n"
            "chapter  aeaaaaaaaaaaaaaaaaaaaaaaaa\n"
            "set      " +
                set +
                "\n"
                "check    whole, and fits its commitments\n");
  EXPECT_THAT(result.err, HasSubstr("the same on all holders' shares"));
  EXPECT_EQ(Verify(path, /*as_json=*/true).Json(),
            (json{{"chapter", "aeaaaaaaaaaaaaaaaaaaaaaaaa"},
                  {"set", set},
                  {"index", 2},
                  {"count", 5},
                  {"threshold", 3}}));
}

TEST_F(SharesTest, ABadOneIsRefusedByName) {
  std::string typo = text_;
  typo[200] = typo[200] == '0' ? '1' : '0';
  const std::pair<std::string, const char*> cases[] = {
      {typo, "the share's checksum differs"},
      {text_.substr(0, 300), "cut off"},
      {"hello", "there is no share"},
      {std::string(5000, 'x'), ""},
      {"sodality-share-2-00-00000000", "newer than this program"}};
  for (const auto& [text, says] : cases) {
    const std::string path = scratch_.Write("bad", text);
    const Result result = Verify(path);
    EXPECT_EQ(result.exit, 2) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(says));
    EXPECT_THAT(result.err, HasSubstr("hint: "));
    EXPECT_THAT(result.err, Not(HasSubstr(typo.substr(210, 16))));
    const json error = Verify(path, /*as_json=*/true).ErrorJson()["error"];
    EXPECT_EQ(error["exit"], 2);
    EXPECT_EQ(error["reason"], "BAD_FILE");
  }
}

TEST_F(SharesTest, AFileThatIsNotThereIsNamed) {
  const Result result = Verify(scratch_ / "no");
  EXPECT_EQ(result.exit, 2);
  EXPECT_THAT(result.err, HasSubstr("cannot read " + (scratch_ / "no")));
  EXPECT_EQ(Run({"keys", "shares"}).exit, 2);
  EXPECT_EQ(Run({"keys", "shares", "verify"}).exit, 2);
  EXPECT_EQ(Run({"keys", "shares", "new"}).exit, 2);
}

}  // namespace
}  // namespace sodality::cli
