#include "sqlcipher/statement.h"

#include <sqlite3.h>

#include <utility>

#include "sqlcipher/error.h"

namespace sodality::sqlcipher {
namespace {

// SQLITE_STATIC is a C cast.
constexpr sqlite3_destructor_type kStays = nullptr;

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)),
      bind_error_(other.bind_error_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  std::swap(bind_error_, other.bind_error_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::Note(int code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

Statement& Statement::Bind(int index, int64_t value) {
  Note(sqlite3_bind_int64(statement_, index, value));
  return *this;
}

Statement& Statement::Bind(int index, uint64_t value) {
  return Bind(index, static_cast<int64_t>(value));
}

Statement& Statement::Bind(int index, std::span<const uint8_t> value) {
  // A null pointer would bind NULL; empty bytes are a value.
  const void* data =
      value.empty() ? "" : static_cast<const void*>(value.data());
  Note(sqlite3_bind_blob64(statement_, index, data, value.size(), kStays));
  return *this;
}

Statement& Statement::Bind(int index, std::string_view text) {
  const char* data = text.empty() ? "" : text.data();
  Note(sqlite3_bind_text64(statement_, index, data, text.size(), kStays,
                           SQLITE_UTF8));
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  const int code =
      bind_error_ != SQLITE_OK ? bind_error_ : sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  Reset();
  if (code == SQLITE_DONE) return false;
  // Prepared from a constant, a statement meets this one at run time where
  // SQLCipher could not authenticate a page.
  if (code == SQLITE_ERROR) return absl::DataLossError("a page is damaged");
  return ToStatus(code, "database statement");
}

absl::Status Statement::Run() {
  while (true) {
    const absl::StatusOr<bool> row = Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
  }
}

void Statement::Reset() {
  // Both repeat the last step's error, which was already reported.
  (void)sqlite3_reset(statement_);
  (void)sqlite3_clear_bindings(statement_);
  bind_error_ = SQLITE_OK;
}

int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(statement_, column);
}

uint64_t Statement::Uint(int column) const {
  return static_cast<uint64_t>(Int(column));
}

std::span<const uint8_t> Statement::Blob(int column) const {
  // The order matters: bytes() after blob() does not convert.
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const uint8_t*>(data), static_cast<size_t>(size)};
}

std::string Statement::Text(int column) const {
  const std::span<const uint8_t> bytes = Blob(column);
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace sodality::sqlcipher
