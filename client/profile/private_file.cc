#include "client/profile/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/file.h"

namespace sodality {
namespace {

constexpr mode_t kOthersAny = S_IRWXG | S_IRWXO;
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

class Descriptor final {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

absl::Status SystemError(std::string_view what, const std::string& path) {
  const int error = errno;
  const std::string message = absl::StrCat("cannot ", std::string(what), " ",
                                           path, ": ", std::strerror(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case ELOOP:
      return absl::FailedPreconditionError(message);
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(message);
    default:
      return absl::UnavailableError(message);
  }
}

absl::Status Exposed(const std::string& path, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, " ", std::string(why)));
}

absl::Status CheckKeyFile(const struct stat& info, const std::string& path) {
  if (!S_ISREG(info.st_mode)) return Exposed(path, "is no regular file");
  if (info.st_uid != geteuid()) return Exposed(path, "belongs to another user");
  if ((info.st_mode & kOthersAny) != 0) {
    return Exposed(path, "is open to other users: chmod 600 it");
  }
  return absl::OkStatus();
}

absl::Status ReadAll(int fd, std::span<uint8_t> out, const std::string& path) {
  while (!out.empty()) {
    const ssize_t n = read(fd, out.data(), out.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError("read", path);
    if (n == 0) return absl::UnavailableError(path + " shrank while read");
    out = out.subspan(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<crypto::SecretBuffer> ReadPrivateFile(const std::string& path,
                                                     size_t limit) {
  // O_NONBLOCK: a named pipe in its place must not hang us.
  const Descriptor file(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0) return SystemError("open", path);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return SystemError("stat", path);
  if (auto s = CheckKeyFile(info, path); !s.ok()) return s;
  const auto size = static_cast<size_t>(info.st_size);
  if (size > limit) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is larger than ", limit, " bytes"));
  }
  auto out = crypto::SecretBuffer::OfSize(size);
  auto s =
      ReadAll(file.get(), out.ExposeMutable(crypto::AllowSecretAccess()), path);
  if (!s.ok()) return s;
  return out;
}

absl::Status CheckPrivateFolder(const std::string& folder) {
  struct stat info {};
  if (stat(folder.c_str(), &info) != 0) return SystemError("stat", folder);
  if (!S_ISDIR(info.st_mode)) return Exposed(folder, "is no folder");
  if (info.st_uid != geteuid()) {
    return Exposed(folder, "belongs to another user");
  }
  if ((info.st_mode & kOthersWrite) != 0) {
    return Exposed(folder, "may be changed by other users: chmod 700 it");
  }
  return absl::OkStatus();
}

absl::Status MakeFolders(const std::string& folder) {
  const absl::Status made = platform::MakeFolder(folder);
  if (!absl::IsNotFound(made)) return made;
  const std::string parent = ParentOf(folder);
  if (parent == folder) return made;
  if (auto s = MakeFolders(parent); !s.ok()) return s;
  return platform::MakeFolder(folder);
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::StatusOr<FileLock> FileLock::Wait(const std::string& path) {
  Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file.get() < 0) return SystemError("open", path);
  while (flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return SystemError("lock", path);
  }
  return FileLock(file.Release());
}

FileLock::FileLock(FileLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace sodality
