// A root key made of shares: dealt, and put together again from as many as it
// takes. docs/adr/0020-shares.md. Read next: sealed_keyring.h.
#ifndef SODALITY_CRYPTO_SHARING_H_
#define SODALITY_CRYPTO_SHARING_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/random.h"
#include "crypto/sealed_keyring.h"
#include "crypto/share.h"

namespace sodality::crypto {

struct ShareCounts {
  uint8_t threshold = 0;
  uint8_t count = 0;
};

// A new root key and all of its shares, by ascending index.
struct DealtRoot {
  Root root;
  std::vector<Share> shares;
};

// INVALID_ARGUMENT as CheckShareCounts.
absl::StatusOr<DealtRoot> DealRoot(const Bytes16& chapter,
                                   const ShareCounts& counts, Random& random);

// Shares of one set, as they come in. Thread safety: one thread.
class ShareCollection final {
 public:
  ShareCollection(const Bytes16& chapter, const ShareSet& set)
      : chapter_(chapter), set_(set) {}

  // FAILED_PRECONDITION when it is another chapter's or of another set;
  // ALREADY_EXISTS when one of its index is there. What is there stays.
  absl::Status Add(Share share);

  const ShareSet& set() const { return set_; }
  size_t size() const { return shares_.size(); }
  [[nodiscard]] bool complete() const {
    return shares_.size() >= set_.threshold;
  }

  // FAILED_PRECONDITION while there are fewer than the threshold.
  absl::StatusOr<RootKey> Combine() const;

 private:
  Bytes16 chapter_;
  ShareSet set_;
  std::vector<Share> shares_;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SHARING_H_
