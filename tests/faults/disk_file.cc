#include "tests/faults/disk_file.h"

#include <algorithm>

namespace sodality::faults {
namespace {

using platform::Bytes;

constexpr uint64_t kSector = 512;

}  // namespace

void Apply(uint64_t at, std::span<const uint8_t> data, Bytes& content) {
  if (content.size() < at + data.size()) content.resize(at + data.size());
  std::copy(data.begin(), data.end(),
            content.begin() + static_cast<std::ptrdiff_t>(at));
}

void Apply(const DiskFile::Change& change, Bytes& content) {
  if (change.data.empty()) {
    content.resize(change.at);
  } else {
    Apply(change.at, change.data, content);
  }
}

std::vector<Part> SectorsOf(uint64_t at, size_t size) {
  std::vector<Part> parts;
  for (size_t from = 0; from < size;) {
    const size_t some =
        std::min<size_t>(size - from, kSector - (at + from) % kSector);
    parts.push_back({from, some});
    from += some;
  }
  return parts;
}

}  // namespace sodality::faults
