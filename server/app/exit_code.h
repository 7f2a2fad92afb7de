// How sodalityd ends: the exit codes, a sentence each, and what is said.
#ifndef SODALITY_SERVER_APP_EXIT_CODE_H_
#define SODALITY_SERVER_APP_EXIT_CODE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace sodality::app {

enum class ExitCode : int {
  kOk = 0,           // What was asked for is done.
  kFailed = 1,       // Something is broken; the message says what.
  kUsage = 2,        // The command or a value in it is wrong.
  kCancelled = 3,    // A passphrase was needed and nobody could be asked.
  kDenied = 5,       // This user may not.
  kNotFound = 6,     // The data folder, or a file named, is not there.
  kConflict = 7,     // It exists already, or a server holds the folder.
  kUnreachable = 8,  // No server answers on this data folder.
  kSealed = 10,      // The key given does not unseal: what is sealed stays so.
  kInterrupted = 130,  // Ctrl-C.
};

// How a command ended. `message` is lower case without a full stop and empty
// when all is well; neither text holds a secret or a member's data.
struct Outcome {
  ExitCode exit = ExitCode::kOk;
  std::string message;
  std::string hint;

  [[nodiscard]] bool ok() const { return exit == ExitCode::kOk; }
};

inline Outcome Fail(ExitCode exit, std::string_view message,
                    std::string_view hint = "") {
  return {exit, std::string(message), std::string(hint)};
}
inline Outcome Fail(ExitCode exit, const absl::Status& status,
                    std::string_view hint = "") {
  return {exit, std::string(status.message()), std::string(hint)};
}

// UPPER_SNAKE, for the JSON form of a failure.
inline std::string_view ExitName(ExitCode exit) {
  switch (exit) {
    case ExitCode::kOk:
      return "OK";
    case ExitCode::kFailed:
      return "FAILED";
    case ExitCode::kUsage:
      return "USAGE";
    case ExitCode::kCancelled:
      return "CANCELLED";
    case ExitCode::kDenied:
      return "DENIED";
    case ExitCode::kNotFound:
      return "NOT_FOUND";
    case ExitCode::kConflict:
      return "CONFLICT";
    case ExitCode::kUnreachable:
      return "UNREACHABLE";
    case ExitCode::kSealed:
      return "SEALED";
    case ExitCode::kInterrupted:
      return "INTERRUPTED";
  }
  return "FAILED";
}

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_EXIT_CODE_H_
