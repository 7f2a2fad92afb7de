#include "server/store/memory/memory_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "platform/mutex.h"
#include "server/store/group_writer.h"
#include "server/store/limits.h"

namespace sodality::store {
namespace {

struct StoredMember {
  uint64_t revision = 0;
  uint64_t changed_at = 0;
  uint32_t wrap_version = 0;
  Bytes sealed;
  std::vector<IndexToken> tokens;  // Sorted.
};

struct StoredRequest {
  platform::Timestamp expires;
  Bytes sealed;
};

using RowName = std::pair<AccessTable, IdBytes>;

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

template <class Map>
auto Behind(const Map& map, const std::optional<MemberId>& after) {
  return after ? map.upper_bound(*after) : map.begin();
}

}  // namespace

// All members are guarded by `mutex`; reads lock it, and so does each group.
class MemoryStore::Contents final : public GroupTarget {
 public:
  ~Contents() override = default;

  GroupOutcome CommitGroup(const std::vector<Write>& writes,
                           const Housekeeping& housekeeping) override {
    const platform::MutexLock lock(mutex);
    GroupOutcome outcome;
    for (const Write& write : writes) {
      outcome.writes.push_back(CommitOne(write));
    }
    outcome.housekept = failure.ok();
    if (outcome.housekept) Keep(housekeeping);
    return outcome;
  }

  platform::Mutex mutex;
  absl::Status failure SODALITY_GUARDED_BY(mutex);
  int writes_until_lost SODALITY_GUARDED_BY(mutex) = 0;
  DigestSealer* sealer SODALITY_GUARDED_BY(mutex) = nullptr;
  Revision revision SODALITY_GUARDED_BY(mutex) = 0;
  std::map<MemberId, StoredMember> members SODALITY_GUARDED_BY(mutex);
  std::map<RowName, AccessRow> rows SODALITY_GUARDED_BY(mutex);
  std::map<RequestKey, StoredRequest> requests SODALITY_GUARDED_BY(mutex);
  std::map<Revision, Bytes> outbox SODALITY_GUARDED_BY(mutex);
  std::map<LedgerTag, std::set<uint64_t>> index SODALITY_GUARDED_BY(mutex);
  uint64_t indexed_through SODALITY_GUARDED_BY(mutex) = 0;
  Bytes digest SODALITY_GUARDED_BY(mutex);

 private:
  uint64_t VersionOf(const MemberId& id) const SODALITY_REQUIRES(mutex) {
    const auto at = members.find(id);
    return at == members.end() ? 0 : at->second.revision;
  }
  uint64_t VersionOf(const RowName& name) const SODALITY_REQUIRES(mutex) {
    const auto at = rows.find(name);
    return at == rows.end() ? 0 : at->second.version;
  }

  absl::StatusOr<Revision> CommitOne(const Write& write)
      SODALITY_REQUIRES(mutex);
  absl::Status CheckExpected(const Write& write) const SODALITY_REQUIRES(mutex);
  absl::Status Seal(const Write& write) SODALITY_REQUIRES(mutex);
  void Apply(const Write& write) SODALITY_REQUIRES(mutex);
  void Keep(const Housekeeping& housekeeping) SODALITY_REQUIRES(mutex);
};

absl::StatusOr<Revision> MemoryStore::Contents::CommitOne(const Write& write) {
  absl::Status status = CheckWrite(write);
  if (writes_until_lost > 0 && --writes_until_lost == 0) {
    return absl::AbortedError("the member was changed meanwhile");
  }
  if (status.ok()) status = CheckExpected(write);
  if (status.ok()) status = Seal(write);
  if (!status.ok()) return status;
  Apply(write);
  return ++revision;
}

absl::Status MemoryStore::Contents::CheckExpected(const Write& write) const {
  bool holds = true;
  for (const PutMember& put : write.put_members) {
    holds &= VersionOf(put.id) == put.expected;
  }
  for (const EraseMember& erase : write.erase_members) {
    holds &= erase.expected != 0 && VersionOf(erase.id) == erase.expected;
  }
  if (!holds) return absl::AbortedError("the member was changed meanwhile");
  for (const PutAccessRow& put : write.put_rows) {
    holds &= VersionOf({put.table, put.id}) == put.expected;
  }
  for (const EraseAccessRow& e : write.erase_rows) {
    holds &= e.expected != 0 && VersionOf({e.table, e.id}) == e.expected;
  }
  if (!holds) return absl::AbortedError("the row was changed meanwhile");
  if (write.request && requests.contains(write.request->key)) {
    return absl::AlreadyExistsError("the request was already carried out");
  }
  return absl::OkStatus();
}

absl::Status MemoryStore::Contents::Seal(const Write& write) {
  if (sealer == nullptr) return failure;
  std::vector<RowChange> changes;
  for (const PutMember& put : write.put_members) {
    changes.push_back({0, put.id.bytes, put.expected, put.expected + 1});
  }
  for (const EraseMember& erase : write.erase_members) {
    changes.push_back({0, erase.id.bytes, erase.expected, 0});
  }
  for (const PutAccessRow& put : write.put_rows) {
    changes.push_back({static_cast<uint8_t>(put.table), put.id, put.expected,
                       put.expected + 1});
  }
  for (const EraseAccessRow& e : write.erase_rows) {
    changes.push_back({static_cast<uint8_t>(e.table), e.id, e.expected, 0});
  }
  absl::StatusOr<Bytes> sealed = sealer->SealAfter(changes, revision + 1);
  const bool committed = sealed.ok() && failure.ok();
  sealer->Resolve(committed);
  if (!sealed.ok()) return sealed.status();
  if (committed) digest = *std::move(sealed);
  return failure;
}

void MemoryStore::Contents::Apply(const Write& write) {
  for (const PutMember& put : write.put_members) {
    std::vector<IndexToken> tokens = put.tokens;
    std::sort(tokens.begin(), tokens.end());
    members[put.id] = {put.expected + 1, revision + 1, put.wrap_version,
                       put.sealed, std::move(tokens)};
  }
  for (const EraseMember& erase : write.erase_members) members.erase(erase.id);
  for (const PutAccessRow& put : write.put_rows) {
    rows[{put.table, put.id}] = {put.table, put.id, put.expected + 1,
                                 put.sealed};
  }
  for (const EraseAccessRow& e : write.erase_rows) rows.erase({e.table, e.id});
  if (write.request) {
    requests[write.request->key] = {write.request->expires,
                                    write.request->sealed};
  }
  outbox[revision + 1] = write.outbox;
}

void MemoryStore::Contents::Keep(const Housekeeping& housekeeping) {
  outbox.erase(outbox.begin(), outbox.upper_bound(housekeeping.outbox_through));
  if (housekeeping.expire_before) {
    std::erase_if(requests, [&](const auto& request) {
      return request.second.expires < *housekeeping.expire_before;
    });
  }
  for (const LedgerIndexRow& row : housekeeping.index_rows) {
    index[row.tag].insert(row.entry);
  }
  indexed_through = std::max(indexed_through, housekeeping.indexed_through);
}

MemoryStore::MemoryStore()
    : contents_(std::make_unique<Contents>()),
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
  const platform::MutexLock lock(contents_->mutex);
  const auto at = contents_->members.find(id);
  if (at == contents_->members.end()) {
    return absl::NotFoundError("no such member");
  }
  const StoredMember& member = at->second;
  return MemberRecord{id, member.revision, member.changed_at, member.sealed};
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
    found.push_back({id, member.revision, member.changed_at, member.sealed});
  }
  return found;
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
  for (const auto& [id, member] : contents_->members) {
    ++by_version[member.wrap_version];
  }
  StoreCounts counts{contents_->members.size(), {}};
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
