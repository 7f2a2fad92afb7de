#include "server/core/ledger/ledger_reader.h"

#include <algorithm>
#include <utility>

#include "crypto/keyed_hash.h"

namespace sodality::core {
namespace {

constexpr uint64_t kIndexBatch = 1000;

absl::StatusOr<crypto::SubKey> ActorTagKey(const crypto::Keyring& keyring) {
  auto key = keyring.Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  return crypto::DeriveSubKey(
      key->key, crypto::AssociatedData("sodality/ledger-actor/1"));
}

bool Concerns(const EntryHeader& header, const store::LedgerTag& member) {
  return std::any_of(header.parts.begin(), header.parts.end(),
                     [&](const auto& part) { return part.tag == member; });
}

}  // namespace

absl::StatusOr<std::unique_ptr<LedgerReader>> LedgerReader::Create(
    store::MemberStore& store, Ledger& ledger, const crypto::Keyring& keyring) {
  auto key = ActorTagKey(keyring);
  if (!key.ok()) return key.status();
  return std::unique_ptr<LedgerReader>(
      new LedgerReader(store, ledger, *std::move(key)));
}

LedgerReader::LedgerReader(store::MemberStore& store, Ledger& ledger,
                           crypto::SubKey actor_tag_key)
    : store_(store),
      ledger_(ledger),
      actor_tag_key_(std::move(actor_tag_key)) {}

store::LedgerTag LedgerReader::ActorTag(const PrincipalId& actor) const {
  crypto::AssociatedData input("sodality/ledger-actor/1");
  input.Add(actor.bytes);
  return {crypto::KeyedHash16(actor_tag_key_, input)};
}

absl::Status LedgerReader::UpdateIndex() {
  platform::MutexLock lock(update_mutex_);
  if (!queued_through_) {
    auto durable = store_.LedgerIndexedThrough();
    if (!durable.ok()) return durable.status();
    queued_through_ = *durable;
  }
  const uint64_t head = ledger_.head().number;
  while (*queued_through_ < head) {
    const uint64_t end = std::min(head, *queued_through_ + kIndexBatch);
    std::vector<store::LedgerIndexRow> rows;
    for (uint64_t number = *queued_through_ + 1; number <= end; ++number) {
      const auto concerned = ledger_.ReadConcerned(number);
      if (!concerned.ok()) return concerned.status();
      rows.push_back({ActorTag(concerned->actor), number});
      for (const store::LedgerTag& member : concerned->members) {
        rows.push_back({member, number});
      }
    }
    store_.AppendLedgerIndex(std::move(rows), end);
    queued_through_ = end;
  }
  return absl::OkStatus();
}

// The numbers to look at, newest first, below `before`: the tail that the index
// does not have yet, then what the index says (or everything, without a tag).
absl::StatusOr<std::vector<uint64_t>> LedgerReader::Candidates(
    const std::optional<store::LedgerTag>& tag, uint64_t before,
    size_t limit) const {
  const uint64_t head = ledger_.head().number;
  uint64_t next = before == 0 ? head : std::min(head, before - 1);
  std::vector<uint64_t> numbers;
  auto indexed = store_.LedgerIndexedThrough();
  if (!indexed.ok()) return indexed.status();
  const uint64_t tail = tag ? *indexed : 0;
  for (; next > tail && numbers.size() < limit; --next) {
    numbers.push_back(next);
  }
  if (!tag || numbers.size() >= limit) return numbers;
  auto found = store_.FindLedgerEntries(*tag, next + 1, limit - numbers.size());
  if (!found.ok()) return found.status();
  numbers.insert(numbers.end(), found->begin(), found->end());
  return numbers;
}

absl::StatusOr<bool> LedgerReader::Accept(const EntryQuery& query,
                                          const Entry& entry,
                                          ListedEntry& listed) const {
  const EntryHeader& header = entry.header;
  if (query.actor && header.actor != *query.actor) return false;
  if (query.since && header.time < *query.since) return false;
  if (query.member == nullptr) return true;
  const store::LedgerTag tag = MemberTag(*query.member);
  if (!Concerns(header, tag)) return false;
  for (size_t i = 0; i < header.parts.size(); ++i) {
    if (header.parts[i].tag != tag) continue;
    auto part = OpenMemberPart(entry, i, *query.member);
    if (!part.ok()) return part.status();
    listed.fields = std::move(part->fields);
    listed.member_sequence = header.parts[i].sequence;
  }
  return true;
}

absl::StatusOr<EntryPage> LedgerReader::List(const EntryQuery& query) const {
  std::optional<store::LedgerTag> tag;
  if (query.member != nullptr) {
    tag = MemberTag(*query.member);
  } else if (query.actor) {
    tag = ActorTag(*query.actor);
  }
  EntryPage page;
  uint64_t before = query.before;
  while (true) {
    const size_t wanted = query.limit + 1;
    auto numbers = Candidates(tag, before, wanted);
    if (!numbers.ok()) return numbers.status();
    for (const uint64_t number : *numbers) {
      if (page.entries.size() == query.limit) {
        page.next_before = page.entries.back().header.number;
        return page;
      }
      auto entry = ledger_.Read(number);
      if (!entry.ok()) return entry.status();
      if (query.since && entry->header.time < *query.since) return page;
      ListedEntry listed;
      auto accepted = Accept(query, *entry, listed);
      if (!accepted.ok()) return accepted.status();
      if (!*accepted) continue;
      listed.header = std::move(entry->header);
      page.entries.push_back(std::move(listed));
    }
    if (numbers->size() < wanted) return page;
    before = numbers->back();
  }
}

}  // namespace sodality::core
