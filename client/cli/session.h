// What a command runs in: the streams, the terminal, the clock, and a Client
// that connects when first asked for. Read next: commands.h.
#ifndef SODALITY_CLIENT_CLI_SESSION_H_
#define SODALITY_CLIENT_CLI_SESSION_H_

#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "client/cli/approver.h"
#include "client/cli/memory.h"
#include "client/cli/parser.h"
#include "client/cli/table.h"
#include "client/cli/terminal.h"
#include "client/include/sodality/client.h"
#include "platform/clock.h"

namespace sodality::cli {

class Session;

// The outside world. Borrowed by Session.
struct Environment {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Terminal& terminal;
  const platform::Clock& clock;
  // Makes the connection of the session's profile.
  std::function<absl::StatusOr<std::shared_ptr<Connection>>(Session&)> connect;
  // Opens what that profile remembers of its server.
  std::function<absl::StatusOr<std::unique_ptr<Memory>>(Session&)> memory;
  // That profile's key for approving acts.
  std::function<absl::StatusOr<Approver>(Session&)> approver;
  // Says, after a command that connected, what waits for the caller. May be
  // null.
  std::function<void(Session&)> pending;
};

// Thread safety: one thread.
class Session final {
 public:
  Session(GlobalOptions options, Environment& environment);

  const GlobalOptions& options() const { return options_; }
  Environment& environment() { return environment_; }
  Time Now() const;

  // Connects at the first call.
  absl::StatusOr<Client> Connected();
  // This device's key for approving acts; asks for its passphrase each time.
  absl::StatusOr<Approver> Approve();
  [[nodiscard]] bool is_connected() const { return client_.has_value(); }

  // Standard output, held back until the command has succeeded.
  void Print(std::string_view text) { printed_ += text; }
  const std::string& printed() const { return printed_; }
  const std::string& noted() const { return noted_; }

  // Standard error, for people, after the output: not with --quiet. What comes
  // from others must have gone through text::Printable.
  void Note(std::string_view text);
  void Hint(std::string_view text);
  // A line of standard error that --quiet does not take away.
  void Warn(std::string_view text);

  // Bold on a terminal that likes it.
  std::string Strong(std::string_view text) const;
  // As wide as the terminal; as wide as it needs anywhere else.
  TableStyle Style() const;

  // Asks for `word` to be typed. CANCELLED when it is not, or cannot be asked
  // (--no-input, no terminal): then the hint names --yes.
  absl::Status Confirm(const std::string& question, const std::string& word);

 private:
  const GlobalOptions options_;
  Environment& environment_;
  std::optional<Client> client_;
  std::string printed_;
  std::string noted_;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_SESSION_H_
