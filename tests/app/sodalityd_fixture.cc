#include "tests/app/sodalityd_fixture.h"

#include <utility>

namespace sodality::app {

std::vector<std::string> SodalitydFixture::InitArguments(
    std::vector<std::string> custody) const {
  if (custody.empty()) custody = {"--root-key", scratch_ / "root.key"};
  std::vector<std::string> words = {
      "init",           "--data",           data_,
      "--chapter",      "Test Chapter",     "--listen",
      "127.0.0.1:7443", "--admin",          "Ada Admin",
      "--invite-out",   scratch_ / "invite"};
  words.insert(words.end(), custody.begin(), custody.end());
  return words;
}

void SodalitydFixture::Init() {
  const Ended ended = RunProgram(InitArguments());
  ASSERT_EQ(ended.exit, 0) << ended.err;
}

std::vector<std::string> SodalitydFixture::OnData(
    std::string command, std::vector<std::string> more) const {
  std::vector<std::string> words = {std::move(command), "--data", data_};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> SodalitydFixture::Serving(
    std::vector<std::string> more) const {
  std::vector<std::string> words = {"--data", data_, "--listen", "127.0.0.1:0"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string SodalitydFixture::OtherKey() {
  auto words = InitArguments({"--root-key", scratch_ / "other.key"});
  words[2] = scratch_ / "other-data";
  words[10] = scratch_ / "other-invite";
  EXPECT_EQ(RunProgram(words).exit, 0);
  return scratch_ / "other.key";
}

}  // namespace sodality::app
