#include "sqlcipher/error.h"

#include <sqlite3.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace sodality::sqlcipher {
namespace {

absl::StatusCode CodeOf(int code) {
  // The shared index is not the data: when it cannot grow, the disk is full.
  if (code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_NOMEM) {
    return absl::StatusCode::kResourceExhausted;
  }
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
      return absl::StatusCode::kUnavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    case SQLITE_CONSTRAINT:
      return absl::StatusCode::kAlreadyExists;
    case SQLITE_TOOBIG:
      return absl::StatusCode::kInvalidArgument;
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return absl::StatusCode::kFailedPrecondition;
    case SQLITE_INTERRUPT:
      return absl::StatusCode::kCancelled;
    default:
      return absl::StatusCode::kInternal;
  }
}

}  // namespace

absl::Status ToStatus(int code, std::string_view doing) {
  if (code == SQLITE_OK) return absl::OkStatus();
  // sqlite3_errstr names the code; sqlite3_errmsg could quote a statement.
  return absl::Status(
      CodeOf(code), absl::StrCat(std::string(doing), ": ", sqlite3_errstr(code),
                                 " (SQLite code ", code, ")"));
}

}  // namespace sodality::sqlcipher
