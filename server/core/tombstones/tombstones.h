// The chapter's tombstones while it serves. Whatever ends is in the database
// first, which is the truth; this is its copy in a file that is small, grows
// only at its end and opens with the keyring of any time. Read next:
// tombstone_file.h.
#ifndef SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONES_H_
#define SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "platform/mutex.h"
#include "server/core/tombstones/tombstone_file.h"

namespace sodality::core {

inline constexpr char kTombstoneFileName[] = "tombstones";

// Thread safety: safe. Lifetime: borrows file system, clock and random.
class Tombstones final {
 public:
  struct Place {
    std::string path;
    platform::FileSystem& fs;
    const platform::Clock& clock;
    crypto::Random& random;
  };
  // Reads the file; without one there are none yet. Writes nothing: an append
  // that was cut off goes with the next. DATA_LOSS, FAILED_PRECONDITION:
  // TombstoneCodec::Read.
  static absl::StatusOr<std::unique_ptr<Tombstones>> Open(
      Place place, const crypto::Keyring& keyring);

  // FAILED_PRECONDITION when `standing`, all that the database says has ended,
  // lacks something that was recorded: the database is older than the file.
  absl::Status CheckWithin(const std::vector<Tombstone>& standing) const;
  // Records what of `standing` is not recorded: of a program that kept no
  // tombstones, or that was stopped in between.
  absl::Status CatchUp(const std::vector<Tombstone>& standing);

  // Durable when this returns. What is recorded already is not again; an empty
  // list says that nothing else has ended. An error is one of the file: what
  // could not be written is owed, and goes before whatever is recorded next.
  absl::Status Record(std::vector<Tombstone> ended);
  [[nodiscard]] bool owes() const;

  // Bytes of the file that are durable and will not change.
  uint64_t length() const;
  // As of Open.
  uint64_t torn_bytes() const { return torn_bytes_; }
  // When it was last known that nothing else had ended; zero without an entry.
  platform::Timestamp as_of() const;
  uint64_t entries() const;

 private:
  Tombstones(Place place, TombstoneCodec codec)
      : place_(std::move(place)), codec_(std::move(codec)) {}
  absl::Status WriteOwed() SODALITY_REQUIRES(mutex_);
  absl::Status Append(std::span<const uint8_t> bytes) SODALITY_REQUIRES(mutex_);
  absl::Status WriteAnew(std::span<const uint8_t> bytes)
      SODALITY_REQUIRES(mutex_);

  const Place place_;
  const TombstoneCodec codec_;
  uint64_t torn_bytes_ = 0;
  mutable platform::Mutex mutex_;
  Ended ended_ SODALITY_GUARDED_BY(mutex_);
  TombstoneChain chain_ SODALITY_GUARDED_BY(mutex_);
  platform::Timestamp as_of_ SODALITY_GUARDED_BY(mutex_);
  std::vector<Tombstone> owed_ SODALITY_GUARDED_BY(mutex_);
  uint64_t length_ SODALITY_GUARDED_BY(mutex_) = 0;  // Zero: there is no file.
  // What stands behind length_ is nothing, or unknown: the file is replaced.
  bool anew_ SODALITY_GUARDED_BY(mutex_) = false;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONES_H_
