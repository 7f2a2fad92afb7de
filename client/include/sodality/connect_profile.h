// From a profile to a connection: how most programs start. A profile is the
// folder that `sodality join` leaves on a device. Read next: client.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_PROFILE_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_PROFILE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sodality/connection.h"
#include "sodality/options.h"
#include "sodality/secret.h"

namespace sodality {

// $XDG_CONFIG_HOME/sodality, else $HOME/.config/sodality (relative values of
// the first are ignored, as the XDG specification says). FAILED_PRECONDITION
// when neither is set. Reads the environment: call it before threads start.
absl::StatusOr<std::string> DefaultProfileFolder();

// What ConnectProfile asks and tells. The library never prompts or prints.
struct ProfileOptions {
  // Asked at most once, before ConnectProfile returns, and only where the
  // device's key has a passphrase. An error is what ConnectProfile answers.
  std::function<absl::StatusOr<Secret>()> passphrase = {};
  // Told why a certificate could not be renewed; the old one is still good.
  std::function<void(const absl::Status&)> renewal_failed = {};
  // How calls are made.
  Options calls = {};
};

// Connects as the device whose profile `folder` is. The network is used only
// when two thirds of the certificate's life (90 days) are over: it is then
// renewed and replaced in the folder, with the same key. A program that runs
// for weeks connects anew now and then, once a day say.
//
// Cost: a key under a passphrase takes Argon2id's 256 MiB for a second; else
// as Connect. Thread safety: safe, also between processes.
//
// Errors:
//   UNAUTHENTICATED      no profile there (NOT_ENROLLED), or out of its dates
//                        (CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID)
//   FAILED_PRECONDITION  others may write to the folder or read the key
//   PERMISSION_DENIED    not the key's passphrase
//   CANCELLED            the key has one, and nobody to ask
//                        (PASSPHRASE_NEEDED)
//   DATA_LOSS            a file is missing or damaged; the message names it
//
// Example:
//   const auto folder = sodality::DefaultProfileFolder();
//   if (!folder.ok()) return folder.status();
//   auto connection = sodality::ConnectProfile(*folder);
//   if (!connection.ok()) return connection.status();
//   const sodality::Client client(*std::move(connection));
absl::StatusOr<std::shared_ptr<Connection>> ConnectProfile(
    const std::string& folder, const ProfileOptions& options = {});

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_PROFILE_H_
