#include "sqlcipher/connection.h"

#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_format.h"
#include "platform/file.h"
#include "sqlcipher/connection_state.h"
#include "sqlcipher/error.h"
#include "sqlcipher/log_pages.h"
#include "sqlcipher/rules.h"
#include "sqlcipher/version.h"

namespace sodality::sqlcipher {

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

namespace {

// SQLite would create the file readable for others. An existing file is not
// opened here: closing a second descriptor of it would drop SQLite's locks.
absl::Status PrepareFile(const OpenOptions& options) {
  struct stat facts {};
  const bool copies = options.mode == OpenMode::kCopyTarget;
  if (!copies && stat(options.path.c_str(), &facts) == 0) {
    // Beside an empty file SQLite deletes the write-ahead log.
    return facts.st_size > 0 || options.mode == OpenMode::kCreate
               ? absl::OkStatus()
               : absl::DataLossError("the database file is empty");
  }
  if (!copies && options.mode != OpenMode::kCreate) {
    return absl::NotFoundError("the database file is absent");
  }
  platform::FileSystem& files = platform::PosixFileSystem();
  const auto made = files.Open(options.path, /*create=*/true);
  if (!made.ok()) return made.status();
  return files.SyncFolder(FolderOf(options.path));
}

// SQLCipher's text for "this is the key itself, and its salt".
class KeyText {
 public:
  explicit KeyText(std::span<const uint8_t> key) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    auto out = std::copy_n("x'", 2, text_.begin());
    for (const uint8_t byte : key) {
      *out++ = kDigits[byte >> 4];
      *out++ = kDigits[byte & 15];
    }
    *out = '\'';
  }
  ~KeyText() { explicit_bzero(text_.data(), text_.size()); }
  KeyText(const KeyText&) = delete;
  KeyText& operator=(const KeyText&) = delete;

  absl::Status Give(sqlite3* db) const {
    return ToStatus(sqlite3_key_v2(db, "main", text_.data(),
                                   static_cast<int>(text_.size())),
                    "setting the page key");
  }

 private:
  std::array<char, 2 * (kKeyBytes + kSaltBytes) + 3> text_;
};

std::string LogOf(const std::string& path) { return path + "-wal"; }

bool IsWritable(OpenMode mode) {
  return mode != OpenMode::kReadOnly && mode != OpenMode::kExamine;
}

// A file that nobody writes to: no lock, no log, no shared memory.
std::string ImmutableUri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      absl::StrAppend(&uri, absl::StrFormat("%%%02x", c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

// SQLite makes the log's file where it is absent, so without one the database
// is opened as a file that never changes. With one, the log's index is kept in
// memory, which takes the exclusive mode; its lock, for which the file would
// have to be open for writing, is left out.
int OpenToExamine(const std::string& path, int flags, sqlite3*& db) {
  struct stat log {};
  if (stat(LogOf(path).c_str(), &log) != 0 || log.st_size == 0) {
    return sqlite3_open_v2(ImmutableUri(path).c_str(), &db,
                           flags | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                           nullptr);
  }
  return sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_READONLY,
                         "unix-none");
}

absl::Status OpenFile(const OpenOptions& options, sqlite3*& db) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int access =
      IsWritable(options.mode) ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const int code =
      options.mode == OpenMode::kExamine
          ? OpenToExamine(options.path, flags, db)
          : sqlite3_open_v2(options.path.c_str(), &db, flags | access, nullptr);
  return ToStatus(code, "opening the database");
}

absl::Status KeepLogIndexInMemory(sqlite3* db) {
  return ToStatus(sqlite3_exec(db, "PRAGMA locking_mode=EXCLUSIVE", nullptr,
                               nullptr, nullptr),
                  "taking the database alone");
}

// Its warnings would go to standard error. Not understood before a key is set.
absl::Status Silence(sqlite3* db) {
  return ToStatus(sqlite3_exec(db, "PRAGMA cipher_log_level=NONE", nullptr,
                               nullptr, nullptr),
                  "silencing SQLCipher");
}

// The salt is the only thing that tells a foreign key from a damaged page.
absl::Status ExplainUnreadable(sqlite3* db, std::span<const uint8_t> key) {
  sqlite3_file* file = nullptr;
  std::array<uint8_t, kSaltBytes> salt{};
  (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file == nullptr || file->pMethods == nullptr ||
      file->pMethods->xRead(file, salt.data(), kSaltBytes, 0) != SQLITE_OK) {
    return absl::DataLossError("the database file is cut short");
  }
  const std::span<const uint8_t> expected = key.subspan(kKeyBytes);
  if (std::equal(salt.begin(), salt.end(), expected.begin())) {
    return absl::DataLossError(
        "the first page of the database does not open under this page key: the "
        "page is damaged or the key wrong");
  }
  return absl::PermissionDeniedError(
      "the page key is not the one this database was made with");
}

absl::Status ReadFirstPage(sqlite3* db, std::span<const uint8_t> key) {
  const int code = sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema",
                                nullptr, nullptr, nullptr);
  if ((code & 0xff) == SQLITE_NOTADB) return ExplainUnreadable(db, key);
  return ToStatus(code, "reading the database");
}

absl::Status SetCache(sqlite3* db, uint64_t bytes) {
  const std::string sql = "PRAGMA cache_size=-" +
                          std::to_string(std::max<uint64_t>(bytes >> 10, 1));
  return ToStatus(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr),
                  "setting the page cache");
}

absl::Status SetUp(sqlite3* db, const OpenOptions& options) {
  const bool examine = options.mode == OpenMode::kExamine;
  absl::Status status = KeyText(options.key).Give(db);
  if (status.ok()) status = Silence(db);
  if (status.ok() && examine) status = KeepLogIndexInMemory(db);
  if (status.ok()) status = ReadFirstPage(db, options.key);
  if (status.ok()) status = ApplyRules(db);
  if (status.ok() && options.mode == OpenMode::kCopyTarget) {
    status = ApplyCopyRules(db);
  } else if (status.ok() && !examine) {
    status = ApplyFileRules(db, IsWritable(options.mode));
  }
  if (status.ok()) status = SetCache(db, options.cache_bytes);
  return status;
}

int KeepLogFrames(void* frames, sqlite3*, const char*, int count) {
  *static_cast<int*>(frames) = count;
  return SQLITE_OK;
}

}  // namespace

Connection::Connection(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

absl::StatusOr<Connection> Connection::Open(const OpenOptions& options) {
  if (options.key.size() != kKeyBytes + kSaltBytes) {
    return absl::InvalidArgumentError(
        "a page key is 32 bytes, then 16 of salt");
  }
  absl::Status status = CheckVersion();
  if (status.ok()) status = PrepareFile(options);
  if (!status.ok()) return status;
  auto state = std::make_unique<State>();
  state->path = options.path;
  state->writable = IsWritable(options.mode);
  status = OpenFile(options, state->db);
  if (status.ok()) status = SetUp(state->db, options);
  if (!status.ok()) return status;
  // Only now: setting wal_autocheckpoint takes the hook's place.
  sqlite3_wal_hook(state->db, KeepLogFrames, &state->log_frames);
  return Connection(std::move(state));
}

absl::StatusOr<Statement> Connection::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(state_->db, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return ToStatus(code, "preparing a statement");
  return Statement(statement);
}

absl::StatusOr<std::vector<Statement>> Connection::PrepareAll(
    std::span<const std::string_view> sql) {
  std::vector<Statement> statements;
  statements.reserve(sql.size());
  for (const std::string_view one : sql) {
    absl::StatusOr<Statement> statement = Prepare(one);
    if (!statement.ok()) return statement.status();
    statements.push_back(*std::move(statement));
  }
  return statements;
}

absl::Status Connection::Execute(const char* sql) {
  return ToStatus(sqlite3_exec(state_->db, sql, nullptr, nullptr, nullptr),
                  "database statement");
}

absl::StatusOr<int64_t> Connection::QueryInt(std::string_view sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::NotFoundError("no row");
  return statement->Int(0);
}

absl::StatusOr<std::vector<std::string>> Connection::QueryTexts(
    std::string_view sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  std::vector<std::string> texts;
  while (true) {
    const absl::StatusOr<bool> row = statement->Step();
    if (!row.ok()) return row.status();
    if (!*row) return texts;
    texts.push_back(statement->Text(0));
  }
}

absl::StatusOr<CheckpointResult> Connection::Checkpoint(CheckpointMode mode) {
  // SQLite would let it empty the log, of which it may not write the pages.
  if (!state_->writable) {
    return absl::FailedPreconditionError("a reader does not checkpoint");
  }
  constexpr std::array kModes = {SQLITE_CHECKPOINT_PASSIVE,
                                 SQLITE_CHECKPOINT_RESTART,
                                 SQLITE_CHECKPOINT_TRUNCATE};
  CheckpointResult result;
  const int code = sqlite3_wal_checkpoint_v2(
      state_->db, "main", kModes.at(static_cast<size_t>(mode)),
      &result.log_frames, &result.done_frames);
  if (code != SQLITE_OK) return ToStatus(code, "checkpoint");
  if (mode == CheckpointMode::kTruncate) state_->log_frames = 0;
  return result;
}

absl::Status Connection::SetCache(uint64_t bytes) {
  return sqlcipher::SetCache(state_->db, bytes);
}

bool Connection::writable() const { return state_->writable; }

int Connection::log_frames() const { return state_->log_frames; }

absl::StatusOr<std::set<uint32_t>> Connection::PagesInLog() const {
  return PagesIn(LogOf(state_->path));
}

bool Connection::autocommit() const {
  return sqlite3_get_autocommit(state_->db) != 0;
}

}  // namespace sodality::sqlcipher
