// What an open file is on a FaultDisk, in sectors that arrive each for itself.
#ifndef SODALITY_TESTS_FAULTS_DISK_FILE_H_
#define SODALITY_TESTS_FAULTS_DISK_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "platform/file.h"

namespace sodality::faults {

struct DiskFile {
  struct Change {
    uint64_t at = 0;  // Where `data` goes; without any: the file's new size.
    platform::Bytes data;
  };
  platform::Bytes synced;
  std::vector<Change> unsynced;
};
using DiskFileRef = std::shared_ptr<DiskFile>;

// What `content` is after a write or a change of size; it grows as needed.
void Apply(uint64_t at, std::span<const uint8_t> data,
           platform::Bytes& content);
void Apply(const DiskFile::Change& change, platform::Bytes& content);

struct Part {
  size_t from = 0;  // In the data written.
  size_t size = 0;
};

// The parts of [at, at + size) that lie in one sector each.
std::vector<Part> SectorsOf(uint64_t at, size_t size);

}  // namespace sodality::faults

#endif  // SODALITY_TESTS_FAULTS_DISK_FILE_H_
