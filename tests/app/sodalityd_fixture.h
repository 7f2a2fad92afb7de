// A folder for a chapter, and the command lines of sodalityd about it.
#ifndef SODALITY_TESTS_APP_SODALITYD_FIXTURE_H_
#define SODALITY_TESTS_APP_SODALITYD_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/app/program.h"
#include "tests/scratch.h"

namespace sodality::app {

class SodalitydFixture : public testing::Test {
 protected:
  std::vector<std::string> InitArguments(
      std::vector<std::string> custody = {}) const;
  void Init();
  std::vector<std::string> OnData(std::string command,
                                  std::vector<std::string> more = {}) const;
  std::vector<std::string> WithKey() const {
    return {"--root-key", scratch_ / "root.key"};
  }
  std::vector<std::string> Serving(std::vector<std::string> more = {}) const;
  // Another root key than the folder's.
  std::string OtherKey();

  Scratch scratch_;
  std::string data_ = scratch_ / "data";
};

}  // namespace sodality::app

#endif  // SODALITY_TESTS_APP_SODALITYD_FIXTURE_H_
