// The local socket through which a running server is unsealed and sealed.
// Only a process of the server's own user, or root, may use it.
#ifndef SODALITY_SERVER_APP_CONTROL_SOCKET_H_
#define SODALITY_SERVER_APP_CONTROL_SOCKET_H_

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "absl/status/statusor.h"
#include "server/app/control_protocol.h"
#include "server/app/data_folder.h"
#include "server/app/owned_fd.h"

namespace sodality::app {

class ControlHandler {
 public:
  virtual ~ControlHandler() = default;
  // On the socket's thread, one at a time.
  virtual Outcome Handle(const ControlRequest& request) = 0;
  // Before each wait for a request, on the same thread. After how long at most
  // it is to be called again; nothing when that does not matter.
  virtual std::optional<std::chrono::milliseconds> Idle() {
    return std::nullopt;
  }
};

// Listens while it lives. Thread safety: one thread.
class ControlSocket final {
 public:
  // Replaces a socket that an earlier server left: the caller holds the lock
  // on the folder. `handler` outlives this. UNAVAILABLE.
  static absl::StatusOr<std::unique_ptr<ControlSocket>> Listen(
      const DataFolder& folder, ControlHandler& handler);
  // Waits for the request that is being handled.
  ~ControlSocket();

 private:
  ControlSocket(OwnedFd listener, OwnedFd stop, ControlHandler& handler);
  void Loop();
  void Serve(int connection);

  OwnedFd listener_;
  OwnedFd stop_;
  ControlHandler& handler_;
  std::thread thread_;
};

// The client's side: one request to the server that runs on `folder`. NOT_FOUND
// without the folder; UNAVAILABLE when no server runs; a platform::FileError
// when the socket cannot be reached for another reason; ABORTED when the server
// hangs up, or takes longer than an Argon2id passphrase may.
absl::StatusOr<Outcome> AskServer(const DataFolder& folder,
                                  const ControlRequest& request);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_CONTROL_SOCKET_H_
