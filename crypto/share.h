// A share of a root key that is kept by k of n: what it says, its text, and
// what its holder can check alone. docs/formats.md section 8. Read next:
// sharing.h.
#ifndef SODALITY_CRYPTO_SHARE_H_
#define SODALITY_CRYPTO_SHARE_H_

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

inline constexpr uint8_t kMinThreshold = 2;  // One share would be a key file.
inline constexpr uint8_t kMaxShares = 16;

// Which shares belong together, and how many open. The id is new at every
// issue of shares, and names their commitments.
struct ShareSet {
  Bytes16 id{};
  uint8_t threshold = 0;
  uint8_t count = 0;
  friend bool operator==(const ShareSet&, const ShareSet&) = default;
};

// INVALID_ARGUMENT unless kMinThreshold <= threshold <= count <= kMaxShares.
absl::Status CheckShareCounts(uint8_t threshold, uint8_t count);

// What a share says that is no secret.
struct ShareInfo {
  Bytes16 chapter{};
  ShareSet set;
  uint8_t index = 0;                 // 1 to set.count.
  std::vector<Bytes32> commitments;  // set.threshold points.
};

using ShareValue = Key<struct ShareValueTag, 32, GuardedStorage>;

// The set id of shares with these commitments.
Bytes16 ShareSetId(const ShareInfo& info);

// A share that is whole and fits its commitments: nothing else makes one.
//
// Secrets: holds the value, in guarded memory. Thread safety: const methods are
// safe. Ownership: move-only.
class Share final {
 public:
  // INVALID_ARGUMENT naming what is wrong: counts, index, number of
  // commitments, a commitment, the set id, or the value.
  static absl::StatusOr<Share> Create(ShareInfo info, ShareValue value);

  const ShareInfo& info() const { return info_; }
  const ShareValue& value() const { return value_; }

 private:
  Share(ShareInfo info, ShareValue value)
      : info_(std::move(info)), value_(std::move(value)) {}

  ShareInfo info_;
  ShareValue value_;
};

// A remark for people, with the chapter's name, which must be one printable
// line; then "sodality-share-1-", hex digits, "-", 8 of a checksum, in lines.
// The prefix is there for leak scanners.
SecretBytes EncodeShare(const Share& share, std::string_view chapter_name);

// What stands before the prefix is ignored, and so is white space after it: a
// share may have been wrapped by mail or typed from paper. INVALID_ARGUMENT
// saying what is wrong, as Share::Create or of the text, without the text;
// FAILED_PRECONDITION when the format is newer than this code.
absl::StatusOr<Share> DecodeShare(const SecretBytes& text);

inline constexpr size_t kMaxShareText = 4096;

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SHARE_H_
