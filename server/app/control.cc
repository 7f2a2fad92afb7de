#include "server/app/control.h"

#include <utility>

#include "crypto/keyring_file.h"
#include "crypto/root_key.h"
#include "platform/file.h"
#include "server/app/custody.h"
#include "server/app/log.h"

namespace sodality::app {

Outcome OpenFailure(const absl::Status& status) {
  if (absl::IsPermissionDenied(status)) return KeyFailure(status);
  return Fail(ExitCode::kFailed, status,
              "`sodalityd doctor` says what is wrong");
}

Control::Control(const PublicState& state, Unsealed& unsealed,
                 StopEvents& events)
    : folder_(state.folder),
      unsealed_(unsealed),
      events_(events),
      shares_(state.folder, state.chapter.info.id.bytes,
              platform::SystemClock()) {}

Outcome Control::Handle(const ControlRequest& request) {
  switch (request.kind) {
    case ControlKind::kStatus:
      return Status();
    case ControlKind::kUnsealKeyFile:
      return Unseal(crypto::DecodeRootKey(request.payload));
    case ControlKind::kUnsealPassphrase:
      return Unseal(RootOf(request.payload));
    case ControlKind::kUnsealShare:
      return crypto::WipingStack([&] { return TakeShare(request.payload); });
    case ControlKind::kSeal:
      return Seal();
  }
  return Fail(ExitCode::kUsage, "an unknown request",
              "is the server newer or older than this program?");
}

std::optional<std::chrono::milliseconds> Control::Idle() {
  const bool some = shares_.progress().shares != 0;
  const auto left = shares_.ForgetStale();
  if (some && !left) Log(Event::kSharesForgotten);
  return left;
}

Outcome Control::Status() const {
  if (unsealed_.is_open()) return {ExitCode::kOk, "unsealed", {}};
  const ShareProgress progress = shares_.progress();
  return {ExitCode::kOk, "sealed",
          progress.shares == 0 ? std::string() : FormatProgress(progress)};
}

absl::StatusOr<crypto::RootKey> Control::RootOf(
    const crypto::SecretBytes& passphrase) const {
  auto root =
      crypto::KeyringFile(platform::PosixFileSystem(), folder_.keyring())
          .RootFor(passphrase);
  if (!root.ok()) return root.status();
  return std::move(root->key);
}

Outcome Control::Unseal(const absl::StatusOr<crypto::RootKey>& root) {
  if (unsealed_.is_open()) return {ExitCode::kOk, kAlreadyUnsealed, {}};
  const absl::Status opened = root.ok() ? unsealed_.Open(*root) : root.status();
  if (opened.ok()) {
    shares_.Forget();
    return {ExitCode::kOk, "unsealed", {}};
  }
  Log(Event::kUnsealRefused, {LogField::Error(opened)});
  return root.ok() ? OpenFailure(opened) : KeyFailure(opened);
}

Outcome Control::TakeShare(const crypto::SecretBytes& text) {
  if (unsealed_.is_open()) return {ExitCode::kOk, kAlreadyUnsealed, {}};
  auto share = crypto::DecodeShare(text);
  absl::Status taken = share.status();
  int64_t number = 0;
  if (taken.ok()) {
    number = share->info().index;
    taken = shares_.Add(*std::move(share));
  }
  if (!taken.ok()) {
    Log(Event::kUnsealRefused, {LogField::Error(taken)});
    return KeyFailure(taken);
  }
  const ShareProgress progress = shares_.progress();
  Log(Event::kShareTaken, {{"share", number},
                           {"shares", int64_t{progress.shares}},
                           {"threshold", int64_t{progress.threshold}}});
  if (shares_.complete()) return Unseal(shares_.Take());
  return {ExitCode::kOk, FormatProgress(progress), {}};
}

Outcome Control::Seal() {
  shares_.Forget();
  if (!unsealed_.is_open()) return {ExitCode::kOk, "sealed", {}};
  events_.RequestSeal();
  return {ExitCode::kOk, "sealing", {}};
}

}  // namespace sodality::app
