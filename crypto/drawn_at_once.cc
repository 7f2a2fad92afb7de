#include "crypto/drawn_at_once.h"

#include <algorithm>
#include <cstdlib>

namespace sodality::crypto {

DrawnAtOnce::DrawnAtOnce(Random& source, size_t bytes)
    : bytes_(SecretBytes::OfSize(bytes)) {
  source.Fill(bytes_.ExposeMutable(AllowSecretAccess()));
}

void DrawnAtOnce::Fill(std::span<uint8_t> out) {
  const auto left = bytes_.Expose(AllowSecretAccess()).subspan(used_);
  if (out.size() > left.size()) std::abort();
  std::copy_n(left.begin(), out.size(), out.begin());
  used_ += out.size();
}

}  // namespace sodality::crypto
