// Makes the connection that talks to a server, over mutual TLS, from the parts
// of an identity. Most programs have a profile instead: connect_profile.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "sodality/connection.h"
#include "sodality/options.h"
#include "sodality/secret.h"

namespace sodality {

// Who is calling whom. Move-only.
// Secrets: `key_pem` is copied into gRPC's own memory when connecting; that
// copy lives as long as the connection and is not wiped.
struct Credentials {
  // "host:port", "[v6]:port".
  std::string address = {};
  // The one DNS name that the server's certificate must hold, whatever the
  // address.
  std::string server_name = {};
  // The chapter's authority; no other is trusted.
  std::string ca_certificate_pem = {};
  // A device's, or an invite's to redeem it.
  std::string certificate_pem = {};
  // PKCS#8 without a passphrase.
  Secret key_pem = {};
};

// No network yet: the first call connects. Checks before that, because a
// server can say nothing about a certificate that it refuses:
// UNAUTHENTICATED (CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID) by
// `options.now`; INVALID_ARGUMENT when the certificate cannot be read. A key or
// authority that cannot be read shows at the first call, as UNAVAILABLE.
//
// Cost: threads of gRPC for the process, and from the first call on one TCP
// connection. Keep the connection: each new one is a TLS handshake.
//
// Example:
//   auto connection = sodality::Connect(std::move(credentials));
//   if (!connection.ok()) return connection.status();
//   const sodality::Client client(*std::move(connection));
absl::StatusOr<std::shared_ptr<Connection>> Connect(Credentials credentials,
                                                    Options options = {});

// gRPC writes log lines of its own to standard error. A program whose standard
// error is read by people calls this first. For the whole process.
void SilenceTransportLog();

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_H_
