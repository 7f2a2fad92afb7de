#include "sqlcipher/log_pages.h"

#include "platform/file.h"

namespace sodality::sqlcipher {

// docs of SQLite, "File Format" 4.1: a header of 32 bytes, then frames of 24
// bytes, the first four of which are the page's number, and the page.
absl::StatusOr<std::set<uint32_t>> PagesIn(const std::string& log) {
  constexpr uint64_t kHeader = 32;
  constexpr uint64_t kFrame = 24 + 4096;
  std::set<uint32_t> pages;
  const auto file = platform::PosixFileSystem().Open(log, /*create=*/false);
  if (absl::IsNotFound(file.status())) return pages;
  if (!file.ok()) return file.status();
  for (uint64_t at = kHeader;; at += kFrame) {
    const auto number = (*file)->ReadAt(at, 4);
    if (!number.ok()) return number.status();
    if (number->size() < 4) return pages;
    uint32_t page = 0;
    for (const uint8_t byte : *number) page = page << 8 | byte;
    pages.insert(page);
  }
}

}  // namespace sodality::sqlcipher
