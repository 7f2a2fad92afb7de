#include "server/app/seal_commands.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "crypto/keyring_file.h"
#include "crypto/root_key.h"
#include "platform/file.h"
#include "platform/file_error.h"
#include "server/app/control_socket.h"
#include "server/app/hardening.h"
#include "server/app/shares.h"
#include "server/app/terminal.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

constexpr std::chrono::milliseconds kPoll(50);
constexpr std::chrono::seconds kPatience(30);

absl::StatusOr<std::vector<crypto::RootSlot>> SlotsOf(
    const DataFolder& folder) {
  return crypto::KeyringFile(platform::PosixFileSystem(), folder.keyring())
      .Slots();
}

// What is missing when no key was named and none can be asked for.
Outcome NothingGiven(std::span<const crypto::RootSlot> slots,
                     const std::string& progress) {
  for (const crypto::RootSlot& slot : slots) {
    if (slot.custody != crypto::Custody::kShares) continue;
    const ShareProgress none{0, slot.shares.threshold};
    return Fail(ExitCode::kUsage,
                "this folder is kept by shares, of set " +
                    text::EncodeBase32(slot.shares.id) + ": " +
                    (progress.empty() ? FormatProgress(none) : progress) +
                    " are in",
                "sodalityd unseal --data DIR SHARE-FILE");
  }
  return Fail(ExitCode::kUsage, "this folder is kept by a key file",
              "sodalityd unseal --data DIR --root-key FILE");
}

// Whether there is a key to give, or somebody to be asked for one.
Outcome CheckSource(const UnsealOptions& options, const DataFolder& folder,
                    const std::string& progress) {
  if (!options.root.empty() || !options.share.empty()) return {};
  const auto slots = SlotsOf(folder);
  if (!slots.ok()) return KeyFailure(slots.status());
  for (const crypto::RootSlot& slot : *slots) {
    if (slot.custody == crypto::Custody::kPassphrase) return {};
  }
  return NothingGiven(*slots, progress);
}

absl::StatusOr<ControlRequest> AskForSecret() {
  auto passphrase = AskPassphrase();
  if (!passphrase.ok()) return passphrase.status();
  return ControlRequest{ControlKind::kUnsealPassphrase, *std::move(passphrase)};
}

// Told here, with the file's name, when it is no share at all.
absl::StatusOr<ControlRequest> ShareIn(const std::string& path) {
  auto text = ReadShareText(path);
  if (!text.ok()) return text.status();
  const auto share = ShareOfFile(path, *text);
  if (!share.ok()) return share.status();
  return ControlRequest{ControlKind::kUnsealShare, *std::move(text)};
}

absl::StatusOr<ControlRequest> MakeRequest(const UnsealOptions& options) {
  if (!options.share.empty()) return ShareIn(options.share);
  const RootSource& root = options.root;
  if (root.empty()) return AskForSecret();
  if (!root.key_file.empty()) {
    const auto key = ReadRootKeyFile(root.key_file);
    if (!key.ok()) return key.status();
    return ControlRequest{ControlKind::kUnsealKeyFile,
                          crypto::EncodeRootKey(*key)};
  }
  auto passphrase = ReadPassphraseFile(root.passphrase_file);
  if (!passphrase.ok()) return passphrase.status();
  return ControlRequest{ControlKind::kUnsealPassphrase, *std::move(passphrase)};
}

Outcome Ask(const DataFolder& folder, const ControlRequest& request) {
  auto answer = AskServer(folder, request);
  if (answer.ok()) return *std::move(answer);
  if (absl::IsNotFound(answer.status())) return KeyFailure(answer.status());
  const int error = platform::ErrnoOf(answer.status());
  if (error == EACCES || error == EPERM) {
    return Fail(ExitCode::kDenied, answer.status(),
                "run this as the server's user, or as root");
  }
  if (error != 0) {
    return Fail(ExitCode::kFailed, answer.status(),
                "a server may run all the same: its log says where it listens");
  }
  if (absl::IsAborted(answer.status())) {
    return Fail(ExitCode::kUnreachable, answer.status(),
                "its log says why; then try again");
  }
  return Fail(ExitCode::kUnreachable, answer.status(),
              "start it: sodalityd serve --data DIR");
}

void PrintProgress(const ShareProgress& progress, bool json) {
  if (json) {
    std::printf("{\"state\":\"sealed\",\"shares\":%u,\"threshold\":%u}\n",
                progress.shares, progress.threshold);
  } else {
    std::fprintf(stderr, "%s\n", FormatProgress(progress).c_str());
  }
}

// An answer for programs, a note for people.
void PrintState(const char* state, bool json) {
  if (json) {
    std::printf("{\"state\":\"%s\"}\n", state);
  } else {
    std::fprintf(stderr, "%s\n", state);
  }
}

}  // namespace

Outcome RunUnseal(const UnsealOptions& options) {
  const auto hardening = HardenProcess();
  if (!hardening.ok()) return FailedMachine(hardening.status());
  const DataFolder folder(options.data);
  // Before anybody is asked for a passphrase in vain.
  Outcome state = Ask(folder, {});
  if (!state.ok()) return state;
  const bool was_sealed = state.message == "sealed";
  if (was_sealed) {
    Outcome source = CheckSource(options, folder, state.hint);
    if (!source.ok()) return source;
    const auto request = MakeRequest(options);
    if (!request.ok()) return KeyFailure(request.status());
    state = Ask(folder, *request);
    if (!state.ok()) return state;
  }
  if (const auto progress = ParseProgress(state.message)) {
    PrintProgress(*progress, options.json);
    return {};
  }
  const bool already = state.message == kAlreadyUnsealed ||
                       (!was_sealed && state.message == "unsealed");
  if (already && !options.json) {
    std::fprintf(stderr, "%s\n", kAlreadyUnsealed);
    return {};
  }
  if (!already && state.message != "unsealed") {
    return Fail(ExitCode::kFailed, "the server answered something else",
                "are sodalityd and the running server of one version?");
  }
  PrintState("unsealed", options.json);
  return {};
}

Outcome RunSeal(const SealOptions& options) {
  const DataFolder folder(options.data);
  Outcome answer = Ask(folder, {.kind = ControlKind::kSeal});
  if (!answer.ok()) return answer;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (answer.message != "sealed") {
    // While it begins anew nobody answers.
    const bool starting = answer.exit == ExitCode::kUnreachable;
    if (!answer.ok() && !starting) return answer;
    if (std::chrono::steady_clock::now() > deadline) {
      return Fail(ExitCode::kFailed, "the server did not come back sealed",
                  "its log says why");
    }
    std::this_thread::sleep_for(kPoll);
    answer = Ask(folder, {.kind = ControlKind::kStatus});
  }
  PrintState("sealed", options.json);
  return {};
}

}  // namespace sodality::app
