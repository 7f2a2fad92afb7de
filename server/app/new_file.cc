#include "server/app/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "platform/file.h"
#include "server/app/owned_fd.h"

namespace sodality::app {
namespace {

absl::Status WriteAll(int fd, std::span<const uint8_t> content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return absl::UnavailableError("cannot write");
    content = content.subspan(static_cast<size_t>(written));
  }
  if (::fsync(fd) != 0) return absl::UnavailableError("cannot write");
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteNewFile(const std::string& path,
                          std::span<const uint8_t> content) {
  const OwnedFd file(::open(path.c_str(),
                            O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                            S_IRUSR | S_IWUSR));
  if (!file.ok()) {
    return errno == EEXIST ? absl::AlreadyExistsError(path + " exists already")
                           : absl::UnavailableError("cannot create " + path);
  }
  const absl::Status written = WriteAll(file.get(), content);
  if (!written.ok()) {
    ::unlink(path.c_str());
    return absl::UnavailableError("cannot write " + path);
  }
  const std::string folder = std::filesystem::path(path).parent_path();
  return platform::PosixFileSystem().SyncFolder(folder.empty() ? "." : folder);
}

RemovedUnlessKept::~RemovedUnlessKept() {
  if (path_.empty()) return;
  std::error_code ignored;  // There is nobody to tell any more.
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sodality::app
