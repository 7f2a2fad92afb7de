// What `doctor` asks of the store. Read next: writer.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_INTEGRITY_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_INTEGRITY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sqlcipher/connection.h"

namespace sodality::store {

// Checks every page's authentication, the trees, and that counts and search
// index agree with the members. Names what is wrong, never whose it is; empty
// when nothing is. Of a page that the write-ahead log holds too the version in
// force alone is checked. Nobody may checkpoint meanwhile. Reads the whole
// file.
absl::StatusOr<std::vector<std::string>> CheckIntegrity(
    sqlcipher::Connection& connection);

// The trees alone, of a copy of a store: every page in use is read, and so
// authenticated. Ends soon, CANCELLED, after Connection::Interrupt.
absl::StatusOr<std::vector<std::string>> CheckTrees(
    sqlcipher::Connection& connection);

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_INTEGRITY_H_
