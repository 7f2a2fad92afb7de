#include "client/cli/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "client/include/sodality/error_info.h"

namespace sodality::cli {
namespace {

constexpr std::size_t kUsualColumns = 80;
constexpr std::size_t kMaxAnswerBytes = 1024;

// What the signal handler needs; it may call tcsetattr, write and _exit only.
struct Interrupt {
  volatile sig_atomic_t restore = 0;
  int tty = -1;
  struct termios before {};
  const char* message = "";
  size_t message_size = 0;
};
Interrupt interrupt;

extern "C" void OnInterrupt(int) {
  if (interrupt.restore != 0) {
    tcsetattr(interrupt.tty, TCSANOW, &interrupt.before);
  }
  // Nothing can be done about a closed standard error.
  const ssize_t ignored =
      write(STDERR_FILENO, interrupt.message, interrupt.message_size);
  static_cast<void>(ignored);
  _exit(static_cast<int>(ExitCode::kInterrupted));
}

absl::Status NoTerminal() {
  return MakeError(absl::StatusCode::kCancelled,
                   "there is no terminal to ask on",
                   {.reason = "NO_TERMINAL",
                    .hint = "give the answer by option: see --help"});
}

absl::Status NoAnswer() {
  return MakeError(absl::StatusCode::kCancelled, "no answer",
                   {.reason = "NOT_CONFIRMED",
                    .hint = "give the answer by option: see --help"});
}

// /dev/tty, with echo off for its life when asked for.
class Tty final {
 public:
  explicit Tty(bool echo) : fd_(open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0 || echo || tcgetattr(fd_, &interrupt.before) != 0) return;
    struct termios silent = interrupt.before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    interrupt.tty = fd_;
    interrupt.restore = 1;
    tcsetattr(fd_, TCSAFLUSH, &silent);
  }
  ~Tty() {
    if (fd_ < 0) return;
    if (interrupt.restore != 0) {
      tcsetattr(fd_, TCSAFLUSH, &interrupt.before);
      interrupt.restore = 0;
      Write("\n");
    }
    close(fd_);
  }
  Tty(const Tty&) = delete;
  Tty& operator=(const Tty&) = delete;

  bool ok() const { return fd_ >= 0; }

  void Write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t done = write(fd_, text.data(), text.size());
      if (done <= 0) return;
      text.remove_prefix(static_cast<size_t>(done));
    }
  }

  // One line without its end; false when the input ended before it.
  bool ReadLine(std::string* line) const {
    line->reserve(kMaxAnswerBytes);
    for (char c = 0; line->size() < kMaxAnswerBytes;) {
      if (read(fd_, &c, 1) != 1) return false;
      if (c == '\n') return true;
      line->push_back(c);
    }
    return true;
  }

 private:
  const int fd_;
};

class UnixTerminal final : public Terminal {
 public:
  bool OutIsTerminal() const override { return isatty(STDOUT_FILENO) == 1; }
  bool ErrIsTerminal() const override { return isatty(STDERR_FILENO) == 1; }

  bool Fancy() const override {
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    const bool dumb = term == nullptr || std::strcmp(term, "dumb") == 0;
    return !dumb && (no_color == nullptr || *no_color == '\0');
  }

  std::size_t Columns() const override {
    struct winsize size {};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
      return kUsualColumns;
    }
    return size.ws_col;
  }

  absl::StatusOr<std::string> Ask(const std::string& question) override {
    const Tty tty(/*echo=*/true);
    if (!tty.ok()) return NoTerminal();
    tty.Write(question);
    std::string line;
    if (!tty.ReadLine(&line)) return NoAnswer();
    return line;
  }

  absl::StatusOr<crypto::SecretBuffer> AskSecret(
      const std::string& question) override {
    const Tty tty(/*echo=*/false);
    if (!tty.ok()) return NoTerminal();
    tty.Write(question);
    std::string line;
    const bool read = tty.ReadLine(&line);
    auto secret = crypto::SecretBuffer::CopyOf(crypto::AsBytes(line));
    crypto::Wipe(line);
    if (!read) return NoAnswer();
    return secret;
  }
};

}  // namespace

Terminal& ProcessTerminal() {
  static UnixTerminal terminal;
  return terminal;
}

void EndOnInterrupt(bool json) {
  interrupt.message =
      json ? "{\"error\":{\"code\":\"CANCELLED\",\"exit\":130,\"message\":"
             "\"interrupted\",\"hint\":\"\",\"reason\":\"INTERRUPTED\"}}\n"
           : "sodality: error: interrupted\n";
  interrupt.message_size = std::strlen(interrupt.message);
  struct sigaction action {};
  action.sa_handler = &OnInterrupt;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace sodality::cli
