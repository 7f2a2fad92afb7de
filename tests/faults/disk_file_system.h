// A file system whose files are on a FaultDisk.
#ifndef SODALITY_TESTS_FAULTS_DISK_FILE_SYSTEM_H_
#define SODALITY_TESTS_FAULTS_DISK_FILE_SYSTEM_H_

#include <memory>

#include "platform/file.h"

namespace sodality::faults {

class FaultDisk;

// What it opens and the file system itself end before the disk.
std::unique_ptr<platform::FileSystem> FileSystemOn(FaultDisk& disk);

}  // namespace sodality::faults

#endif  // SODALITY_TESTS_FAULTS_DISK_FILE_SYSTEM_H_
