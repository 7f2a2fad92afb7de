#include "crypto/share.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/ristretto.h"
#include "crypto/sha256.h"

namespace sodality::crypto {
namespace {

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(
      absl::string_view(what.data(), what.size()));
}

absl::Status CheckCommitments(const ShareInfo& info) {
  if (info.commitments.size() != info.set.threshold) {
    return Wrong(absl::StrCat("the share has ", info.commitments.size(),
                              " commitments where its threshold is ",
                              info.set.threshold,
                              ": it was not made by sodalityd, or changed"));
  }
  if (!std::all_of(info.commitments.begin(), info.commitments.end(), IsPoint)) {
    return Wrong(
        "a commitment of the share is no point of the group: it was "
        "changed");
  }
  if (info.commitments.front() == kIdentity) {
    return Wrong("the share's commitments are to no secret: it is forged");
  }
  if (info.commitments.back() == kIdentity) {
    return Wrong(
        "the share's last commitment is nothing: fewer shares than it "
        "says would do; it is forged");
  }
  if (ShareSetId(info) != info.set.id) {
    return Wrong(
        "the share's commitments are not those of the set that it "
        "names: they were changed");
  }
  return absl::OkStatus();
}

// The polynomial in the exponent, at `index`.
Bytes32 Expected(const ShareInfo& info) {
  const Scalar at = Scalar::Of(info.index);
  Bytes32 sum = kIdentity;
  for (auto each = info.commitments.rbegin(); each != info.commitments.rend();
       ++each) {
    sum = AddPoints(MultiplyPoint(at, sum), *each);
  }
  return sum;
}

absl::Status CheckValue(const ShareInfo& info, const ShareValue& value) {
  const Scalar scalar = Scalar::FromBytes(value.Expose(AllowSecretAccess()));
  if (!scalar.IsCanonical()) {
    return Wrong("the share's value is out of range: it was changed");
  }
  if (!ConstantTimeEquals(MultiplyGenerator(scalar), Expected(info))) {
    return Wrong(
        "the share does not fit its commitments: it is forged, or was "
        "changed");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckShareCounts(uint8_t threshold, uint8_t count) {
  if (threshold >= kMinThreshold && threshold <= count && count <= kMaxShares) {
    return absl::OkStatus();
  }
  return Wrong(absl::StrCat(
      threshold, " of ", count, " shares cannot be: there are at most ",
      kMaxShares, ", and from ", kMinThreshold, " to all of them open"));
}

Bytes16 ShareSetId(const ShareInfo& info) {
  AssociatedData input("sodality/share-set/1");
  input.Add(info.chapter).AddU8(info.set.threshold).AddU8(info.set.count);
  for (const Bytes32& commitment : info.commitments) input.Add(commitment);
  const Bytes32 hash = Sha256(input.bytes());
  Bytes16 id;
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

absl::StatusOr<Share> Share::Create(ShareInfo info, ShareValue value) {
  absl::Status status = CheckShareCounts(info.set.threshold, info.set.count);
  if (!status.ok()) return status;
  if (info.index == 0) {
    return Wrong(
        "a share of number 0 would be the secret itself: it is "
        "forged");
  }
  if (info.index > info.set.count) {
    return Wrong(absl::StrCat("the share says number ", info.index, " of ",
                              info.set.count, ": it was changed"));
  }
  status = CheckCommitments(info);
  if (status.ok()) status = CheckValue(info, value);
  if (!status.ok()) return status;
  return Share(std::move(info), std::move(value));
}

}  // namespace sodality::crypto
