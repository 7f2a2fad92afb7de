#include "client/cli/session.h"

#include <chrono>
#include <utility>

#include "client/include/sodality/error_info.h"

namespace sodality::cli {
namespace {

absl::Status NotConfirmed(const std::string& message, const std::string& hint) {
  return MakeError(absl::StatusCode::kCancelled, message,
                   {.reason = "NOT_CONFIRMED", .hint = hint});
}

}  // namespace

Session::Session(GlobalOptions options, Environment& environment)
    : options_(std::move(options)), environment_(environment) {}

Time Session::Now() const {
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>(
          std::chrono::milliseconds(environment_.clock.Now().millis)));
}

absl::StatusOr<Client> Session::Connected() {
  if (!client_.has_value()) {
    auto connection = environment_.connect(*this);
    if (!connection.ok()) return connection.status();
    client_.emplace(*std::move(connection));
  }
  return *client_;
}

absl::StatusOr<Approver> Session::Approve() {
  return environment_.approver(*this);
}

void Session::Note(std::string_view text) {
  if (!options_.quiet) noted_ += "sodality: " + std::string(text) + "\n";
}

void Session::Hint(std::string_view text) {
  if (!options_.quiet) noted_ += "sodality: hint: " + std::string(text) + "\n";
}

void Session::Warn(std::string_view text) {
  noted_ += "sodality: warning: " + std::string(text) + "\n";
}

std::string Session::Strong(std::string_view text) const {
  const Terminal& terminal = environment_.terminal;
  if (!terminal.OutIsTerminal() || !terminal.Fancy()) return std::string(text);
  return "\x1b[1m" + std::string(text) + "\x1b[0m";
}

TableStyle Session::Style() const {
  const Terminal& terminal = environment_.terminal;
  TableStyle style;
  if (terminal.OutIsTerminal()) style.max_columns = terminal.Columns();
  style.heading = [this](std::string_view text) { return Strong(text); };
  return style;
}

absl::Status Session::Confirm(const std::string& question,
                              const std::string& word) {
  const std::string unasked = "--yes does it without asking";
  if (options_.no_input) {
    return NotConfirmed("not confirmed: --no-input", unasked);
  }
  const auto answer =
      environment_.terminal.Ask(question + "\nType " + word + " to go on: ");
  if (!answer.ok()) return NotConfirmed("not confirmed", unasked);
  if (*answer != word) {
    return NotConfirmed("cancelled: nothing was changed", "");
  }
  return absl::OkStatus();
}

}  // namespace sodality::cli
