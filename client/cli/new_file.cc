#include "client/cli/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "client/cli/named_file.h"
#include "client/include/sodality/error_info.h"
#include "platform/file.h"
#include "text/utf8.h"

namespace sodality::cli {

namespace {

absl::Status ExistsAlready(const std::string& path) {
  return MakeError(absl::StatusCode::kAlreadyExists,
                   text::Printable(path) + " exists already",
                   {.reason = "FILE_EXISTS",
                    .hint = "it is not overwritten: name another file"});
}

// 0, or an errno: EEXIST when something is at `to`.
int MoveTo(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                RENAME_NOREPLACE) == 0) {
    return 0;
  }
  // Some network file systems cannot.
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (link(from.c_str(), to.c_str()) != 0) return errno;
  return unlink(from.c_str()) == 0 ? 0 : errno;
}

}  // namespace

absl::Status CheckAbsent(const std::string& path) {
  struct stat found = {};
  if (lstat(path.c_str(), &found) == 0) return ExistsAlready(path);
  return errno == ENOENT ? absl::OkStatus() : CannotCreate(path, errno);
}

absl::StatusOr<NewFile> NewFile::Create(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                      S_IRUSR | S_IWUSR);
  if (fd >= 0) return NewFile(path, fd);
  const int error = errno;
  if (error == EEXIST) return ExistsAlready(path);
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

absl::Status NewFile::Append(std::string_view content) {
  while (!content.empty()) {
    const ssize_t done = write(fd_, content.data(), content.size());
    if (done <= 0) return CannotWrite("the file");
    content.remove_prefix(static_cast<size_t>(done));
  }
  return absl::OkStatus();
}

absl::Status NewFile::Keep(std::string_view content) {
  const absl::Status appended = Append(content);
  if (!appended.ok()) return appended;
  if (fsync(fd_) != 0) return CannotWrite("the file");
  kept_ = true;
  return absl::OkStatus();
}

absl::Status NewFile::KeepAs(const std::string& path) {
  if (fsync(fd_) != 0) return CannotWrite("the file");
  kept_ = true;  // Whole it is, whatever becomes of its name.
  if (const int error = MoveTo(path_, path); error != 0) {
    if (error != EEXIST) {
      return MakeError(
          absl::StatusCode::kInternal,
          "cannot rename " + text::Printable(path_),
          {.reason = "CANNOT_WRITE",
           .hint = "it is whole: rename it to " + text::Printable(path)});
    }
    kept_ = false;
    return ExistsAlready(path);
  }
  const std::string folder = std::filesystem::path(path).parent_path();
  return platform::PosixFileSystem().SyncFolder(folder.empty() ? "." : folder);
}

}  // namespace sodality::cli
