#include "server/core/rollback_checks.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace sodality::core {
namespace {

absl::Status Rollback(std::string_view what) {
  return absl::FailedPreconditionError(
      std::string(what) +
      ": something was put back; restore all of them from one backup");
}

// A new chapter's; nothing raised it before it was named.
constexpr uint64_t kFirstGeneration = 3;

}  // namespace

absl::Status CheckHeads(const DigestFacts& digest, const Ledger& ledger,
                        store::Revision revision) {
  const Head head = ledger.head();
  if (revision < head.revision) {
    return Rollback("the database is older than the ledger");
  }
  if (head.number < digest.ledger.number) {
    return Rollback("the ledger is older than the database");
  }
  if (digest.ledger.number == 0) return absl::OkStatus();
  auto leaf = ledger.LeafOf(digest.ledger.number);
  if (!leaf.ok()) return leaf.status();
  if (*leaf != digest.ledger.leaf) {
    return Rollback("the ledger is not the one that the database knows");
  }
  return absl::OkStatus();
}

absl::Status CheckGeneration(const DigestFacts& digest,
                             const crypto::Keyring& keyring,
                             const std::optional<Rotation>& unfinished,
                             bool trims) {
  const uint64_t named = digest.keyring_generation;
  if (keyring.generation() < named) {
    return Rollback("the keyring is older than the database");
  }
  // The next is written as the act of a rotation that is starting, or whose
  // copy is about to be the store; of a root key in every phase.
  // Or as versions are destroyed.
  const bool starts =
      trims || (unfinished && (IsStarting(*unfinished) ||
                               unfinished->phase == RotationPhase::kCopying ||
                               unfinished->work == RotationWork::kRekeyRoot));
  if (keyring.generation() >
      std::max(named, kFirstGeneration) + (starts ? 1 : 0)) {
    return Rollback("the database is older than the keyring");
  }
  return absl::OkStatus();
}

absl::Status CheckTokens(store::MemberStore& store,
                         const IndexVersions& versions) {
  const auto counts = store.Counts();
  if (!counts.ok()) return counts.status();
  const uint16_t oldest = counts->oldest_index_version;
  const uint32_t asked = versions.other.value_or(versions.written);
  if (oldest == 0 || oldest >= std::min(asked, versions.written)) {
    return absl::OkStatus();
  }
  return Rollback("the database is older than the keyring");
}

absl::Status CheckOutbox(store::MemberStore& store, const Head& head,
                         store::Revision revision) {
  auto rows = store.ReadOutbox();
  if (!rows.ok()) return rows.status();
  const auto waiting = static_cast<uint64_t>(std::count_if(
      rows->begin(), rows->end(),
      [&](const auto& row) { return row.revision > head.revision; }));
  if (waiting == revision - head.revision) return absl::OkStatus();
  return Rollback("the ledger is older than the database");
}

absl::Status CheckIndex(store::MemberStore& store, const Head& head) {
  auto indexed = store.LedgerIndexedThrough();
  if (!indexed.ok()) return indexed.status();
  if (*indexed <= head.number) return absl::OkStatus();
  return Rollback("the ledger is older than the database");
}

}  // namespace sodality::core
