#include "tests/faults/disk_file_system.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/faults/fault_disk.h"

namespace sodality::faults {
namespace {

using platform::Bytes;

absl::Status ToStatus(DiskResult result) {
  switch (result) {
    case DiskResult::kDone:
      return absl::OkStatus();
    case DiskResult::kFull:
      return absl::ResourceExhaustedError("injected: no room");
    case DiskResult::kFailed:
      break;
  }
  return absl::UnavailableError("injected: input or output error");
}

// The error of the operation itself, where it was tried and failed.
absl::Status ToStatus(DiskResult result, const absl::Status& real) {
  return real.ok() ? ToStatus(result) : real;
}

class OpenFile final : public platform::File {
 public:
  OpenFile(FaultDisk& disk, DiskFileRef on_disk,
           std::unique_ptr<platform::File> base)
      : disk_(disk), on_disk_(std::move(on_disk)), base_(std::move(base)) {}

  absl::Status WriteAt(uint64_t offset,
                       std::span<const uint8_t> data) override {
    absl::Status real;
    const auto result = disk_.Write(*on_disk_, offset, data, [&](auto part) {
      const auto from = static_cast<uint64_t>(part.data() - data.data());
      real = base_->WriteAt(offset + from, part);
      return real.ok();
    });
    return ToStatus(result, real);
  }
  absl::StatusOr<Bytes> ReadAt(uint64_t offset, size_t size) override {
    return base_->ReadAt(offset, size);
  }
  absl::Status Sync() override {
    return ToStatus(disk_.Sync(*on_disk_, [] { return true; }));
  }
  absl::Status Allocate(uint64_t size) override {
    absl::Status real;
    const auto result = disk_.Resize(*on_disk_, size, [&] {
      real = base_->Allocate(size);
      return real.ok();
    });
    return ToStatus(result, real);
  }
  absl::StatusOr<uint64_t> Size() override { return base_->Size(); }

 private:
  FaultDisk& disk_;
  const DiskFileRef on_disk_;
  const std::unique_ptr<platform::File> base_;
};

class Files final : public platform::FileSystem {
 public:
  explicit Files(FaultDisk& disk) : disk_(disk) {}

  absl::StatusOr<std::unique_ptr<platform::File>> Open(const std::string& path,
                                                       bool create) override {
    absl::StatusOr<std::unique_ptr<platform::File>> file =
        absl::UnknownError("not opened");
    const auto open = [&] {
      file = base_.Open(path, create);
      return file.ok();
    };
    if (create) {
      const auto result = disk_.Create(path, open);
      if (absl::IsUnknown(file.status())) return ToStatus(result);
    } else {
      open();
    }
    if (!file.ok()) return file.status();
    return std::make_unique<OpenFile>(disk_, disk_.Opened(path),
                                      *std::move(file));
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    absl::Status real;
    const auto result = disk_.Rename(from, to, [&] {
      real = base_.Rename(from, to);
      return real.ok();
    });
    return ToStatus(result, real);
  }
  absl::Status Remove(const std::string& path) override {
    absl::Status real;
    const auto result = disk_.Remove(path, [&] {
      real = base_.Remove(path);
      return real.ok();
    });
    return ToStatus(result, real);
  }
  absl::Status SyncFolder(const std::string& path) override {
    return ToStatus(disk_.SyncFolder(path, [] { return true; }));
  }
  absl::StatusOr<std::vector<std::string>> List(
      const std::string& folder) override {
    return base_.List(folder);
  }

 private:
  FaultDisk& disk_;
  platform::FileSystem& base_ = platform::PosixFileSystem();
};

}  // namespace

std::unique_ptr<platform::FileSystem> FileSystemOn(FaultDisk& disk) {
  return std::make_unique<Files>(disk);
}

}  // namespace sodality::faults
