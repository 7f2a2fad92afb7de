// What a sealed server can read: the chapter's facts, its schema, the
// authority's certificate, the server's own key. Read next: unsealing.h.
#ifndef SODALITY_SERVER_APP_PUBLIC_STATE_H_
#define SODALITY_SERVER_APP_PUBLIC_STATE_H_

#include <string>

#include "absl/status/statusor.h"
#include "crypto/pki/certificate.h"
#include "crypto/secret.h"
#include "server/app/chapter_file.h"
#include "server/app/data_folder.h"
#include "server/core/schema.h"

namespace sodality::app {

struct PublicState {
  DataFolder folder;
  ChapterFile chapter;
  core::Schema schema;
  pki::CaCertificate authority;
  pki::Certificate server_certificate;
  crypto::SecretBuffer server_key_pem;
};

// NOT_FOUND when the folder or a file of it is not there; INVALID_ARGUMENT
// naming file and line; FAILED_PRECONDITION when the parts are of different
// chapters, or key, certificate and authority do not belong together.
absl::StatusOr<PublicState> LoadPublicState(const DataFolder& folder);

// Again, for it may be new after unsealing. As LoadPublicState.
absl::StatusOr<pki::Certificate> LoadServerCertificate(
    const DataFolder& folder);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_PUBLIC_STATE_H_
