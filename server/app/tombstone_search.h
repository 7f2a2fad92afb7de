// What is known, beside a backup, of what ended after it was made. Read next:
// server/core/tombstones/tombstone_file.h.
#ifndef SODALITY_SERVER_APP_TOMBSTONE_SEARCH_H_
#define SODALITY_SERVER_APP_TOMBSTONE_SEARCH_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "platform/clock.h"
#include "server/core/tombstones/tombstone.h"

namespace sodality::app {

struct TombstoneQuery {
  std::string unpacked;           // The backup's own; may be absent.
  platform::Timestamp backed_up;  // When that was made.
  // `tombstones` beside it is looked at: what it names ends. That it names all
  // is for an operator to say, by naming it.
  std::string backup_file;
  std::vector<std::string> named;  // Each has to be there.
};

struct FoundTombstones {
  core::Ended ended;  // What all of them say together.
  // The newest whole one of the named that goes on where the backup's end, and
  // until when nothing else had ended. Nothing: there is none, or there are
  // several of which none is the beginning of another.
  std::optional<std::string> newer;
  platform::Timestamp known_until;
};

// `note`: of a file beside the backup that is of no use, and why. Errors name
// the file: NOT_FOUND, DATA_LOSS, FAILED_PRECONDITION (another chapter's, a
// newer program's), UNAVAILABLE.
absl::StatusOr<FoundTombstones> FindTombstones(
    const TombstoneQuery& query, const crypto::Keyring& keyring,
    const std::function<void(const std::string&)>& note);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_TOMBSTONE_SEARCH_H_
