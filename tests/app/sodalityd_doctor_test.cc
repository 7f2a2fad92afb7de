// What `sodalityd doctor` finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/app/sodalityd_fixture.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

using SodalitydDoctorTest = SodalitydFixture;

TEST_F(SodalitydDoctorTest, DoctorFindsNothingWrongWithANewFolder) {
  Init();
  const Ended ended = RunProgram(OnData("doctor", WithKey()));
  EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, testing::Not(HasSubstr("bad ")));
  EXPECT_THAT(ended.out, HasSubstr("every page is whole"));
}

TEST_F(SodalitydDoctorTest, DoctorNamesADamagedPage) {
  Init();
  {
    std::fstream file(data_ + "/members.db",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 + 100);
    file.put('\x55');
    file.put('\xaa');
  }
  const Ended ended = RunProgram(OnData("doctor", WithKey()));
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out, HasSubstr("bad   store"));
}

TEST_F(SodalitydDoctorTest, DoctorNamesFilesThatOthersMayOpen) {
  Init();
  fs::permissions(data_ + "/server.key", fs::perms::others_read,
                  fs::perm_options::add);
  const Ended ended = RunProgram(OnData("doctor", WithKey()));
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out, HasSubstr("others may open it"));
}

TEST_F(SodalitydDoctorTest, DoctorLooksAtWhereTheRootKeyLies) {
  Init();
  fs::permissions(scratch_ / "root.key", fs::perms::others_read,
                  fs::perm_options::add);
  const Ended open = RunProgram(OnData("doctor", WithKey()));
  EXPECT_EQ(open.exit, 1);
  EXPECT_THAT(open.out, HasSubstr("root.key: others may open it"));
  const std::string inside = data_ + "/copy.key";
  fs::copy_file(scratch_ / "root.key", inside);
  fs::permissions(inside, fs::perms::owner_read);
  const Ended beside = RunProgram(OnData("doctor", {"--root-key", inside}));
  EXPECT_EQ(beside.exit, 1);
  EXPECT_THAT(beside.out, HasSubstr("copy.key: lies in the data folder"));
}

TEST_F(SodalitydDoctorTest, DoctorWithAWrongKeySaysSo) {
  Init();
  EXPECT_EQ(RunProgram(OnData("doctor", {"--root-key", OtherKey()})).exit, 10);
}

TEST_F(SodalitydDoctorTest, DoctorSpeaksJson) {
  Init();
  const Ended ended = RunProgram(OnData("doctor", {"--json"}));
  const auto page = nlohmann::json::parse(ended.out, nullptr, false);
  ASSERT_TRUE(page.is_object()) << ended.out;
  EXPECT_FALSE(page["findings"].empty());
  EXPECT_EQ(page["more"], false);
}

}  // namespace
}  // namespace sodality::app
