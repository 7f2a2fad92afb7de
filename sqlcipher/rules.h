// What every connection must be like; see Connection. Internal.
#ifndef SODALITY_SQLCIPHER_RULES_H_
#define SODALITY_SQLCIPHER_RULES_H_

#include <string_view>

#include "absl/status/status.h"

struct sqlite3;

namespace sodality::sqlcipher {

// Sets each rule and reads it back. FAILED_PRECONDITION naming the first that
// does not hold.
absl::Status ApplyRules(sqlite3* db);

// The rules that live in the file: write-ahead log, no vacuum. A writable
// connection sets the log up.
absl::Status ApplyFileRules(sqlite3* db, bool writable);

// Those of a file that pages are copied into: nothing of it is rolled back, and
// no journal's file comes to be.
absl::Status ApplyCopyRules(sqlite3* db);

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_RULES_H_
