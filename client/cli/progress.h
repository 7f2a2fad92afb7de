// A bar with a rate, on a terminal only.
#ifndef SODALITY_CLIENT_CLI_PROGRESS_H_
#define SODALITY_CLIENT_CLI_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "client/cli/session.h"

namespace sodality::cli {

// One line of a bar: "[#####.....] 250/540 rows, 1200/s". The rate leaves out
// what was done `before`.
struct ProgressState {
  uint64_t done = 0;
  uint64_t total = 0;
  std::chrono::milliseconds elapsed{0};
  uint64_t before = 0;
  std::string_view unit = "rows";
};
std::string RenderProgress(const ProgressState& state);

// Draws on standard error while it lives, then wipes its line. Does nothing
// with --quiet or --json, or where standard error is no terminal or a dumb one.
class Progress final {
 public:
  Progress(uint64_t total, Session& session);
  Progress(ProgressState from, Session& session);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Advance(uint64_t by);
  // For what is counted elsewhere.
  void Reach(uint64_t done, uint64_t total);
  // A line above the bar, at once; --quiet does not take it away.
  void Warn(const std::string& text);

 private:
  void Draw();

  std::ostream& err_;
  const bool shown_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
  ProgressState state_;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_PROGRESS_H_
