// Internal: which pages the frames of a write-ahead log are of.
#ifndef SODALITY_SQLCIPHER_LOG_PAGES_H_
#define SODALITY_SQLCIPHER_LOG_PAGES_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/statusor.h"

namespace sodality::sqlcipher {

// Of every frame in the file, those of earlier turns of the log too. None when
// there is no file; else the file system's errors.
absl::StatusOr<std::set<uint32_t>> PagesIn(const std::string& log);

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_LOG_PAGES_H_
