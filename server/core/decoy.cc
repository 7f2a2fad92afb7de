#include "server/core/decoy.h"

#include <string_view>
#include <utility>

#include "server/core/keys/keys.h"
#include "server/core/values.h"

namespace sodality::core {
namespace {

// A value in every scope field, as most members have.
Member InEveryScope(const DirectoryParts& parts) {
  Member decoy = Member::New(parts.random);
  constexpr std::string_view kValue = "nowhere in particular";
  for (const FieldSpec& spec : parts.schema.fields()) {
    if (spec.scope) decoy.Set(spec.id, ValueList::Encode({&kValue, 1}));
  }
  return decoy;
}

}  // namespace

Decoy::Decoy(const DirectoryParts& parts, const Sealer& sealer)
    : keys_(parts.keys), sealer_(sealer), member_(InEveryScope(parts)) {}

absl::StatusOr<std::unique_ptr<Decoy>> Decoy::Create(
    const DirectoryParts& parts, const Sealer& sealer) {
  std::unique_ptr<Decoy> decoy(new Decoy(parts, sealer));
  if (auto made = decoy->Record(); !made.ok()) return made.status();
  return decoy;
}

absl::StatusOr<store::MemberRecord> Decoy::Record() {
  const auto keyring = keys_->Current();
  const auto active = keyring->Active<crypto::WrapKey>();
  if (!active.ok()) return active.status();
  const platform::MutexLock lock(mutex_);
  if (wrap_version_ < active->version) {
    if (auto s = SealAnew(); !s.ok()) return s;
  }
  return record_;
}

absl::Status Decoy::SealAnew() {
  auto sealed = sealer_.Seal(member_);
  if (!sealed.ok()) return sealed.status();
  wrap_version_ = sealed->wrap_version;
  record_ = {.id = sealed->id,
             .revision = 1,
             .changed_at = 0,
             .sealed = std::move(sealed->sealed)};
  return absl::OkStatus();
}

}  // namespace sodality::core
