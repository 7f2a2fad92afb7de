#include "server/app/log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sodality::app {
namespace {

constexpr platform::Timestamp kTime{1'764'183'600'000};

TEST(LogTest, AnEventIsOneJsonLine) {
  const std::string line =
      FormatEvent(Event::kListening, kTime,
                  {LogField::Place("address", "127.0.0.1:7443"), {"n", 3}});
  EXPECT_EQ(line, R"({"time":"2025-11-26T19:00:00Z","level":"info",)"
                  R"("event":"listening","address":"127.0.0.1:7443","n":3})");
}

// Whatever a path holds, a line stays one line of valid JSON.
TEST(LogTest, OddTextsStayInTheirLine) {
  const std::string line =
      FormatEvent(Event::kControlFailed, kTime,
                  {LogField::Place("path", "a\n\"b\"\xff\x01")});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(line)) << line;
}

TEST(LogTest, ErrorsCarryTheirMessage) {
  const std::string line =
      FormatEvent(Event::kUnsealRefused, kTime,
                  {LogField::Error(absl::PermissionDeniedError("wrong key"))});
  EXPECT_EQ(nlohmann::json::parse(line)["error"], "wrong key");
}

TEST(LogTest, EveryEventHasALevelAndItsOwnName) {
  std::set<std::string> names;
  int events = 0;
  for (int i = 0; i <= static_cast<int>(Event::kControlFailed); ++i, ++events) {
    const auto line =
        nlohmann::json::parse(FormatEvent(static_cast<Event>(i), kTime, {}));
    names.insert(line["event"]);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(events));
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace sodality::app
