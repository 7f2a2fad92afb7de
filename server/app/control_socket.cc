#include "server/app/control_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

#include "platform/file_error.h"
#include "server/app/log.h"

namespace sodality::app {
namespace {

// An Argon2id passphrase takes its time on a slow machine.
constexpr int kAnswerSeconds = 120;
constexpr int kRequestSeconds = 10;

// A socket's path may have 107 bytes, a data folder's more: the folder is
// reached through its descriptor.
struct SocketPath {
  OwnedFd folder;
  sockaddr_un address{};
};

absl::StatusOr<SocketPath> PathIn(const DataFolder& data) {
  SocketPath path;
  path.folder =
      OwnedFd(::open(data.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!path.folder.ok() && (errno == ENOENT || errno == ENOTDIR)) {
    return absl::NotFoundError("there is no data folder " + data.path());
  }
  if (!path.folder.ok()) {
    return platform::FileError(errno, "open", data.path());
  }
  path.address.sun_family = AF_UNIX;
  std::snprintf(path.address.sun_path, sizeof path.address.sun_path,
                "/proc/self/fd/%d/%s", path.folder.get(), kControlSocket);
  return path;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

void SetTimeouts(int socket, int seconds) {
  const timeval limit = {seconds, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

[[nodiscard]] bool PeerMayControl(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return false;
  }
  return peer.uid == 0 || peer.uid == ::geteuid();
}

// For poll: at most a minute, lest a clock that was set go unnoticed.
int TimeoutFor(std::optional<std::chrono::milliseconds> wait) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::minutes(1);
  if (!wait) return -1;
  return static_cast<int>(
      std::clamp(*wait, std::chrono::milliseconds(1), kLongest).count());
}

}  // namespace

absl::StatusOr<std::unique_ptr<ControlSocket>> ControlSocket::Listen(
    const DataFolder& folder, ControlHandler& handler) {
  auto path = PathIn(folder);
  if (!path.ok()) return path.status();
  OwnedFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  OwnedFd stop(::eventfd(0, EFD_CLOEXEC));
  ::unlinkat(path->folder.get(), kControlSocket, 0);
  const bool listens = listener.ok() && stop.ok() &&
                       ::bind(listener.get(), Generic(path->address),
                              sizeof path->address) == 0 &&
                       ::fchmodat(path->folder.get(), kControlSocket,
                                  S_IRUSR | S_IWUSR, 0) == 0 &&
                       ::listen(listener.get(), 8) == 0;
  if (!listens) {
    return absl::UnavailableError("cannot listen on " + folder.path() + "/" +
                                  kControlSocket);
  }
  return std::unique_ptr<ControlSocket>(
      new ControlSocket(std::move(listener), std::move(stop), handler));
}

ControlSocket::ControlSocket(OwnedFd listener, OwnedFd stop,
                             ControlHandler& handler)
    : listener_(std::move(listener)),
      stop_(std::move(stop)),
      handler_(handler),
      thread_([this] { Loop(); }) {}

ControlSocket::~ControlSocket() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void ControlSocket::Loop() {
  pollfd waits[] = {{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
  for (;;) {
    waits[0].revents = waits[1].revents = 0;
    if (::poll(waits, 2, TimeoutFor(handler_.Idle())) < 0 && errno != EINTR) {
      Log(Event::kControlFailed);
      return;
    }
    if (waits[1].revents != 0) return;
    if (waits[0].revents == 0) continue;
    const OwnedFd connection(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.ok()) Serve(connection.get());
  }
}

void ControlSocket::Serve(int connection) {
  SetTimeouts(connection, kRequestSeconds);
  if (!PeerMayControl(connection)) {
    // What the peer sends is not read, so the answer may not reach it.
    (void)SendAnswer(connection,
                     Fail(ExitCode::kDenied, "another user's server",
                          "run this as the server's user, or as root"));
    return;
  }
  const auto request = ReceiveRequest(connection);
  if (!request.ok()) return;
  // A caller that has gone learns the state by asking again.
  (void)SendAnswer(connection, handler_.Handle(*request));
}

namespace {

absl::Status NotConnected(int error, const DataFolder& folder) {
  if (error == ENOENT || error == ECONNREFUSED) {
    return absl::UnavailableError("no server runs on " + folder.path());
  }
  return platform::FileError(error, "connect to",
                             folder.path() + "/" + kControlSocket);
}

}  // namespace

absl::StatusOr<Outcome> AskServer(const DataFolder& folder,
                                  const ControlRequest& request) {
  const auto path = PathIn(folder);
  if (!path.ok()) return path.status();
  const OwnedFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.ok() || ::connect(socket.get(), Generic(path->address),
                                sizeof path->address) != 0) {
    return NotConnected(errno, folder);
  }
  SetTimeouts(socket.get(), kAnswerSeconds);
  absl::Status failed = SendRequest(socket.get(), request);
  if (failed.ok()) {
    auto answer = ReceiveAnswer(socket.get());
    if (answer.ok()) return answer;
    failed = answer.status();
  }
  if (!absl::IsUnavailable(failed)) return failed;
  return absl::AbortedError("the server hung up, or did not answer in time");
}

}  // namespace sodality::app
