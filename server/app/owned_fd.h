// A file descriptor that is closed with its owner.
#ifndef SODALITY_SERVER_APP_OWNED_FD_H_
#define SODALITY_SERVER_APP_OWNED_FD_H_

#include <unistd.h>

#include <utility>

namespace sodality::app {

// Move-only.
class OwnedFd final {
 public:
  OwnedFd() = default;
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OwnedFd() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_OWNED_FD_H_
