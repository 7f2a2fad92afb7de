#include "server/store/memory/memory_contents.h"

#include <algorithm>

#include "server/store/limits.h"

namespace sodality::store {
namespace {

bool HasBelow(const std::vector<IndexToken>& tokens, uint16_t version) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const IndexToken& t) {
    return t.index_version < version;
  });
}

std::vector<IndexToken> Sorted(std::vector<IndexToken> tokens) {
  std::sort(tokens.begin(), tokens.end());
  return tokens;
}

}  // namespace

GroupOutcome MemoryContents::CommitGroup(const std::vector<Write>& writes,
                                         const Housekeeping& housekeeping) {
  const platform::MutexLock lock(mutex);
  GroupOutcome outcome;
  for (const Write& write : writes) {
    outcome.writes.push_back(CommitOne(write));
  }
  outcome.housekept = failure.ok();
  if (outcome.housekept) Keep(housekeeping);
  return outcome;
}

uint64_t MemoryContents::VersionOf(const MemberId& id) const {
  const auto at = members.find(id);
  return at == members.end() ? 0 : at->second.revision;
}

uint64_t MemoryContents::VersionOf(const RowName& name) const {
  const auto at = rows.find(name);
  return at == rows.end() ? 0 : at->second.version;
}

absl::StatusOr<Revision> MemoryContents::CommitOne(const Write& write) {
  absl::Status status = CheckWrite(write);
  if (writes_until_lost > 0 && --writes_until_lost == 0) {
    return absl::AbortedError("the member was changed meanwhile");
  }
  if (status.ok()) status = CheckExpected(write);
  if (status.ok()) status = CheckWrapVersions(write);
  if (status.ok()) status = CheckIndexVersions(write);
  if (status.ok()) status = Seal(write);
  if (!status.ok()) return status;
  Apply(write);
  return ++revision;
}

absl::Status MemoryContents::CheckExpected(const Write& write) const {
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

bool MemoryContents::IsRewrappedBy(const RewrapMember& rewrap) const {
  const auto at = members.find(rewrap.id);
  return at != members.end() && at->second.revision == rewrap.revision &&
         at->second.wrap_version < rewrap.wrap_version;
}

absl::Status MemoryContents::CheckWrapVersions(const Write& write) const {
  std::map<MemberId, uint32_t> after;
  for (const auto& [id, member] : members) after[id] = member.wrap_version;
  for (const PutMember& put : write.put_members) {
    if (put.wrap_version < wrap_retired_below) return WrapRetired();
    after[put.id] = put.wrap_version;
  }
  if (!write.retire_wrap_below) return absl::OkStatus();
  for (const EraseMember& erase : write.erase_members) after.erase(erase.id);
  for (const RewrapMember& rewrap : write.rewrap_members) {
    if (IsRewrappedBy(rewrap)) after[rewrap.id] = rewrap.wrap_version;
  }
  const bool left = std::any_of(after.begin(), after.end(), [&](const auto& m) {
    return m.second < *write.retire_wrap_below;
  });
  return left ? WrapInUse() : absl::OkStatus();
}

absl::Status MemoryContents::CheckIndexVersions(const Write& write) const {
  std::map<MemberId, const std::vector<IndexToken>*> after;
  for (const auto& [id, member] : members) after[id] = &member.tokens;
  for (const PutMember& put : write.put_members) {
    if (HasBelow(put.tokens, index_retired_below)) return IndexRetired();
    after[put.id] = &put.tokens;
  }
  for (const RetokenMember& retoken : write.retoken_members) {
    if (HasBelow(retoken.tokens, index_retired_below)) return IndexRetired();
    if (VersionOf(retoken.id) == retoken.revision) {
      after[retoken.id] = &retoken.tokens;
    }
  }
  if (!write.retire_index_below) return absl::OkStatus();
  for (const EraseMember& erase : write.erase_members) after.erase(erase.id);
  const bool left = std::any_of(after.begin(), after.end(), [&](const auto& m) {
    return HasBelow(*m.second, *write.retire_index_below);
  });
  return left ? IndexInUse() : absl::OkStatus();
}

absl::Status MemoryContents::Seal(const Write& write) {
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

void MemoryContents::Apply(const Write& write) {
  for (const PutMember& put : write.put_members) {
    members[put.id] = {put.expected + 1, revision + 1, put.wrap_version,
                       put.sealed, Sorted(put.tokens)};
  }
  for (const EraseMember& erase : write.erase_members) members.erase(erase.id);
  for (const RewrapMember& rewrap : write.rewrap_members) {
    if (!IsRewrappedBy(rewrap)) continue;
    StoredMember& member = members.at(rewrap.id);
    member.wrap_version = rewrap.wrap_version;
    member.sealed = rewrap.sealed;
  }
  for (const RetokenMember& retoken : write.retoken_members) {
    if (VersionOf(retoken.id) != retoken.revision) continue;
    const auto at = members.find(retoken.id);
    if (at != members.end()) at->second.tokens = Sorted(retoken.tokens);
  }
  if (write.retire_index_below) {
    index_retired_below =
        std::max(index_retired_below, *write.retire_index_below);
  }
  if (write.retire_wrap_below) {
    wrap_retired_below = std::max(wrap_retired_below, *write.retire_wrap_below);
  }
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

void MemoryContents::Keep(const Housekeeping& housekeeping) {
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

}  // namespace sodality::store
