#include "client/cli/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "client/cli/named_file.h"
#include "client/include/sodality/error_info.h"
#include "text/utf8.h"

namespace sodality::cli {

absl::StatusOr<NewFile> NewFile::Create(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                      S_IRUSR | S_IWUSR);
  if (fd >= 0) return NewFile(path, fd);
  const int error = errno;
  if (error == EEXIST) {
    return MakeError(absl::StatusCode::kAlreadyExists,
                     text::Printable(path) + " exists already",
                     {.reason = "FILE_EXISTS",
                      .hint = "it is not overwritten: name another file"});
  }
  return CannotCreate(path, error);
}

NewFile::NewFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      kept_(other.kept_) {}

NewFile::~NewFile() {
  if (fd_ < 0) return;
  close(fd_);
  if (!kept_) unlink(path_.c_str());
}

absl::Status NewFile::Keep(std::string_view content) {
  while (!content.empty()) {
    const ssize_t done = write(fd_, content.data(), content.size());
    if (done <= 0) return CannotWrite("the file");
    content.remove_prefix(static_cast<size_t>(done));
  }
  if (fsync(fd_) != 0) return CannotWrite("the file");
  kept_ = true;
  return absl::OkStatus();
}

}  // namespace sodality::cli
