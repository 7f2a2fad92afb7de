#include "server/core/request_log.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "crypto/keyed_hash.h"
#include "server/core/byte_builder.h"
#include "server/core/error.h"

namespace sodality::core {
namespace {

constexpr std::chrono::hours kKept{24};

crypto::AssociatedData BoundTo(const store::RequestKey& key) {
  crypto::AssociatedData bound_to("sodality/request/1");
  bound_to.Add(key.bytes);
  return bound_to;
}

absl::Status Reused() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "the request id was used for something else",
                   {.reason = Reason::kRequestIdReused,
                    .hint = "use a fresh request id for each new act"});
}

}  // namespace

RequestLog::RequestLog(crypto::SubKey key, crypto::BlobSealer sealer,
                       const platform::Clock& clock, crypto::Random& random)
    : key_(std::move(key)),
      sealer_(std::move(sealer)),
      clock_(&clock),
      random_(&random) {}

absl::StatusOr<RequestLog> RequestLog::Create(const crypto::Keyring& keyring,
                                              const platform::Clock& clock,
                                              crypto::Random& random) {
  const auto state = keyring.Active<crypto::StateKey>();
  if (!state.ok()) return state.status();
  return RequestLog(
      crypto::DeriveSubKey(state->key,
                           crypto::AssociatedData("sodality/request-id/1")),
      crypto::BlobSealer(*state, "request"), clock, random);
}

KeyedDigest RequestLog::Digest(std::string_view act) const {
  return KeyedDigest(key_, act);
}

store::RequestKey RequestLog::KeyOf(const Act& act) const {
  crypto::AssociatedData input("sodality/request-key/1");
  input.Add(act.principal.bytes).Add(act.request.bytes);
  return {crypto::KeyedHash16(key_, input)};
}

absl::StatusOr<std::optional<crypto::SecretBytes>> RequestLog::Find(
    store::MemberStore& store, const Act& act) const {
  const store::RequestKey key = KeyOf(act);
  const auto kept = store.FindRequest(key);
  if (absl::IsNotFound(kept.status())) {
    return std::optional<crypto::SecretBytes>();
  }
  if (!kept.ok()) return FromStore(kept.status());
  const auto opened = sealer_.Open(BoundTo(key), *kept);
  if (!opened.ok()) return opened.status();
  const auto bytes = opened->Expose(crypto::AllowSecretAccess());
  if (bytes.size() < act.content.size()) {
    return absl::DataLossError("a remembered request is damaged");
  }
  const auto content = bytes.first(act.content.size());
  if (!crypto::ConstantTimeEquals(content, act.content)) return Reused();
  return std::optional<crypto::SecretBytes>(
      crypto::SecretBytes::CopyOf(bytes.subspan(content.size())));
}

absl::StatusOr<store::PutRequest> RequestLog::Make(
    const Act& act, const crypto::SecretBytes& answer) const {
  const store::RequestKey key = KeyOf(act);
  ByteBuilder plain;
  plain.Raw(act.content).Raw(answer.Expose(crypto::AllowSecretAccess()));
  auto sealed = sealer_.Seal(BoundTo(key), plain.TakeSecret(), *random_);
  if (!sealed.ok()) return sealed.status();
  return store::PutRequest{.key = key,
                           .expires = clock_->Now() + kKept,
                           .sealed = *std::move(sealed)};
}

}  // namespace sodality::core
