#include "client/profile/profile_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/profile/enrolment.h"

namespace sodality {
namespace {

ProfileInfo Sample() {
  return {.address = "[2001:db8::1]:7443",
          .chapter_id = kChapter,
          .chapter_name = "Riverside \u2014 \u6cb3\u8fb9",
          .server_name = kChapter + ".sodality.internal",
          .device_id = kDeviceId,
          .principal_name = "Ana \"A.\" \\ 'Prado'\nline\ttab"};
}

std::string Why(const std::string& text) {
  const auto parsed = ParseProfileInfo(text);
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(parsed.status().message());
}

std::string Replaced(std::string text, const std::string& from,
                     const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  return text.replace(at, from.size(), to);
}

TEST(ProfileInfoTest, RoundTripsWhateverTheNames) {
  const auto parsed = ParseProfileInfo(FormatProfileInfo(Sample()));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, Sample());
}

TEST(ProfileInfoTest, ErrorsNameKeyOrLine) {
  ProfileInfo info = Sample();
  info.principal_name = "Ana Prado";
  const std::string text = FormatProfileInfo(info);
  EXPECT_EQ(Why(Replaced(text, "device_id", "device")), "line 4: unknown key");
  EXPECT_EQ(Why(text + "extra = 1\n"), "line 8: unknown key");
  EXPECT_EQ(Why(text + "extra\n").substr(0, 5), "line ");
  EXPECT_EQ(Why(Replaced(text, ":7443", "")), "address is not HOST:PORT");
  EXPECT_EQ(Why(Replaced(text, kChapter, "x")), "key 'chapter_id' is no id");
  EXPECT_EQ(Why(Replaced(text, kDeviceId, "x")), "key 'device_id' is no id");
  EXPECT_EQ(Why("format = 1\n"), "key 'address' is missing or no string");
  EXPECT_EQ(Why("format = 1\naddress = 5\n"),
            "key 'address' is missing or no string");
  EXPECT_EQ(Why(""), "key 'format' is missing");
}

TEST(ProfileInfoTest, AnotherFormatIsRefusedByName) {
  EXPECT_THAT(Why("format = 2\nnew_key = 1\n"),
              testing::HasSubstr("newer than this program?"));
}

TEST(ProfileInfoTest, MalformedUtf8IsRefused) {
  EXPECT_FALSE(ParseProfileInfo("format = 1\naddress = \"\xff\"\n").ok());
}

}  // namespace
}  // namespace sodality
