// What the local socket of a running server is asked for. Read next:
// unsealed.h.
#ifndef SODALITY_SERVER_APP_CONTROL_H_
#define SODALITY_SERVER_APP_CONTROL_H_

#include <chrono>
#include <optional>

#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/secret.h"
#include "platform/clock.h"
#include "server/app/control_socket.h"
#include "server/app/public_state.h"
#include "server/app/shares.h"
#include "server/app/stop_events.h"
#include "server/app/unsealed.h"

namespace sodality::app {

// Thread safety: the socket's thread. The arguments outlive this.
class Control final : public ControlHandler {
 public:
  Control(const PublicState& state, Unsealed& unsealed, StopEvents& events);

  Outcome Handle(const ControlRequest& request) override;
  std::optional<std::chrono::milliseconds> Idle() override;

 private:
  absl::StatusOr<crypto::RootKey> RootOf(
      const crypto::SecretBytes& passphrase) const;
  Outcome Status() const;
  Outcome Unseal(const absl::StatusOr<crypto::RootKey>& root);
  Outcome TakeShare(const crypto::SecretBytes& text);
  Outcome Seal();

  const DataFolder& folder_;
  Unsealed& unsealed_;
  StopEvents& events_;
  CollectedShares shares_;
};

// How a start or an unsealing ends whose chapter does not open: the key is
// wrong, or something is broken.
Outcome OpenFailure(const absl::Status& status);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_CONTROL_H_
