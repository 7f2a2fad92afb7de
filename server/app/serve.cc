#include "server/app/serve.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/key.h"
#include "crypto/keyring_file.h"
#include "crypto/self_test.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/app/control.h"
#include "server/app/control_socket.h"
#include "server/app/custody.h"
#include "server/app/hardening.h"
#include "server/app/log.h"
#include "server/app/public_state.h"
#include "server/app/server_certificate.h"
#include "server/app/stop_events.h"
#include "server/app/unsealed.h"
#include "server/app/version.h"
#include "server/rpc/chapter_holder.h"
#include "server/rpc/server.h"
#include "sqlcipher/version.h"

namespace sodality::app {
namespace {

constexpr std::chrono::milliseconds kGrace(5000);

// Files that are readable while sealed.
Outcome FileFailure(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return KeyFailure(status);
  return Fail(ExitCode::kUsage, status, "mend what is said, then start again");
}

// What must hold before a key is touched or a port is opened.
Outcome Prepare() {
  const auto hardening = HardenProcess();
  if (!hardening.ok()) return FailedMachine(hardening.status());
  if (!hardening->locks_memory) {
    Log(Event::kFewLockedPages,
        {{"bytes", static_cast<int64_t>(hardening->locked_bytes)}});
  }
  absl::Status status = crypto::SelfTest();
  if (status.ok()) status = sqlcipher::CheckVersion();
  if (!status.ok()) return FailedMachine(status);
  rpc::PrepareTransport();
  return {};
}

// That of `source`, or that which has taken its place.
absl::StatusOr<crypto::RootKey> FindRootKey(const RootSource& source,
                                            const ServeOptions& options,
                                            const PublicState& state) {
  auto root = ReadRootKey(source, state);
  if (options.new_root_key.empty()) return root;
  const crypto::KeyringFile keyring(platform::PosixFileSystem(),
                                    state.folder.keyring());
  if (root.ok() && keyring.Load(*root).ok()) return root;
  auto fresh = ReadRootKeyFile(options.new_root_key);
  if (!fresh.ok() || !keyring.Load(*fresh).ok()) return root;
  Log(Event::kNewRootKeyTaken,
      {LogField::Place("new_root_key", options.new_root_key)});
  return fresh;
}

// OK and nothing done when there is no key: the server starts sealed.
Outcome UnsealAtStart(const ServeOptions& options, const PublicState& state,
                      Unsealed& unsealed) {
  if (options.sealed) return {};
  std::optional<RootSource> source = CredentialSource();
  if (!options.root.empty()) source = options.root;
  if (!source) return {};
  const auto root = FindRootKey(*source, options, state);
  if (!root.ok()) return KeyFailure(root.status());
  const absl::Status opened = unsealed.Open(*root);
  return opened.ok() ? Outcome() : OpenFailure(opened);
}

void PrintReady(const std::string& address) {
  const nlohmann::json line = {{"listening", address}};
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

// Begins the program anew without a key; the old memory goes with it. The
// place of a new root key stays known.
Outcome Reexecute(const ServeOptions& options, const DataFolder& folder,
                  const std::string& address) {
  // Whatever descriptors the libraries hold, the lock among them.
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  std::vector<std::string> words = {"sodalityd",   "serve",    "--data",
                                    folder.path(), "--listen", address,
                                    "--sealed"};
  if (!options.root.key_file.empty()) {
    words.insert(words.end(), {"--root-key", options.root.key_file});
  }
  if (!options.new_root_key.empty()) {
    words.insert(words.end(), {"--new-root-key", options.new_root_key});
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv("/proc/self/exe", arguments.data());
  return Fail(ExitCode::kFailed, "sealed, but cannot start anew",
              "start it: sodalityd serve --data DIR");
}

// How a server ended, and where it listened.
struct Stopped {
  StopEvent event;
  std::string address;
};

// Serves until something ends it; everything is closed when it returns.
absl::StatusOr<Stopped> ServeUntilStopped(rpc::ServerOptions options,
                                          const PublicState& state,
                                          Unsealed& unsealed,
                                          StopEvents& events) {
  const auto server = rpc::Server::Start(std::move(options), unsealed.holder(),
                                         platform::SystemClock());
  if (!server.ok()) return server.status();
  Control control(state, unsealed, events);
  auto socket = ControlSocket::Listen(state.folder, control);
  if (!socket.ok()) return socket.status();
  const std::string address = (*server)->address();
  Log(Event::kListening, {LogField::Place("address", address)});
  if (!unsealed.is_open()) {
    Log(Event::kSealed, {LogField::Place("unseal", "sodalityd unseal --data " +
                                                       state.folder.path())});
  }
  PrintReady(address);
  const StopEvent event = events.Wait();
  Log(event == StopEvent::kSeal ? Event::kSealing : Event::kStopping);
  // First nobody can unseal any more; then, sealing, streams end by themselves;
  // then the other calls, then the keys go.
  socket->reset();
  unsealed.Interrupt();
  if (event == StopEvent::kSeal) unsealed.Hide();
  (*server)->Shutdown(kGrace);
  unsealed.Close(event);
  Log(Event::kStopped);
  return Stopped{event, address};
}

rpc::ServerOptions TransportOptions(const ServeOptions& options,
                                    const pki::Certificate& certificate,
                                    PublicState& state) {
  return {
      .listen = options.listen.empty() ? state.chapter.listen : options.listen,
      .version = std::string(kVersion),
      .key_pem = std::move(state.server_key_pem),
      .certificate_pem = certificate.ToPem(),
      .authority = state.authority,
      .limits = state.chapter.limits,
      .on_damage = [](const absl::Status& status) {
        Log(Event::kDamageFound, {LogField::Error(status)});
      }};
}

Outcome ServeFolder(const ServeOptions& options, const DataFolder& folder,
                    StopEvents& events) {
  auto state = LoadPublicState(folder);
  if (!state.ok()) return FileFailure(state.status());
  const auto lock = platform::FolderLock::Acquire(folder.path());
  if (!lock.ok()) {
    return Fail(ExitCode::kConflict, lock.status(),
                "stop the server that has it, or wait until doctor ends");
  }
  Unsealed unsealed(*state, {options.root.key_file, options.new_root_key},
                    events);
  Outcome started = UnsealAtStart(options, *state, unsealed);
  if (!started.ok()) return started;
  const auto certificate = LoadServerCertificate(folder);
  if (!certificate.ok()) return FileFailure(certificate.status());
  const auto stopped =
      ServeUntilStopped(TransportOptions(options, *certificate, *state), *state,
                        unsealed, events);
  if (!stopped.ok()) {
    return Fail(ExitCode::kUnreachable, stopped.status(),
                "another program may have the port: see --listen");
  }
  if (stopped->event == StopEvent::kSeal) {
    return Reexecute(options, folder, stopped->address);
  }
  return stopped->event == StopEvent::kInterrupt
             ? Fail(ExitCode::kInterrupted, "interrupted", "")
             : Outcome();
}

}  // namespace

Outcome RunServe(const ServeOptions& options) {
  auto events = StopEvents::Create();
  if (!events.ok()) return FailedMachine(events.status());
  if (Outcome prepared = Prepare(); !prepared.ok()) return prepared;
  return ServeFolder(options, DataFolder(options.data), *events);
}

}  // namespace sodality::app
