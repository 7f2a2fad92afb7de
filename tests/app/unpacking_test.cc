// A folder that is unpacked while the disk fails.
#include "server/app/unpacking.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/app/packed_backup.h"
#include "tests/faults/fault_file_system.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using faults::Operation;

class UnpackingTest : public BackedUpFixture {
 protected:
  absl::Status Unpack(platform::FileSystem& files,
                      const std::function<bool()>& stopped = nullptr) {
    fs::remove_all(restored_);
    fs::create_directory(restored_);
    auto input = BackupInput::Open(backup_);
    if (!input.ok()) return input.status();
    const auto head = input->ReadHead();
    if (!head.ok()) return head.status();
    auto opener = crypto::BackupOpener::Begin(*head, Root());
    if (!opener.ok()) return opener.status();
    return UnpackBackup(*input, {.opener = *opener,
                                 .keyring_file = *crypto::BackupKeyring(*head),
                                 .folder = DataFolder(restored_),
                                 .fs = files,
                                 .stopped = stopped})
        .status();
  }
};

TEST_F(UnpackingTest, EveryFailureOfTheDiskIsSaid) {
  faults::FaultFileSystem files(platform::PosixFileSystem());
  for (const Operation operation :
       {Operation::kOpen, Operation::kWrite, Operation::kSync,
        Operation::kAllocate, Operation::kSyncFolder}) {
    for (int nth = 1;; ++nth) {
      files.Inject({.operation = operation,
                    .nth = nth,
                    .status = absl::ResourceExhaustedError("disk full")});
      const absl::Status status = Unpack(files);
      if (!files.Struck()) {
        EXPECT_TRUE(status.ok()) << status;
        EXPECT_GT(nth, 1);
        break;
      }
      ASSERT_EQ(status.code(), absl::StatusCode::kResourceExhausted)
          << status << nth;
    }
  }
}

TEST_F(UnpackingTest, EndsWhenItIsToldTo) {
  int asked = 0;
  const auto status =
      Unpack(platform::PosixFileSystem(), [&] { return ++asked == 2; });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
}

TEST_F(UnpackingTest, ASecondTimeIntoTheSameFolderOverwritesNothing) {
  ASSERT_TRUE(Unpack(platform::PosixFileSystem()).ok());
  FolderSink sink(platform::PosixFileSystem(), DataFolder(restored_));
  EXPECT_EQ(sink.Begin({"ca.pem", 1, 1}).code(),
            absl::StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace sodality::app
