#include "server/app/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "server/app/custody.h"
#include "server/app/owned_fd.h"

namespace sodality::app {
namespace {

// Switches the echo off while it lives.
class Silence final {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    changed_ = ::tcsetattr(terminal_, TCSAFLUSH, &silent) == 0;
  }
  ~Silence() {
    if (changed_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

  [[nodiscard]] bool ok() const { return changed_; }

 private:
  int terminal_;
  termios before_{};
  bool changed_ = false;
};

}  // namespace

absl::StatusOr<crypto::SecretBytes> AskPassphrase() {
  const OwnedFd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  if (!terminal.ok()) {
    return absl::CancelledError(
        "a passphrase is needed and there is no terminal");
  }
  constexpr std::string_view kPrompt = "Passphrase: ";
  const Silence silence(terminal.get());
  if (!silence.ok() ||
      ::write(terminal.get(), kPrompt.data(), kPrompt.size()) < 0) {
    return absl::CancelledError("the terminal cannot be used");
  }
  std::array<uint8_t, kMaxPassphraseBytes + 1> line{};
  const ssize_t got = ::read(terminal.get(), line.data(), line.size());
  const size_t length = got > 0 && line[static_cast<size_t>(got) - 1] == '\n'
                            ? static_cast<size_t>(got) - 1
                            : 0;
  auto passphrase = crypto::SecretBytes::CopyOf(std::span(line).first(length));
  crypto::Wipe(line);
  if (passphrase.empty()) return absl::CancelledError("no passphrase given");
  return passphrase;
}

}  // namespace sodality::app
