// Makes the connection that talks to a server, over mutual TLS.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/include/sodality/connection.h"
#include "client/include/sodality/options.h"
#include "crypto/secret.h"

namespace sodality {

// Who is calling whom. Move-only.
// Secrets: `key_pem` is copied into gRPC's own memory when connecting; that
// copy lives as long as the connection and is not wiped.
struct Credentials {
  std::string address;      // "host:port"
  std::string server_name;  // what the server's certificate must name
  std::string ca_certificate_pem;
  std::string certificate_pem;   // a device's, or an invite's to redeem it
  crypto::SecretBuffer key_pem;  // PKCS#8, not encrypted
};

// No network yet: the first call connects. Checks before that, because a
// server can say nothing about a certificate that it refuses:
// UNAUTHENTICATED (CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID) by
// `options.clock`; INVALID_ARGUMENT when a part cannot be read.
absl::StatusOr<std::shared_ptr<Connection>> Connect(Credentials credentials,
                                                    Options options = {});

// gRPC writes log lines of its own to standard error. A program whose standard
// error is read by people calls this first. For the whole process.
void SilenceTransportLog();

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_CONNECT_H_
