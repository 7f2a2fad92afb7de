// The terminal, as far as commands need it. A seam: tests answer prompts.
#ifndef SODALITY_CLIENT_CLI_TERMINAL_H_
#define SODALITY_CLIENT_CLI_TERMINAL_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace sodality::cli {

class Terminal {
 public:
  virtual ~Terminal() = default;

  [[nodiscard]] virtual bool OutIsTerminal() const = 0;
  [[nodiscard]] virtual bool ErrIsTerminal() const = 0;
  // Colour and progress are welcome: not with NO_COLOR or TERM=dumb.
  [[nodiscard]] virtual bool Fancy() const = 0;
  [[nodiscard]] virtual std::size_t Columns() const = 0;

  // Both ask on /dev/tty, never on standard input. CANCELLED when there is no
  // terminal or the answer is the end of the file.
  virtual absl::StatusOr<std::string> Ask(const std::string& question) = 0;
  // Without echo.
  virtual absl::StatusOr<crypto::SecretBuffer> AskSecret(
      const std::string& question) = 0;
};

// The process's own. Lives for the process.
Terminal& ProcessTerminal();

// From now on Ctrl-C restores the terminal, says "interrupted" on standard
// error (as JSON when `json`) and ends the process with 130.
void EndOnInterrupt(bool json);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_TERMINAL_H_
