#include "platform/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "platform/file_error.h"

namespace sodality::platform {
namespace {

class PosixFile final : public File {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override { close(fd_); }

  absl::Status WriteAt(uint64_t offset,
                       std::span<const uint8_t> data) override {
    while (!data.empty()) {
      const ssize_t n =
          pwrite(fd_, data.data(), data.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return FileError(errno, "write", path_);
      data = data.subspan(static_cast<size_t>(n));
      offset += static_cast<uint64_t>(n);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Bytes> ReadAt(uint64_t offset, size_t size) override {
    Bytes out(size);
    size_t done = 0;
    while (done < size) {
      const ssize_t n = pread(fd_, out.data() + done, size - done,
                              static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return FileError(errno, "read", path_);
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    out.resize(done);
    return out;
  }

  absl::Status Sync() override {
    if (fdatasync(fd_) != 0) return FileError(errno, "sync", path_);
    return absl::OkStatus();
  }

  absl::Status Allocate(uint64_t size) override {
    int error = EINTR;
    while (error == EINTR) {
      error = posix_fallocate(fd_, 0, static_cast<off_t>(size));
    }
    if (error != 0) return FileError(error, "allocate", path_);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Size() override {
    struct stat info {};
    if (fstat(fd_, &info) != 0) return FileError(errno, "stat", path_);
    return static_cast<uint64_t>(info.st_size);
  }

 private:
  const int fd_;
  const std::string path_;
};

class Posix final : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path,
                                             bool create) override {
    const int flags =
        O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_EXCL | O_NOFOLLOW : 0);
    int fd = open(path.c_str(), flags, 0600);
    if (fd < 0 && !create && (errno == EACCES || errno == EROFS)) {
      fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0) return FileError(errno, "open", path);
    return std::make_unique<PosixFile>(fd, path);
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (rename(from.c_str(), to.c_str()) != 0) {
      return FileError(errno, "rename", from);
    }
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path) override {
    if (unlink(path.c_str()) != 0) return FileError(errno, "remove", path);
    return absl::OkStatus();
  }

  absl::Status SyncFolder(const std::string& path) override {
    const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return FileError(errno, "open", path);
    const int error = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    if (error != 0) return FileError(error, "sync", path);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::string>> List(
      const std::string& folder) override {
    DIR* dir = opendir(folder.c_str());
    if (dir == nullptr) return FileError(errno, "list", folder);
    std::vector<std::string> names;
    while (const dirent* entry = readdir(dir)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    closedir(dir);
    std::sort(names.begin(), names.end());
    return names;
  }
};

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

constexpr char kNothingReplaced[] = "sodality/nothing-replaced";

absl::Status WriteFresh(FileSystem& fs, const std::string& path,
                        std::span<const uint8_t> data) {
  (void)fs.Remove(path);  // Of a kill, or planted: it is never written to.
  auto file = fs.Open(path, /*create=*/true);
  if (!file.ok()) return file.status();
  if (auto s = (*file)->WriteAt(0, data); !s.ok()) return s;
  return (*file)->Sync();
}

}  // namespace

FileSystem& PosixFileSystem() {
  static Posix fs;
  return fs;
}

bool NothingReplaced(const absl::Status& failure) {
  return failure.GetPayload(kNothingReplaced).has_value();
}

absl::Status ReplaceFile(FileSystem& fs, const std::string& path,
                         std::span<const uint8_t> data) {
  const std::string fresh = path + ".new";
  if (auto s = WriteFresh(fs, fresh, data); !s.ok()) {
    s.SetPayload(kNothingReplaced, absl::Cord());
    return s;
  }
  if (auto s = fs.Rename(fresh, path); !s.ok()) return s;
  return fs.SyncFolder(FolderOf(path));
}

absl::StatusOr<Bytes> ReadFile(FileSystem& fs, const std::string& path,
                               uint64_t limit) {
  auto file = fs.Open(path, /*create=*/false);
  if (!file.ok()) return file.status();
  auto size = (*file)->Size();
  if (!size.ok()) return size.status();
  if (*size > limit) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is larger than ", limit, " bytes"));
  }
  return (*file)->ReadAt(0, static_cast<size_t>(*size));
}

absl::Status MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0) return absl::OkStatus();
  const int error = errno;
  struct stat info {};
  if (error == EEXIST && stat(path.c_str(), &info) == 0 &&
      S_ISDIR(info.st_mode)) {
    return absl::OkStatus();
  }
  return FileError(error, "create", path);
}

// First the file is there, then the folder is looked at; AcquireIfThere does it
// the other way round. So of two at once at least one sees the other.
absl::StatusOr<FolderLock> FolderLock::Acquire(const std::string& folder) {
  auto lock = Take(folder, O_RDWR | O_CREAT);
  if (!lock.ok()) return lock;
  const auto unseen = TakeFolder(folder);
  if (!unseen.ok()) return unseen.status();
  return lock;
}

absl::StatusOr<FolderLock> FolderLock::AcquireIfThere(
    const std::string& folder) {
  auto lock = Take(folder, O_RDONLY);
  if (!absl::IsNotFound(lock.status())) return lock;
  auto whole = TakeFolder(folder);
  if (!whole.ok()) return whole;
  lock = Take(folder, O_RDONLY);
  if (!absl::IsNotFound(lock.status())) return lock;
  return whole;
}

absl::StatusOr<FolderLock> FolderLock::Take(const std::string& folder,
                                            int flags) {
  return Lock(folder, folder + "/lock", flags);
}

absl::StatusOr<FolderLock> FolderLock::TakeFolder(const std::string& folder) {
  return Lock(folder, folder, O_RDONLY | O_DIRECTORY);
}

absl::StatusOr<FolderLock> FolderLock::Lock(const std::string& folder,
                                            const std::string& path,
                                            int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) return FileError(errno, "open", path);
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return FolderLock(fd);
  const int error = errno;
  close(fd);
  if (error != EWOULDBLOCK) return FileError(error, "lock", path);
  return absl::FailedPreconditionError(
      absl::StrCat("another sodalityd is using the data folder ", folder));
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  FolderLock old(std::exchange(fd_, std::exchange(other.fd_, -1)));
  return *this;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace sodality::platform
