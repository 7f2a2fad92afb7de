// The chapter while it is unsealed, and what works on it beside the calls. Read
// next: serve.cc.
#ifndef SODALITY_SERVER_APP_UNSEALED_H_
#define SODALITY_SERVER_APP_UNSEALED_H_

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "crypto/key.h"
#include "crypto/keyring.h"
#include "server/app/housekeeper.h"
#include "server/app/public_state.h"
#include "server/app/root_files.h"
#include "server/app/rotation_worker.h"
#include "server/app/stop_events.h"
#include "server/rpc/chapter_holder.h"

namespace sodality::app {

// Thread safety: one thread opens and closes; is_open and holder are safe.
// State and events outlive this.
class Unsealed final {
 public:
  Unsealed(const PublicState& state, RootPlace place, StopEvents& events)
      : state_(state), place_(std::move(place)), events_(events) {}
  ~Unsealed() { Close(); }
  Unsealed(const Unsealed&) = delete;
  Unsealed& operator=(const Unsealed&) = delete;

  rpc::ChapterHolder& holder() { return holder_; }
  [[nodiscard]] bool is_open() const { return holder_.Get() != nullptr; }

  // Errors: those of OpenChapter and of the ledger.
  absl::Status Open(const crypto::RootKey& root);

  // From now on calls and streams find the server sealed.
  void Hide() { holder_.Hide(); }
  // What reads the whole store for a call ends soon. For the end of the
  // process.
  void Interrupt();

  // Waits for calls that still have the chapter. An event kSeal is recorded.
  void Close(StopEvent event = StopEvent::kTerminate);

 private:
  // A failure is for the operator to see; the old one still holds.
  void RenewCertificate(const crypto::Keyring& keyring);

  const PublicState& state_;
  const RootPlace place_;
  StopEvents& events_;
  rpc::ChapterHolder holder_;
  std::optional<Housekeeper> housekeeper_;
  std::optional<RotationWorker> rotation_worker_;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_UNSEALED_H_
