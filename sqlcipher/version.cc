#include "sqlcipher/version.h"

#include <sqlite3.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sqlcipher/error.h"

namespace sodality::sqlcipher {
namespace {

constexpr std::pair<int, int> kLeast = {4, 6};

// Reads a number and leaves `text` behind it; -1 when there is none.
int TakeNumber(std::string_view& text) {
  int number = -1;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9' && number < 10000) {
    number = (number < 0 ? 0 : number * 10) + (text[0] - '0');
    text.remove_prefix(1);
  }
  return number;
}

absl::Status AskLibrary() {
  // Counting memory takes a lock shared by all connections at every allocation.
  // Refused, without harm, once the library is in use.
  (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(
      ":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::string version;
  if (code == SQLITE_OK) {
    code = sqlite3_exec(
        db, "PRAGMA cipher_version",
        [](void* text, int, char** values, char**) {
          *static_cast<std::string*>(text) = values[0];
          return 0;
        },
        &version, nullptr);
  }
  (void)sqlite3_close(db);
  if (code != SQLITE_OK) return ToStatus(code, "SQLCipher's version");
  return CheckVersionText(version);
}

}  // namespace

absl::Status CheckVersionText(std::string_view version) {
  std::string_view rest = version;
  std::pair<int, int> found = {TakeNumber(rest), -1};
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    found.second = TakeNumber(rest);
  }
  if (found.second >= 0 && found >= kLeast) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "SQLCipher 4.6 or later is needed; the library loaded is ",
      version.empty() ? "SQLite without SQLCipher" : std::string(version)));
}

absl::Status CheckVersion() {
  static const absl::Status answer = AskLibrary();
  return answer;
}

}  // namespace sodality::sqlcipher
