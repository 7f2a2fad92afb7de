// Which SQLCipher the program runs with. Read next: connection.h.
#ifndef SODALITY_SQLCIPHER_VERSION_H_
#define SODALITY_SQLCIPHER_VERSION_H_

#include <string_view>

#include "absl/status/status.h"

namespace sodality::sqlcipher {

// FAILED_PRECONDITION, naming both versions, unless the library that the
// process has loaded is SQLCipher 4.6 or later. Connection::Open asks it too.
absl::Status CheckVersion();

// The same for a given answer of `PRAGMA cipher_version`; empty is what plain
// SQLite answers.
absl::Status CheckVersionText(std::string_view version);

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_VERSION_H_
