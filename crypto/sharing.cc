#include "crypto/sharing.h"

#include <algorithm>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/keyed_hash.h"
#include "crypto/ristretto.h"

namespace sodality::crypto {
namespace {

using ShareSecret = Key<struct ShareSecretTag, 32, InlineStorage>;

RootKey DeriveRoot(const Scalar& secret, const ShareInfo& info) {
  AssociatedData input("sodality/root-from-shares/1");
  input.Add(info.chapter).Add(info.set.id);
  const auto key = ShareSecret::CopyOf(secret.Expose(AllowSecretAccess()));
  Bytes32 bytes = KeyedHash32(key, input);
  RootKey root = RootKey::CopyOf(bytes);
  Wipe(bytes);
  return root;
}

// Whose value at zero is the secret; the lowest coefficient comes first.
using Polynomial = std::vector<Scalar>;

Polynomial DrawPolynomial(uint8_t threshold, Random& random) {
  Polynomial out;
  out.reserve(threshold);
  while (out.size() < threshold) out.push_back(Scalar::Generate(random));
  return out;
}

Scalar ValueAt(const Polynomial& polynomial, uint8_t index) {
  const Scalar at = Scalar::Of(index);
  Scalar sum;
  for (auto each = polynomial.rbegin(); each != polynomial.rend(); ++each) {
    sum = sum * at + *each;
  }
  return sum;
}

// How much the share of `index` counts at zero, beside the others.
Scalar Weight(uint8_t index, std::span<const Share> shares) {
  const Scalar at = Scalar::Of(index);
  Scalar above = Scalar::Of(1);
  Scalar below = Scalar::Of(1);
  for (const Share& other : shares) {
    if (other.info().index == index) continue;
    const Scalar there = Scalar::Of(other.info().index);
    above = above * there;
    below = below * (there - at);
  }
  return above * below.Inverse();
}

Scalar SecretOf(std::span<const Share> shares) {
  Scalar sum;
  for (const Share& share : shares) {
    const Scalar value =
        Scalar::FromBytes(share.value().Expose(AllowSecretAccess()));
    sum = sum + value * Weight(share.info().index, shares);
  }
  return sum;
}

}  // namespace

absl::StatusOr<DealtRoot> DealRoot(const Bytes16& chapter,
                                   const ShareCounts& counts, Random& random) {
  const absl::Status sane = CheckShareCounts(counts.threshold, counts.count);
  if (!sane.ok()) return sane;
  const Polynomial polynomial = DrawPolynomial(counts.threshold, random);
  ShareInfo info{.chapter = chapter,
                 .set = {{}, counts.threshold, counts.count}};
  for (const Scalar& coefficient : polynomial) {
    info.commitments.push_back(MultiplyGenerator(coefficient));
  }
  info.set.id = ShareSetId(info);
  std::vector<Share> shares;
  for (info.index = 1; info.index <= counts.count; ++info.index) {
    const Scalar value = ValueAt(polynomial, info.index);
    auto share = Share::Create(
        info, ShareValue::CopyOf(value.Expose(AllowSecretAccess())));
    if (!share.ok()) return share.status();
    shares.push_back(*std::move(share));
  }
  return DealtRoot{
      Root::FromShares(info.set, DeriveRoot(polynomial.front(), info)),
      std::move(shares)};
}

absl::Status ShareCollection::Add(Share share) {
  const ShareInfo& info = share.info();
  if (info.chapter != chapter_) {
    return absl::FailedPreconditionError("the share is another chapter's");
  }
  if (info.set != set_) {
    return absl::FailedPreconditionError(
        "the share is of another set than this folder's key: an older one, or "
        "a forged one");
  }
  for (const Share& other : shares_) {
    if (other.info().index != info.index) continue;
    return absl::AlreadyExistsError(
        absl::StrCat("share ", info.index, " is in already"));
  }
  shares_.push_back(std::move(share));
  return absl::OkStatus();
}

absl::StatusOr<RootKey> ShareCollection::Combine() const {
  if (!complete()) {
    return absl::FailedPreconditionError(
        absl::StrCat(shares_.size(), " of the ", set_.threshold,
                     " shares that it takes are there"));
  }
  const auto enough = std::span(shares_).first(set_.threshold);
  const Scalar secret = SecretOf(enough);
  const ShareInfo& info = enough.front().info();
  // Each was verified against the same commitments.
  if (!ConstantTimeEquals(MultiplyGenerator(secret),
                          info.commitments.front())) {
    return absl::InternalError("verified shares do not give their secret");
  }
  return DeriveRoot(secret, info);
}

}  // namespace sodality::crypto
