#include "client/cli/session.h"

#include <chrono>
#include <utility>

#include "client/include/sodality/error_info.h"

namespace sodality::cli {
namespace {

absl::Status NotConfirmed(const std::string& message) {
  return MakeError(absl::StatusCode::kCancelled, message,
                   {.reason = "NOT_CONFIRMED",
                    .hint = "--yes does it without asking",
                    .field = {},
                    .retry_at = {}});
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

void Session::Note(std::string_view text) {
  if (!options_.quiet) environment_.err << "sodality: " << text << "\n";
}

void Session::Hint(std::string_view text) {
  if (!options_.quiet) environment_.err << "sodality: hint: " << text << "\n";
}

void Session::Warn(std::string_view text) {
  environment_.err << "sodality: warning: " << text << "\n";
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
  if (options_.no_input) return NotConfirmed("not confirmed: --no-input");
  const auto answer =
      environment_.terminal.Ask(question + "\nType " + word + " to go on: ");
  if (!answer.ok()) return NotConfirmed("not confirmed");
  if (*answer != word) return NotConfirmed("cancelled: nothing was changed");
  return absl::OkStatus();
}

}  // namespace sodality::cli
