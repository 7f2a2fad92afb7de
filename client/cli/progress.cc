#include "client/cli/progress.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace sodality::cli {
namespace {

constexpr size_t kBarCells = 24;
constexpr std::chrono::milliseconds kRedraw{100};

bool Welcome(Session& session) {
  const Terminal& terminal = session.environment().terminal;
  return !session.options().quiet && !session.options().json &&
         terminal.ErrIsTerminal() && terminal.Fancy();
}

}  // namespace

std::string RenderProgress(const ProgressState& state) {
  const uint64_t total = std::max<uint64_t>(state.total, 1);
  const uint64_t done = std::min(state.done, total);
  const uint64_t before = std::min(state.before, state.done);
  const size_t filled = static_cast<size_t>(done * kBarCells / total);
  const uint64_t millis =
      static_cast<uint64_t>(std::max<int64_t>(state.elapsed.count(), 1));
  return absl::StrCat("[", std::string(filled, '#'),
                      std::string(kBarCells - filled, '.'), "] ", state.done,
                      "/", state.total, " ", std::string(state.unit), ", ",
                      (state.done - before) * 1000 / millis, "/s");
}

Progress::Progress(uint64_t total, Session& session)
    : Progress(ProgressState{.total = total}, session) {}

Progress::Progress(ProgressState from, Session& session)
    : err_(session.environment().err),
      shown_(Welcome(session)),
      start_(std::chrono::steady_clock::now()),
      state_(from) {}

Progress::~Progress() {
  if (shown_) err_ << "\r\x1b[K" << std::flush;
}

void Progress::Advance(uint64_t by) {
  state_.done += by;
  Draw();
}

void Progress::Reach(uint64_t done, uint64_t total) {
  state_.done = done;
  state_.total = total;
  Draw();
}

void Progress::Warn(const std::string& text) {
  err_ << (shown_ ? "\r\x1b[K" : "") << "sodality: warning: " << text << "\n"
       << std::flush;
}

void Progress::Draw() {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < kRedraw && state_.done < state_.total) return;
  drawn_ = now;
  state_.elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(now - start_);
  err_ << "\r" << RenderProgress(state_) << "\x1b[K" << std::flush;
}

}  // namespace sodality::cli
