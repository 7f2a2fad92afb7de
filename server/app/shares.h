// Shares of a folder's root key, as they are handed in. Read next:
// crypto/sharing.h.
#ifndef SODALITY_SERVER_APP_SHARES_H_
#define SODALITY_SERVER_APP_SHARES_H_

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/root_slot.h"
#include "crypto/share.h"
#include "crypto/sharing.h"
#include "platform/clock.h"
#include "server/app/control_protocol.h"
#include "server/app/data_folder.h"

namespace sodality::app {

// A file that the command line names, or standard input for "-"; its text;
// both. INVALID_ARGUMENT naming it when it may not be read or holds no share
// that is whole; UNAVAILABLE when the machine fails to.
absl::StatusOr<crypto::SecretBytes> ReadShareText(const std::string& path);
absl::StatusOr<crypto::Share> ShareOfFile(const std::string& path,
                                          const crypto::SecretBytes& text);
absl::StatusOr<crypto::Share> ReadShareFile(const std::string& path);

// The shares that a folder's key is kept by; nothing when by none.
absl::StatusOr<std::optional<crypto::ShareSet>> SharesOf(
    const DataFolder& folder);

// What a sealed server has been given so far.
//
// Secrets: holds shares in guarded memory until there are enough, or nobody
// came with another for kPatience, or Forget. Thread safety: one thread.
// `folder` and `clock` outlive this.
class CollectedShares final {
 public:
  static constexpr std::chrono::minutes kPatience{15};

  CollectedShares(const DataFolder& folder, const crypto::Bytes16& chapter,
                  const platform::Clock& clock)
      : folder_(folder), chapter_(chapter), clock_(clock) {}

  // What is there stays when a share is refused. PERMISSION_DENIED: another
  // chapter's, of another set than the folder's, or none is asked for;
  // ALREADY_EXISTS: it is there; else the keyring's errors.
  absl::Status Add(crypto::Share share);

  // Zeros before the first.
  ShareProgress progress() const;
  [[nodiscard]] bool complete() const {
    return collection_ && collection_->complete();
  }

  // The key of a complete collection, which is forgotten. FAILED_PRECONDITION
  // while it is not complete.
  absl::StatusOr<crypto::RootKey> Take();
  void Forget() { collection_.reset(); }

  // Forgets what has waited for too long. How long the rest may wait yet;
  // nothing when there is none.
  std::optional<std::chrono::milliseconds> ForgetStale();

 private:
  const DataFolder& folder_;
  const crypto::Bytes16 chapter_;
  const platform::Clock& clock_;
  std::optional<crypto::ShareCollection> collection_;
  platform::Timestamp last_;
};

// The key that the shares in these files give. INVALID_ARGUMENT for a file that
// is none or given twice; PERMISSION_DENIED when they are not this folder's, or
// too few.
absl::StatusOr<crypto::RootKey> RootFromShareFiles(
    const std::vector<std::string>& paths, const DataFolder& folder,
    const crypto::Bytes16& chapter);
// Likewise for a keyring with these slots, of whatever chapter the first share
// is: its set, which has to be the slot's, is made of the chapter, too.
absl::StatusOr<crypto::RootKey> RootFromShareFiles(
    const std::vector<std::string>& paths,
    std::span<const crypto::RootSlot> slots);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_SHARES_H_
