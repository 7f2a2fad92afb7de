#include "server/core/ledger/head_signer.h"

#include <algorithm>
#include <utility>

#include "crypto/aad.h"
#include "server/core/keys/rotation.h"
#include "server/core/ledger/ledger.h"

namespace sodality::core {
namespace {

constexpr uint32_t kFirstVersion = 1;

crypto::AssociatedData HeadMessage(const crypto::Bytes16& chapter,
                                   const Head& head, const Descent& descent) {
  const bool restored = descent.incarnation != store::IncarnationId{};
  crypto::AssociatedData message(restored ? "sodality/ledger-head/2"
                                          : "sodality/ledger-head/1");
  message.Add(chapter).AddU64(head.number).Add(head.leaf);
  message.AddU64(head.revision);
  if (restored) {
    message.Add(descent.incarnation.bytes).Add(descent.parent.bytes);
  }
  return message;
}

SignedHead::KeyChange StateChange(const crypto::Bytes16& chapter,
                                  uint64_t number,
                                  const crypto::Signer& old_key,
                                  const crypto::Signer& new_key) {
  crypto::AssociatedData message("sodality/ledger-sign-keys/1");
  message.Add(chapter).Add(old_key.public_key().bytes);
  message.Add(new_key.public_key().bytes).AddU64(number);
  return {number, old_key.public_key(), new_key.public_key(),
          old_key.Sign(message.bytes()), new_key.Sign(message.bytes())};
}

}  // namespace

std::optional<SignKeyStart> FindSignKeyStart(const EntryHeader& header) {
  if (header.action != Action::kActivateKey) return std::nullopt;
  const auto key = ReadKeySubject(header.subject);
  if (!key || key->kind != crypto::KeyKind::kLedger) return std::nullopt;
  return SignKeyStart{header.number, key->version};
}

absl::StatusOr<std::shared_ptr<const HeadSigner>> HeadSigner::Create(
    std::shared_ptr<const crypto::Keyring> keyring,
    std::vector<SignKeyStart> starts) {
  auto newest = keyring->Find<crypto::LedgerSignKey>(kFirstVersion);
  if (!newest.ok()) return newest.status();
  std::vector<SignedHead::KeyChange> changes;
  crypto::Signer before(**newest);
  for (const SignKeyStart& start : starts) {
    if (start.version != kFirstVersion + 1 + changes.size()) {
      return absl::DataLossError(
          "the ledger leaves out a version of its own key");
    }
    newest = keyring->Find<crypto::LedgerSignKey>(start.version);
    if (!newest.ok()) return newest.status();
    crypto::Signer next(**newest);
    changes.push_back(
        StateChange(keyring->chapter_id(), start.number, before, next));
    before = std::move(next);
  }
  auto signer = std::shared_ptr<HeadSigner>(
      new HeadSigner(std::move(keyring), std::move(starts), **newest));
  signer->changes_ = std::move(changes);
  return signer;
}

HeadSigner::HeadSigner(std::shared_ptr<const crypto::Keyring> keyring,
                       std::vector<SignKeyStart> starts,
                       const crypto::LedgerSignKey& newest)
    : keyring_(std::move(keyring)),
      starts_(std::move(starts)),
      newest_(newest) {}

SignedHead HeadSigner::Sign(const Head& head, const Descent& descent) const {
  const auto behind =
      std::upper_bound(starts_.begin(), starts_.end(), head.number,
                       [](uint64_t number, const SignKeyStart& start) {
                         return number < start.number;
                       });
  const auto known = behind - starts_.begin();
  const auto oldest =
      std::max<ptrdiff_t>(0, known - ptrdiff_t{kMostKeyChanges});
  const auto message = HeadMessage(keyring_->chapter_id(), head, descent);
  SignedHead out{head,
                 descent,
                 {},
                 {},
                 {changes_.begin() + oldest, changes_.begin() + known}};
  const auto sign = [&](const crypto::Signer& signer) {
    out.signature = signer.Sign(message.bytes());
    out.public_key = signer.public_key();
  };
  if (behind == starts_.end()) {
    sign(newest_);
    return out;
  }
  const uint32_t version = behind->version - 1;
  // Create found it.
  sign(crypto::Signer(**keyring_->Find<crypto::LedgerSignKey>(version)));
  return out;
}

}  // namespace sodality::core
