#include <gtest/gtest.h>

#include "server/app/cli.h"
#include "server/app/exit_code.h"
#include "tests/scratch.h"

namespace sodality::app {
namespace {

TEST(ManPageTest, IsWhatTheProgramSaysOfItself) {
  EXPECT_EQ(ReadAll(SODALITY_SOURCE_DIR "/docs/man/sodalityd.8"), ManPage())
      << "bring it up to date: build/bin/sodalityd_man_page > "
         "docs/man/sodalityd.8";
}

TEST(ManPageTest, NamesEveryExitCode) {
  const std::string page = ManPage();
  for (const ExitFacts& facts : kExits) {
    const std::string code = std::to_string(static_cast<int>(facts.code));
    EXPECT_NE(page.find(".B " + code + "\n"), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace sodality::app
