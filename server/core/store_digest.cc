#include "server/core/store_digest.h"

#include <memory>
#include <optional>
#include <utility>

#include "server/core/byte_builder.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

constexpr size_t kPage = 1000;
// The first layout had no generation. A later one has the tables that there
// were then.
constexpr size_t kFirstTables = 7;
constexpr size_t kSecondTables = 8;

crypto::AssociatedData BoundTo(const crypto::Bytes16& chapter_id) {
  crypto::AssociatedData data("sodality/digest-row/1");
  data.Add(chapter_id);
  return data;
}

crypto::SecretBytes Encode(const DigestFacts& facts) {
  ByteBuilder out;
  out.Put(facts.revision).Put(facts.ledger.number).Raw(facts.ledger.leaf);
  out.Put(facts.ledger.revision).Put(facts.keyring_generation);
  for (const auto& table : facts.tables) out.Raw(table.bytes);
  return out.TakeSecret();
}

absl::Status DamagedDigest() {
  return absl::DataLossError("the digest row is damaged");
}

absl::StatusOr<DigestFacts> Decode(const crypto::SecretBytes& content) {
  crypto::ByteReader in(content.Expose(crypto::AllowSecretAccess()));
  DigestFacts facts;
  facts.revision = in.Get<uint64_t>();
  facts.ledger.number = in.Get<uint64_t>();
  facts.ledger.leaf = in.GetArray<32>();
  facts.ledger.revision = in.Get<uint64_t>();
  size_t tables = kFirstTables;
  if (in.left() != kFirstTables * sizeof(facts.tables[0].bytes)) {
    facts.keyring_generation = in.Get<uint64_t>();
    tables = in.left() / sizeof(facts.tables[0].bytes);
    if (in.ok() && tables > DigestFacts::kTables) {
      return absl::FailedPreconditionError(
          "the database's digest row is of a newer server");
    }
    if (tables < kSecondTables) return DamagedDigest();
  }
  for (auto& table : std::span(facts.tables).first(tables)) {
    table.bytes = in.GetArray<32>();
  }
  if (!in.AtEnd()) return DamagedDigest();
  return facts;
}

}  // namespace

absl::StatusOr<std::unique_ptr<StoreDigest>> StoreDigest::Create(
    const crypto::Keyring& keyring, crypto::Random& random,
    std::function<Head()> head, std::function<uint64_t()> generation) {
  auto key = keyring.Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  return std::unique_ptr<StoreDigest>(new StoreDigest(
      keyring, *key, random, std::move(head), std::move(generation)));
}

StoreDigest::StoreDigest(const crypto::Keyring& keyring,
                         crypto::Versioned<crypto::StateKey> key,
                         crypto::Random& random, std::function<Head()> head,
                         std::function<uint64_t()> generation)
    : chapter_id_(keyring.chapter_id()),
      digester_(key.key),
      sealer_(key, "digest-row"),
      random_(random),
      head_(std::move(head)),
      generation_(std::move(generation)) {}

absl::Status StoreDigest::Load(const store::Bytes& row,
                               store::Revision revision) {
  if (row.empty()) {
    return revision == 0
               ? absl::OkStatus()
               : absl::DataLossError("the database has lost its digest row");
  }
  auto content = sealer_.Open(BoundTo(chapter_id_), row);
  if (!content.ok()) {
    return absl::Status(content.status().code(),
                        "the database's digest row does not open");
  }
  auto facts = Decode(*content);
  if (!facts.ok()) return facts.status();
  if (facts->revision != revision) {
    return absl::DataLossError(
        "the database's digest row is of another revision than its rows");
  }
  pending_ = *facts;
  MutexLock lock(mutex_);
  facts_ = *facts;
  return absl::OkStatus();
}

absl::Status StoreDigest::CheckAccessRows(
    std::span<const store::AccessRow> rows) const {
  DigestFacts found;
  for (const store::AccessRow& row : rows) {
    const auto table = static_cast<uint8_t>(row.table);
    if (table == 0 || table >= DigestFacts::kTables) {
      return absl::DataLossError("an access row of an unknown table");
    }
    found.tables[table].Toggle(digester_.Digest(table, row.id, row.version));
  }
  const DigestFacts expected = facts();
  for (size_t table = 1; table < DigestFacts::kTables; ++table) {
    if (found.tables[table] != expected.tables[table]) {
      return absl::DataLossError(
          "access rows were put back or taken out behind the server's back");
    }
  }
  return absl::OkStatus();
}

std::optional<uint64_t> StoreDigest::SettledGroups() const {
  MutexLock lock(mutex_);
  if (in_between_) return std::nullopt;
  return groups_;
}

absl::Status StoreDigest::CheckMembers(store::MemberStore& store) const {
  const auto groups = SettledGroups();
  const DigestFacts before = facts();
  crypto::DigestAccumulator found;
  std::optional<store::MemberId> after;
  while (true) {
    auto page = store.ListMembers(after, kPage);
    if (!page.ok()) return page.status();
    for (const auto& [id, revision] : *page) {
      found.Toggle(digester_.Digest(0, id.bytes, revision));
    }
    if (page->size() < kPage) break;
    after = page->back().first;
  }
  if (!groups || SettledGroups() != groups) {
    return absl::AbortedError("members were written during the check");
  }
  if (found != before.tables[0]) {
    return absl::DataLossError(
        "members were put back or taken out behind the server's back");
  }
  return absl::OkStatus();
}

DigestFacts StoreDigest::facts() const {
  MutexLock lock(mutex_);
  return facts_;
}

absl::StatusOr<store::Bytes> StoreDigest::SealAfter(
    std::span<const store::RowChange> changes, store::Revision revision) {
  {
    MutexLock lock(mutex_);
    ++groups_;
    in_between_ = true;
  }
  for (const store::RowChange& change : changes) {
    auto& table = pending_.tables[change.table];
    if (change.old_version != 0) {
      table.Toggle(
          digester_.Digest(change.table, change.id, change.old_version));
    }
    if (change.new_version != 0) {
      table.Toggle(
          digester_.Digest(change.table, change.id, change.new_version));
    }
  }
  pending_.revision = revision;
  pending_.ledger = head_();
  pending_.keyring_generation = generation_();
  return sealer_.Seal(BoundTo(chapter_id_), Encode(pending_), random_);
}

void StoreDigest::Resolve(bool committed) {
  MutexLock lock(mutex_);
  in_between_ = false;
  if (committed) {
    facts_ = pending_;
  } else {
    pending_ = facts_;
  }
}

}  // namespace sodality::core
