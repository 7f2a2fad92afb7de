// Who gets past the TLS handshake: decided from the whole certificate, before
// any byte of HTTP/2 is read. Knows no gRPC. Read next: admission.h.
#ifndef SODALITY_SERVER_RPC_CERTIFICATE_VERIFIER_H_
#define SODALITY_SERVER_RPC_CERTIFICATE_VERIFIER_H_

#include <string_view>

#include "crypto/pki/certificate.h"
#include "platform/clock.h"
#include "server/rpc/chapter_holder.h"

namespace sodality::rpc {

// True for a device's or invite's certificate that `authority` issued, that is
// in force, and that the chapter's access table admits. While sealed there is
// no table: what is certified may ask for health, which is all that the gate
// lets through then.
[[nodiscard]] bool AdmitsConnection(std::string_view pem,
                                    const pki::CaCertificate& authority,
                                    const ChapterHolder& chapter,
                                    platform::Timestamp now);

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_CERTIFICATE_VERIFIER_H_
