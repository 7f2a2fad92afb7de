#include "client/include/sodality/connect.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/include/sodality/error_info.h"
#include "client/internal/grpc_connection.h"
#include "client/internal/now.h"
#include "crypto/pki/certificate.h"

namespace sodality {
namespace {

// The server says nothing to a certificate out of its dates: it hangs up.
absl::Status CheckDates(const pki::Validity& validity,
                        platform::Timestamp now) {
  if (now > validity.not_after) {
    return MakeError(
        absl::StatusCode::kUnauthenticated,
        absl::StrCat("the certificate expired at ",
                     platform::FormatTimestamp(validity.not_after)),
        {.reason = "CERTIFICATE_EXPIRED",
         .hint = "ask an admin for a new invite, then: sodality join FILE"});
  }
  if (now < validity.not_before) {
    return MakeError(
        absl::StatusCode::kUnauthenticated,
        absl::StrCat("the certificate holds only from ",
                     platform::FormatTimestamp(validity.not_before)),
        {.reason = "CERTIFICATE_NOT_YET_VALID",
         .hint = "check this machine's clock",
         .retry_at = platform::FormatTimestamp(validity.not_before)});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<Connection>> Connect(Credentials credentials,
                                                    Options options) {
  const auto certificate =
      pki::Certificate::ParsePem(credentials.certificate_pem);
  if (!certificate.ok()) return certificate.status();
  const absl::Status dates =
      CheckDates(certificate->validity(), internal::Now(options));
  if (!dates.ok()) return dates;
  return std::make_shared<internal::GrpcConnection>(credentials,
                                                    std::move(options));
}

}  // namespace sodality
