#include "server/core/keys/index_exchange.h"

#include <utility>

namespace sodality::core {

absl::StatusOr<IndexVersions> VersionsAtStart(
    const crypto::Keyring& keyring, const std::optional<Rotation>& unfinished) {
  const auto active = keyring.Active<crypto::IndexKey>();
  if (!active.ok()) return active.status();
  IndexVersions versions{active->version, std::nullopt};
  // Its row may stand before its key does.
  if (unfinished && unfinished->work == RotationWork::kReindex &&
      unfinished->to == versions.written) {
    versions.other = unfinished->from;
  }
  return versions;
}

absl::Status IndexExchange::Publish(const crypto::Keyring& keyring,
                                    const IndexVersions& versions) {
  auto index = SearchIndex::Create(schema_, keyring, versions);
  if (!index.ok()) return index.status();
  index_.Publish(*std::move(index));
  return absl::OkStatus();
}

absl::StatusOr<bool> IndexExchange::Begin(const crypto::Keyring& keyring,
                                          const Rotation& rotation) {
  if (index_.Current()->versions().written == rotation.to) return true;
  if (index_.Current()->versions().other != rotation.to) {
    const absl::Status both =
        Publish(keyring, {rotation.from, std::optional(rotation.to)});
    if (!both.ok()) return both;
  }
  if (!index_.AwaitOthers(longest_wait_)) return false;
  const absl::Status written =
      Publish(keyring, {rotation.to, std::optional(rotation.from)});
  if (!written.ok()) return written;
  return true;
}

absl::Status IndexExchange::End(const crypto::Keyring& keyring,
                                const Rotation& rotation) {
  return Publish(keyring, {rotation.to, std::nullopt});
}

}  // namespace sodality::core
