#include "crypto/root_key.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <string>
#include <string_view>

#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"
#include "tests/scratch.h"

namespace sodality::crypto {
namespace {

std::string Text(const RootKey& key) { return Reveal(EncodeRootKey(key)); }

absl::StatusOr<RootKey> Decode(std::string_view text) {
  return DecodeRootKey(SecretText(text));
}

TEST(RootKeyTextTest, CanBeRecognisedByALeakScanner) {
  const RootKey key = RootKey::CopyOf(Bytes32{0xab});
  EXPECT_EQ(Text(key),
            "sodality-root-1-"
            "ab00000000000000000000000000000000000000000000000000000000000000"
            "-752d5995\n");
}

TEST(RootKeyTextTest, DecodesWhatItEncodedWithOrWithoutALineFeed) {
  SeededRandom random(1);
  const RootKey key = RootKey::Generate(random);
  const std::string text = Text(key);
  EXPECT_TRUE(Decode(text)->Equals(key));
  EXPECT_TRUE(Decode(text.substr(0, text.size() - 1))->Equals(key));
  EXPECT_TRUE(Decode(text + "\r\n \t")->Equals(key));
}

TEST(RootKeyTextTest, SaysWhatIsWrongWithoutTheText) {
  SeededRandom random(1);
  const std::string text = Text(RootKey::Generate(random));
  const std::string digits = text.substr(16, 64);
  struct Case {
    std::string text;
    std::string_view message;
  };
  std::string typo = text;
  typo[20] = typo[20] == '0' ? '1' : '0';
  std::string letter = text;
  letter[20] = 'x';
  const Case cases[] = {
      {"", "a root key begins with \"sodality-root-1-\""},
      {digits, "a root key begins with \"sodality-root-1-\""},
      {"sodality-root-1-" + digits, "the root key has the wrong length"},
      {text + text, "the root key has the wrong length"},
      {letter, "the root key has a wrong character"},
      {typo, "the root key's checksum differs: a character is wrong"},
  };
  for (const Case& c : cases) {
    const auto status = Decode(c.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_EQ(status.message(), absl::string_view(c.message.data()));
  }
}

TEST(RootKeyTextTest, EveryWrongCharacterIsNoticed) {
  SeededRandom random(1);
  const std::string good = Text(RootKey::Generate(random));
  for (size_t i = 0; i + 1 < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == '7' ? '8' : '7';
    EXPECT_FALSE(Decode(bad).ok()) << i;
  }
}

class RootKeyFileTest : public testing::Test {
 protected:
  platform::FileSystem& fs_ = platform::PosixFileSystem();
  SeededRandom random_{2};
  const Scratch scratch_;
  const std::string path_ = scratch_ / "root.key";
};

TEST_F(RootKeyFileTest, IsCreatedForItsOwnerAndLoads) {
  const auto created = CreateRootKeyFile(fs_, path_, random_);
  ASSERT_TRUE(created.ok());
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_TRUE(LoadRootKeyFile(fs_, path_)->Equals(*created));
}

TEST_F(RootKeyFileTest, AnExistingFileIsLeftAlone) {
  const auto created = CreateRootKeyFile(fs_, path_, random_);
  EXPECT_TRUE(
      absl::IsAlreadyExists(CreateRootKeyFile(fs_, path_, random_).status()));
  EXPECT_TRUE(LoadRootKeyFile(fs_, path_)->Equals(*created));
}

TEST_F(RootKeyFileTest, ErrorsNameThePath) {
  EXPECT_TRUE(absl::IsNotFound(LoadRootKeyFile(fs_, path_).status()));
  ASSERT_TRUE(platform::ReplaceFile(fs_, path_, AsBytes("no key")).ok());
  const auto status = LoadRootKeyFile(fs_, path_).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_NE(status.message().find(path_), std::string::npos);
  EXPECT_EQ(status.message().find("no key"), std::string::npos);
}

}  // namespace
}  // namespace sodality::crypto
