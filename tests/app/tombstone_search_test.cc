#include "server/app/tombstone_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "crypto/random.h"
#include "server/core/tombstones/tombstones.h"
#include "tests/scratch.h"

namespace sodality::app {
namespace {

using core::EndedKind;
using core::Tombstone;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Tombstone kFirst = {EndedKind::kDevice, {1}};
constexpr Tombstone kSecond = {EndedKind::kDevice, {2}};
constexpr Tombstone kThird = {EndedKind::kDevice, {3}};

class TombstoneSearchTest : public testing::Test {
 protected:
  static crypto::Keyring MakeKeyring(uint8_t chapter) {
    return crypto::Keyring::Create({{chapter}, {1, 8, 6}, {1000}},
                                   crypto::SystemRandom());
  }
  // Adds one entry to a file; makes it.
  void Add(const std::string& name, std::vector<Tombstone> ended, int64_t time,
           const crypto::Keyring& keyring) {
    const platform::FakeClock clock{platform::Timestamp{time}};
    auto tombstones =
        core::Tombstones::Open({scratch_ / name, platform::PosixFileSystem(),
                                clock, crypto::SystemRandom()},
                               keyring);
    ASSERT_TRUE((*tombstones)->Record(std::move(ended)).ok());
  }
  void Add(const std::string& name, std::vector<Tombstone> ended,
           int64_t time) {
    Add(name, std::move(ended), time, keyring_);
  }
  void Copy(const std::string& from, const std::string& to) {
    std::filesystem::copy_file(scratch_ / from, scratch_ / to);
  }
  void Cut(const std::string& name, uint64_t bytes) {
    const std::string path = scratch_ / name;
    std::filesystem::resize_file(path,
                                 std::filesystem::file_size(path) - bytes);
  }
  absl::StatusOr<FoundTombstones> Find(std::vector<std::string> named) {
    for (std::string& name : named) name = scratch_ / name;
    notes_.clear();
    return FindTombstones(
        {.unpacked = scratch_ / "own",
         .backed_up = {5000},
         .backup_file = scratch_ / "chapter.backup",
         .named = std::move(named)},
        keyring_, [this](const std::string& note) { notes_.push_back(note); });
  }
  static bool Holds(const absl::StatusOr<FoundTombstones>& found,
                    const Tombstone& one) {
    return found->ended.Holds(one);
  }

  const Scratch scratch_;
  const crypto::Keyring keyring_ = MakeKeyring(1);
  std::vector<std::string> notes_;
};

TEST_F(TombstoneSearchTest, OneThatGoesOnIsNewer) {
  Add("own", {kFirst}, 4000);
  Copy("own", "later");
  Add("later", {kSecond}, 7000);
  const auto found = Find({"later"});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->newer, scratch_ / "later");
  EXPECT_EQ(found->known_until, platform::Timestamp{7000});
  EXPECT_TRUE(Holds(found, kFirst));
  EXPECT_TRUE(Holds(found, kSecond));
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(TombstoneSearchTest, WhatSaysNoMoreIsNotNewer) {
  Add("own", {kFirst}, 4000);
  Copy("own", "same");
  EXPECT_EQ(Find({"same"})->newer, std::nullopt);
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("does not go on")));
  Copy("own", "earlier");
  Add("own", {kSecond}, 4500);
  const auto found = Find({"earlier"});
  EXPECT_EQ(found->newer, std::nullopt);
  EXPECT_TRUE(Holds(found, kSecond));
  EXPECT_EQ(Find({})->newer, std::nullopt);
}

// Another life of the chapter: longer, and another from some entry on.
TEST_F(TombstoneSearchTest, AnotherBeginningIsNotNewerHoweverLongItIs) {
  Add("own", {kFirst}, 4000);
  Copy("own", "fork");
  Add("own", {}, 4500);
  Add("fork", {kSecond}, 4500);
  Add("fork", {kThird}, 9000);
  const auto found = Find({"fork"});
  EXPECT_EQ(found->newer, std::nullopt);
  EXPECT_TRUE(Holds(found, kThird));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("does not go on")));
}

TEST_F(TombstoneSearchTest, WithoutTheBackupsOwnTheTimeDecides) {
  Add("older", {kFirst}, 5000);
  EXPECT_EQ(Find({"older"})->newer, std::nullopt);
  EXPECT_TRUE(Holds(Find({"older"}), kFirst));
  Add("newer", {kFirst}, 5001);
  EXPECT_EQ(Find({"newer"})->newer, scratch_ / "newer");
}

TEST_F(TombstoneSearchTest, OfSeveralTheLongestUnlessTheyPart) {
  Add("own", {kFirst}, 4000);
  Copy("own", "one");
  Add("one", {kSecond}, 6000);
  Copy("one", "two");
  Add("two", {kThird}, 8000);
  const auto found = Find({"one", "two"});
  EXPECT_EQ(found->newer, scratch_ / "two");
  EXPECT_EQ(Find({"two", "one"})->newer, scratch_ / "two");
  // A drill, or another server that was restored from the same backup.
  Copy("own", "drill");
  Add("drill", {}, 9000);
  const auto parted = Find({"two", "drill"});
  EXPECT_EQ(parted->newer, std::nullopt);
  EXPECT_TRUE(Holds(parted, kThird));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("several lives")));
}

TEST_F(TombstoneSearchTest, ACopyThatWasCutOffIsNotReliedOn) {
  Add("own", {kFirst}, 4000);
  Copy("own", "later");
  Add("later", {kSecond}, 7000);
  Add("later", {kThird}, 8000);
  Cut("later", 5);
  const auto found = Find({"later"});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->newer, std::nullopt);
  EXPECT_TRUE(Holds(found, kSecond));
  EXPECT_FALSE(Holds(found, kThird));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("no whole entry")));
}

TEST_F(TombstoneSearchTest, OneBesideTheBackupKeepsNobody) {
  Add("own", {kFirst}, 4000);
  Copy("own", "tombstones");
  Add("tombstones", {kSecond}, 7000);
  const auto found = Find({});
  EXPECT_EQ(found->newer, std::nullopt);
  EXPECT_TRUE(Holds(found, kSecond));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("named with --tombstones")));
  EXPECT_EQ(Find({"tombstones"})->newer, scratch_ / "tombstones");
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(TombstoneSearchTest, WhatIsNoUseIsSaidOrRefused) {
  Add("own", {kFirst}, 4000);
  EXPECT_EQ(Find({"nowhere"}).status().code(), absl::StatusCode::kNotFound);
  Add("other", {kSecond}, 7000, MakeKeyring(2));
  const auto refused = Find({"other"}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("other: "));
  Copy("other", "tombstones");
  const auto found = Find({});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_FALSE(Holds(found, kSecond));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("left out")));
}

}  // namespace
}  // namespace sodality::app
