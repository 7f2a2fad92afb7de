// A row of the members' table as a record. Read next: reader.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_RECORD_ROW_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_RECORD_ROW_H_

#include "absl/status/statusor.h"
#include "server/store/member_store.h"
#include "sqlcipher/statement.h"

namespace sodality::store {

// Columns id, revision, changed_at, wrap_version, the first two bytes of
// tokens, sealed. DATA_LOSS.
absl::StatusOr<MemberRecord> RecordOf(const sqlcipher::Statement& row);

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_RECORD_ROW_H_
