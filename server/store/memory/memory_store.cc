#include "server/store/memory/memory_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "platform/mutex.h"
#include "server/store/group_writer.h"
#include "server/store/limits.h"
#include "server/store/memory/memory_contents.h"

namespace sodality::store {
namespace {

uint16_t OldestOf(const StoredMember& member) {
  return member.tokens.empty() ? uint16_t{0}
                               : member.tokens.front().index_version;
}

MemberRecord RecordOf(const MemberId& id, const StoredMember& member) {
  return {id,
          member.revision,
          member.changed_at,
          member.sealed,
          member.wrap_version,
          OldestOf(member)};
}

bool HasAnyOf(const StoredMember& member,
              const std::vector<IndexToken>& group) {
  return std::any_of(group.begin(), group.end(), [&](const IndexToken& token) {
    return std::binary_search(member.tokens.begin(), member.tokens.end(),
                              token);
  });
}

bool Matches(const StoredMember& member, const TokenQuery& query) {
  return std::all_of(
      query.all_of.begin(), query.all_of.end(),
      [&](const auto& group) { return HasAnyOf(member, group); });
}

bool IsHolder(const StoredMember& member, const HolderQuery& query) {
  const auto has_in = [&](const IndexSlot& slot) {
    return std::any_of(member.tokens.begin(), member.tokens.end(),
                       [&](const IndexToken& token) {
                         return token.index_version == slot.index_version &&
                                token.slot == slot.slot;
                       });
  };
  return HasAnyOf(member, query.any_of) &&
         std::none_of(query.none_of.begin(), query.none_of.end(), has_in);
}

template <class Map>
auto Behind(const Map& map, const std::optional<MemberId>& after) {
  return after ? map.upper_bound(*after) : map.begin();
}

}  // namespace

MemoryStore::MemoryStore()
    : contents_(std::make_unique<MemoryContents>()),
      queue_(std::make_unique<GroupWriter>(*contents_, GroupLimits())) {}

MemoryStore::~MemoryStore() = default;

void MemoryStore::FailCommits(absl::Status status) {
  const platform::MutexLock lock(contents_->mutex);
  contents_->failure = std::move(status);
}

void MemoryStore::LoseRace(int nth) {
  const platform::MutexLock lock(contents_->mutex);
  contents_->writes_until_lost = nth;
}

void MemoryStore::Submit(Write write, WriteDone done) {
  queue_->Submit(std::move(write), std::move(done));
}

void MemoryStore::SetDigestSealer(DigestSealer& sealer) {
  const platform::MutexLock lock(contents_->mutex);
  contents_->sealer = &sealer;
}

absl::StatusOr<MemberRecord> MemoryStore::Get(const MemberId& id) {
  ++reads_;
  return Find(id);
}

std::optional<MemberRecord> MemoryStore::Recall(const MemberId& id) {
  if (!recalls_) return std::nullopt;
  auto record = Find(id);
  if (!record.ok()) return std::nullopt;
  return *std::move(record);
}

absl::StatusOr<MemberRecord> MemoryStore::Find(const MemberId& id) const {
  const platform::MutexLock lock(contents_->mutex);
  const auto at = contents_->members.find(id);
  if (at == contents_->members.end()) {
    return absl::NotFoundError("no such member");
  }
  const StoredMember& member = at->second;
  return RecordOf(id, member);
}

absl::StatusOr<std::vector<MemberRecord>> MemoryStore::Find(
    const TokenQuery& query, const std::optional<MemberId>& after,
    size_t limit) {
  absl::Status checked = CheckQuery(query);
  if (checked.ok()) checked = CheckPage(limit);
  if (!checked.ok()) return checked;
  const platform::MutexLock lock(contents_->mutex);
  std::vector<MemberRecord> found;
  for (auto at = Behind(contents_->members, after);
       at != contents_->members.end() && found.size() < limit; ++at) {
    const auto& [id, member] = *at;
    if (!Matches(member, query)) continue;
    found.push_back(RecordOf(id, member));
  }
  return found;
}

absl::Status MemoryStore::VisitHolders(const HolderQuery& query,
                                       const MemberVisitor& visit) {
  if (observe_holders_) observe_holders_(query);
  std::vector<MemberRecord> found;
  {
    const platform::MutexLock lock(contents_->mutex);
    for (const auto& [id, member] : contents_->members) {
      if (!IsHolder(member, query)) continue;
      found.push_back(RecordOf(id, member));
    }
  }
  for (MemberRecord& record : found) {
    const absl::Status visited = visit(std::move(record));
    if (!visited.ok()) return visited;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::pair<MemberId, uint64_t>>>
MemoryStore::ListMembers(const std::optional<MemberId>& after, size_t limit) {
  const absl::Status checked = CheckPage(limit);
  if (!checked.ok()) return checked;
  const platform::MutexLock lock(contents_->mutex);
  std::vector<std::pair<MemberId, uint64_t>> listed;
  for (auto at = Behind(contents_->members, after);
       at != contents_->members.end() && listed.size() < limit; ++at) {
    listed.emplace_back(at->first, at->second.revision);
  }
  return listed;
}

absl::StatusOr<std::vector<AccessRow>> MemoryStore::ReadAccessRows() {
  const platform::MutexLock lock(contents_->mutex);
  std::vector<AccessRow> rows;
  for (const auto& [name, row] : contents_->rows) rows.push_back(row);
  return rows;
}

absl::StatusOr<Bytes> MemoryStore::ReadDigest() {
  const platform::MutexLock lock(contents_->mutex);
  return contents_->digest;
}

absl::StatusOr<Bytes> MemoryStore::FindRequest(const RequestKey& key) {
  const platform::MutexLock lock(contents_->mutex);
  const auto at = contents_->requests.find(key);
  if (at == contents_->requests.end()) {
    return absl::NotFoundError("no such request");
  }
  return at->second.sealed;
}

absl::StatusOr<Revision> MemoryStore::LastRevision() {
  const platform::MutexLock lock(contents_->mutex);
  return contents_->revision;
}

absl::StatusOr<StoreCounts> MemoryStore::Counts() {
  const platform::MutexLock lock(contents_->mutex);
  std::map<uint32_t, uint64_t> by_version;
  StoreCounts counts{.members = contents_->members.size()};
  uint16_t& oldest = counts.oldest_index_version;
  for (const auto& [id, member] : contents_->members) {
    ++by_version[member.wrap_version];
    const uint16_t version = OldestOf(member);
    if (version != 0)
      oldest = oldest == 0 ? version : std::min(oldest, version);
  }
  counts.members_by_wrap_version.assign(by_version.begin(), by_version.end());
  return counts;
}

absl::StatusOr<std::vector<OutboxRow>> MemoryStore::ReadOutbox() {
  const platform::MutexLock lock(contents_->mutex);
  std::vector<OutboxRow> rows;
  for (const auto& [revision, entry] : contents_->outbox) {
    rows.push_back({revision, entry});
  }
  return rows;
}

void MemoryStore::AcknowledgeOutbox(Revision through) {
  Housekeeping housekeeping;
  housekeeping.outbox_through = through;
  queue_->Add(std::move(housekeeping));
}

void MemoryStore::ExpireRequests(platform::Timestamp now) {
  Housekeeping housekeeping;
  housekeeping.expire_before = now;
  queue_->Add(std::move(housekeeping));
}

void MemoryStore::AppendLedgerIndex(std::vector<LedgerIndexRow> rows,
                                    uint64_t through) {
  Housekeeping housekeeping;
  housekeeping.index_rows = std::move(rows);
  housekeeping.indexed_through = through;
  queue_->Add(std::move(housekeeping));
}

absl::StatusOr<uint64_t> MemoryStore::LedgerIndexedThrough() {
  const platform::MutexLock lock(contents_->mutex);
  return contents_->indexed_through;
}

absl::StatusOr<std::vector<uint64_t>> MemoryStore::FindLedgerEntries(
    const LedgerTag& tag, uint64_t before, size_t limit) {
  const absl::Status checked = CheckPage(limit);
  if (!checked.ok()) return checked;
  const platform::MutexLock lock(contents_->mutex);
  std::vector<uint64_t> entries;
  const auto at = contents_->index.find(tag);
  if (at == contents_->index.end()) return entries;
  const std::set<uint64_t>& all = at->second;
  auto end = before == 0 ? all.end() : all.lower_bound(before);
  while (end != all.begin() && entries.size() < limit) {
    entries.push_back(*--end);
  }
  return entries;
}

}  // namespace sodality::store
