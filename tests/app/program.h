// The real sodalityd, run as a process.
#ifndef SODALITY_TESTS_APP_PROGRAM_H_
#define SODALITY_TESTS_APP_PROGRAM_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace sodality::app {

struct Ended {
  int exit = -1;  // 128 + the signal when one ended it.
  std::string out;
  std::string err;
};

// To its end. Standard input is empty and there is no terminal.
Ended RunProgram(const std::vector<std::string>& arguments);

// `sodalityd serve` with these further arguments, until it is told to stop.
class RunningServer final {
 public:
  explicit RunningServer(const std::vector<std::string>& arguments);
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  // The next line of standard output; empty when it has ended.
  std::string ReadLine();
  pid_t pid() const { return pid_; }
  // Sends the signal and waits; the exit code as in Ended.
  int Stop(int signal);

 private:
  pid_t pid_ = -1;
  int out_ = -1;
};

}  // namespace sodality::app

#endif  // SODALITY_TESTS_APP_PROGRAM_H_
