// A file that must not exist yet and that goes away again unless it is kept.
#ifndef SODALITY_SERVER_APP_NEW_FILE_H_
#define SODALITY_SERVER_APP_NEW_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sodality::app {

// Mode 0600, durable. ALREADY_EXISTS; UNAVAILABLE.
absl::Status WriteNewFile(const std::string& path,
                          std::span<const uint8_t> content);

// Removes `path`, a file or a whole folder, at destruction unless kept.
// Move-only.
class RemovedUnlessKept final {
 public:
  explicit RemovedUnlessKept(std::string path) : path_(std::move(path)) {}
  RemovedUnlessKept(RemovedUnlessKept&& other) noexcept
      : path_(std::exchange(other.path_, std::string())) {}
  RemovedUnlessKept& operator=(RemovedUnlessKept&&) = delete;
  ~RemovedUnlessKept();

  void Keep() { path_.clear(); }

 private:
  std::string path_;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_NEW_FILE_H_
