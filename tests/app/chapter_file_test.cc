#include "server/app/chapter_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sodality::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char kGood[] = R"(id = "a2aaaaaaaaaaaaaaaaaaaaaaaa"
name = "Lower \"East\" Side"
country = "US"
listen = "0.0.0.0:7443"
address = "chapter.example.org:7443"
)";

std::string Replaced(std::string text, std::string_view from,
                     std::string_view to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

std::string ErrorOf(const std::string& text) {
  const auto file = ParseChapterFile(text);
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(file.status().message());
}

TEST(ChapterFileTest, ReadsEveryKey) {
  const auto file = ParseChapterFile(std::string(kGood) +
                                     "[limits]\ncalls_at_once = 3\n"
                                     "streams_at_once = 2\nper_second = 9\n");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->info.name, "Lower \"East\" Side");
  EXPECT_EQ(file->info.country, "US");
  EXPECT_EQ(file->listen, "0.0.0.0:7443");
  EXPECT_EQ(file->info.address, "chapter.example.org:7443");
  EXPECT_EQ(file->limits.at_once, 3u);
  EXPECT_EQ(file->limits.streams_at_once, 2u);
  EXPECT_EQ(file->limits.per_second, 9u);
}

TEST(ChapterFileTest, WhatIsWrittenReadsBack) {
  auto file = ParseChapterFile(kGood);
  ASSERT_TRUE(file.ok());
  const auto back = ParseChapterFile(FormatChapterFile(*file));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->info.id, file->info.id);
  EXPECT_EQ(back->info.name, file->info.name);
  EXPECT_EQ(back->listen, file->listen);
  EXPECT_EQ(back->info.address, file->info.address);
}

TEST(ChapterFileTest, ErrorsNameLineAndKey) {
  EXPECT_THAT(ErrorOf(Replaced(kGood, "\"US\"", "\"usa\"")),
              StartsWith("chapter.toml:3: country"));
  EXPECT_THAT(ErrorOf(Replaced(kGood, "example.org:7443", "example.org")),
              StartsWith("chapter.toml:5: address"));
  EXPECT_THAT(ErrorOf(Replaced(kGood, "a2aaaa", "a1aaaa")),
              StartsWith("chapter.toml:1: id"));
  EXPECT_THAT(ErrorOf(Replaced(kGood, "name", "nmae")),
              StartsWith("chapter.toml:2: an unknown key"));
  EXPECT_THAT(ErrorOf(Replaced(kGood, "country = \"US\"\n", "")),
              HasSubstr("\"country\" must be a string"));
  EXPECT_THAT(ErrorOf("id = \n"), StartsWith("chapter.toml:1: not valid TOML"));
}

TEST(ChapterFileTest, BareCharactersBeyondAsciiAreRefused) {
  EXPECT_EQ(ErrorOf(std::string(kGood) + "naïve = 1\n"),
            "chapter.toml:6: characters beyond ASCII have to stand in quotes");
}

TEST(ChapterFileTest, LimitsMustBeInRange) {
  for (const char* value : {"0", "-1", "1000001", "\"9\"", "1.5"}) {
    EXPECT_THAT(
        ErrorOf(std::string(kGood) + "[limits]\nper_second = " + value + "\n"),
        HasSubstr("\"per_second\" must be 1 to 1000000"))
        << value;
  }
  EXPECT_THAT(ErrorOf(std::string(kGood) + "[limits]\nper_hour = 1\n"),
              HasSubstr("an unknown key"));
  EXPECT_THAT(ErrorOf("limits = 3\n" + std::string(kGood)),
              HasSubstr("not a table"));
}

TEST(ChapterFileTest, NamesThatAreRefused) {
  EXPECT_TRUE(CheckChapterName("Ñuñoa").ok());
  for (const std::string& name :
       {std::string(), std::string(129, 'x'), std::string("two\nlines"),
        std::string("\xff"), std::string("bell\x07")}) {
    EXPECT_FALSE(CheckChapterName(name).ok());
  }
}

TEST(ChapterFileTest, CountriesThatAreRefused) {
  EXPECT_TRUE(CheckCountry("CL").ok());
  for (const char* country : {"", "U", "us", "USA", "U1"}) {
    EXPECT_FALSE(CheckCountry(country).ok()) << country;
  }
}

}  // namespace
}  // namespace sodality::app
