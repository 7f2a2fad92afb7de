// How sodalityd ends: the exit codes, a sentence each, and what is said.
#ifndef SODALITY_SERVER_APP_EXIT_CODE_H_
#define SODALITY_SERVER_APP_EXIT_CODE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace sodality::app {

enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kCancelled = 3,
  kDenied = 5,
  kNotFound = 6,
  kConflict = 7,
  kUnreachable = 8,
  kSealed = 10,
  kInterrupted = 130,
};

// How a command ended. `message` is lower case without a full stop and empty
// when all is well; `hint` is what to do next. Neither holds a secret or a
// member's data.
struct Outcome {
  ExitCode exit = ExitCode::kOk;
  std::string message;
  std::string hint;

  [[nodiscard]] bool ok() const { return exit == ExitCode::kOk; }
};

inline Outcome Fail(ExitCode exit, std::string_view message,
                    std::string_view hint) {
  return {exit, std::string(message), std::string(hint)};
}
inline Outcome Fail(ExitCode exit, const absl::Status& status,
                    std::string_view hint) {
  return {exit, std::string(status.message()), std::string(hint)};
}

// This machine does not give what a server of secrets needs.
inline Outcome FailedMachine(const absl::Status& status) {
  return Fail(ExitCode::kFailed, status,
              "this machine, or a limit set on the service, is at fault");
}

// What is said of each code: UPPER_SNAKE for the JSON form of a failure, and a
// sentence for the manual page.
struct ExitFacts {
  ExitCode code;
  std::string_view name;
  std::string_view meaning;
};
inline constexpr ExitFacts kExits[] = {
    {ExitCode::kOk, "OK", "What was asked for is done"},
    {ExitCode::kFailed, "FAILED", "Something is broken; the message says what"},
    {ExitCode::kUsage, "USAGE", "The command or a value in it is wrong"},
    {ExitCode::kCancelled, "CANCELLED",
     "A passphrase was needed and nobody could be asked"},
    {ExitCode::kDenied, "DENIED", "This user may not"},
    {ExitCode::kNotFound, "NOT_FOUND",
     "The data folder, or a file in it, is not there"},
    {ExitCode::kConflict, "CONFLICT",
     "It exists already, or a server or doctor holds the folder"},
    {ExitCode::kUnreachable, "UNREACHABLE",
     "No server answers on this data folder"},
    {ExitCode::kSealed, "SEALED",
     "The key given does not unseal: what is sealed stays so"},
    {ExitCode::kInterrupted, "INTERRUPTED", "Interrupted"}};

inline std::string_view ExitName(ExitCode exit) {
  for (const ExitFacts& facts : kExits) {
    if (facts.code == exit) return facts.name;
  }
  return "FAILED";
}

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_EXIT_CODE_H_
