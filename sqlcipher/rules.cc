#include "sqlcipher/rules.h"

#include <sqlite3.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "sqlcipher/error.h"

namespace sodality::sqlcipher {
namespace {

constexpr int kBusyMillis = 5000;

struct Rule {
  const char* set;  // Empty: only looked at.
  const char* read;
  std::string_view expected;
};

constexpr Rule kRules[] = {
    {"PRAGMA temp_store=MEMORY", "PRAGMA temp_store", "2"},
    {"PRAGMA synchronous=FULL", "PRAGMA synchronous", "2"},
    {"PRAGMA wal_autocheckpoint=0", "PRAGMA wal_autocheckpoint", "0"},
    {"PRAGMA secure_delete=ON", "PRAGMA secure_delete", "1"},
    {"PRAGMA trusted_schema=OFF", "PRAGMA trusted_schema", "0"},
    {"PRAGMA cell_size_check=ON", "PRAGMA cell_size_check", "1"},
    {"PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys", "0"},
    {"PRAGMA mmap_size=0", "PRAGMA mmap_size", "0"},
    // These three answer only where a key is set.
    {"", "PRAGMA cipher_use_hmac", "1"},
    {"", "PRAGMA cipher_plaintext_header_size", "0"},
    {"", "PRAGMA cipher_page_size", "4096"},
};
constexpr Rule kNoVacuum = {"PRAGMA auto_vacuum=NONE", "PRAGMA auto_vacuum",
                            "0"};
constexpr Rule kWriteAheadLog = {"PRAGMA journal_mode=WAL",
                                 "PRAGMA journal_mode", "wal"};

constexpr Rule kJournalInMemory = {"PRAGMA journal_mode=MEMORY",
                                   "PRAGMA journal_mode", "memory"};

int KeepFirst(void* first, int, char** values, char**) {
  auto& text = *static_cast<std::string*>(first);
  if (text.empty() && values[0] != nullptr) text = values[0];
  return 0;
}

absl::Status Read(sqlite3* db, const Rule& rule) {
  std::string value;
  const int code = sqlite3_exec(db, rule.read, KeepFirst, &value, nullptr);
  if (code != SQLITE_OK) return ToStatus(code, rule.read);
  if (value == rule.expected) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("SQLCipher refuses a rule: ", rule.read, " is \"", value,
                   "\" and must be \"", std::string(rule.expected), "\""));
}

absl::Status SetAndRead(sqlite3* db, const Rule& rule) {
  const int code = sqlite3_exec(db, rule.set, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return ToStatus(code, rule.set);
  return Read(db, rule);
}

// No extensions, no double-quoted strings, no writing to the schema table, no
// checkpoint by a close.
absl::Status Harden(sqlite3* db) {
  struct Switch {
    int option;
    int value;
  };
  for (const Switch& s :
       {Switch{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        Switch{SQLITE_DBCONFIG_DQS_DML, 0}, Switch{SQLITE_DBCONFIG_DQS_DDL, 0},
        Switch{SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
        Switch{SQLITE_DBCONFIG_DEFENSIVE, 1}}) {
    int now = -1;
    const int code = sqlite3_db_config(db, s.option, s.value, &now);
    if (code != SQLITE_OK) return ToStatus(code, "database configuration");
    if (now != s.value) {
      return absl::FailedPreconditionError(
          absl::StrCat("SQLCipher refuses a rule: configuration ", s.option));
    }
  }
  return ToStatus(sqlite3_busy_timeout(db, kBusyMillis), "busy timeout");
}

}  // namespace

absl::Status ApplyRules(sqlite3* db) {
  const absl::Status hardened = Harden(db);
  if (!hardened.ok()) return hardened;
  for (const Rule& rule : kRules) {
    const absl::Status held = SetAndRead(db, rule);
    if (!held.ok()) return held;
  }
  return absl::OkStatus();
}

absl::Status ApplyFileRules(sqlite3* db, bool writable) {
  for (const Rule& rule : {kNoVacuum, kWriteAheadLog}) {
    const absl::Status held = writable ? SetAndRead(db, rule) : Read(db, rule);
    if (!held.ok()) return held;
  }
  return absl::OkStatus();
}

absl::Status ApplyCopyRules(sqlite3* db) {
  for (const Rule& rule : {kNoVacuum, kJournalInMemory}) {
    const absl::Status held = SetAndRead(db, rule);
    if (!held.ok()) return held;
  }
  return absl::OkStatus();
}

}  // namespace sodality::sqlcipher
