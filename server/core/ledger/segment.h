// One preallocated file of the ledger: a header block, then groups, each from
// a 512-byte boundary on, so that no append touches a block of an earlier
// group, then zeros. docs/formats-ledger.md. Read next: ledger.cc.
#ifndef SODALITY_SERVER_CORE_LEDGER_SEGMENT_H_
#define SODALITY_SERVER_CORE_LEDGER_SEGMENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/file.h"
#include "server/core/ledger/entry.h"

namespace sodality::core {

inline constexpr uint64_t kBlock = 512;

// A sealed entry's place in its segment.
struct FramePlace {
  uint64_t offset = 0;
  uint32_t size = 0;
};

// Sealed entries that were made durable together; borrows the bytes.
struct SealedGroup {
  uint64_t first_number = 0;
  std::vector<std::span<const uint8_t>> blobs;
  std::vector<FramePlace> places;
};

// Thread safety: one user at a time. Errors: the file's; DATA_LOSS.
class Segment final {
 public:
  // Preallocates `bytes`, writes the header and makes file and name durable.
  // After an error nothing is left behind.
  static absl::StatusOr<Segment> Create(platform::FileSystem& fs,
                                        const std::string& folder,
                                        uint64_t first_number, uint64_t bytes);
  // FAILED_PRECONDITION for a newer format.
  static absl::StatusOr<Segment> Open(platform::FileSystem& fs,
                                      const std::string& folder,
                                      const std::string& name);
  // "seg-" and the first entry's number in 20 digits.
  static std::string Name(uint64_t first_number);
  [[nodiscard]] static bool IsName(const std::string& name);

  uint64_t first_number() const { return first_number_; }
  uint64_t size() const { return size_; }
  // Of the group whose last entry stands there.
  static uint64_t EndOf(FramePlace place);

  // Visits every group in order and leaves the end of the log here; writes
  // nothing. `visit` takes a group whole or, with an error, not at all. The
  // last group of the last segment counts for nothing when it is not whole or
  // `visit` refuses it with DATA_LOSS: a torn append, told to nobody. DATA_LOSS
  // when a later group stands behind it; any other error of `visit` as it is.
  using Visit = std::function<absl::Status(const SealedGroup& group)>;
  absl::Status Scan(bool last, const Visit& visit);
  // Bytes behind the end that a torn append has left.
  uint64_t torn_bytes() const { return torn_; }
  // Makes them zeros; to be called before Append. After an error the segment
  // is not to be used.
  absl::Status DropTorn();

  // Does a group of sealed entries with these sizes fit?
  [[nodiscard]] bool Fits(uint64_t group_bytes) const {
    return end_ + group_bytes <= size_;
  }
  // Bytes of one entry in a group, and of a group whose entries take `body`.
  static uint64_t FrameBytes(const store::Bytes& blob) {
    return 4 + blob.size();
  }
  static uint64_t GroupBytes(uint64_t body);
  // Writes and syncs one group, and now and then zeros behind it. After an
  // error the segment is not to be used.
  absl::StatusOr<std::vector<FramePlace>> Append(
      uint64_t first_number, std::span<const store::Bytes> blobs);
  absl::StatusOr<store::Bytes> Read(FramePlace place);

 private:
  Segment(std::unique_ptr<platform::File> file, uint64_t first_number,
          uint64_t size)
      : file_(std::move(file)), first_number_(first_number), size_(size) {}
  void NoteTorn(std::span<const uint8_t> bytes);
  // A sync of places that were written before takes two thirds of the time of
  // one that has to make the file system note which places are written now. So
  // zeros go ahead of the groups, a good many groups' room at a time, as long
  // as the disk has room: some need more for what is preallocated, too.
  absl::Status WriteZerosBehind(uint64_t end);

  std::unique_ptr<platform::File> file_;
  uint64_t first_number_ = 0;
  uint64_t size_ = 0;
  uint64_t end_ = kBlock;
  uint64_t torn_ = 0;
  uint64_t zeros_end_ = 0;  // Of those that this object wrote, or gave up.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_SEGMENT_H_
