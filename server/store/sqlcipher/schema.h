// The tables of the member store and how they came about.
// Read next: packing.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_SCHEMA_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_SCHEMA_H_

#include <cstdint>

#include "absl/status/status.h"
#include "sqlcipher/connection.h"

namespace sodality::store {

inline constexpr int64_t kSchemaVersion = 1;
inline constexpr int64_t kApplicationId = 0x536f6461;  // "Soda".
// Entries of the ledger's index are kept in runs of this many, each with its
// own part of the tree, so that the background filling touches few pages.
inline constexpr int kIndexRunBits = 16;

// Brings the database to kSchemaVersion in one transaction. An empty one is
// filled only with `create`. FAILED_PRECONDITION, naming both versions, when a
// newer program wrote it; FAILED_PRECONDITION when it is no member store.
absl::Status PrepareSchema(sqlcipher::Connection& connection, bool create);

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_SCHEMA_H_
