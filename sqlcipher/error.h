// SQLite's result codes as absl::Status. Read next: connection.h.
#ifndef SODALITY_SQLCIPHER_ERROR_H_
#define SODALITY_SQLCIPHER_ERROR_H_

#include <string_view>

#include "absl/status/status.h"

namespace sodality::sqlcipher {

// `code` is an extended result code, `doing` says in a few words what failed.
// The text names both and the code's meaning; never SQL, a name or a value.
//
//   full disk, no memory                     RESOURCE_EXHAUSTED
//   any other input or output error          UNAVAILABLE
//   damaged page, not opened by the key      DATA_LOSS
//   constraint                               ALREADY_EXISTS
//   value too large                          INVALID_ARGUMENT
//   read-only, busy, no permission           FAILED_PRECONDITION
//   interrupted                              CANCELLED
//   anything else (a fault of the program)   INTERNAL
absl::Status ToStatus(int code, std::string_view doing);

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_ERROR_H_
