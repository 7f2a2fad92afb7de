#include "server/store/limits.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace sodality::store {
namespace {

absl::Status AtMost(std::string_view what, size_t count, size_t limit) {
  if (count <= limit) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(what), ": ", count, ", at most ", limit));
}

template <class Key>
bool HasTwice(std::vector<Key> keys) {
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

absl::Status CheckDistinct(const Write& write) {
  std::vector<MemberId> members;
  for (const PutMember& put : write.put_members) members.push_back(put.id);
  for (const EraseMember& e : write.erase_members) members.push_back(e.id);
  for (const RewrapMember& r : write.rewrap_members) members.push_back(r.id);
  for (const RetokenMember& r : write.retoken_members) members.push_back(r.id);
  std::vector<std::pair<AccessTable, IdBytes>> rows;
  for (const PutAccessRow& p : write.put_rows) rows.emplace_back(p.table, p.id);
  for (const EraseAccessRow& e : write.erase_rows) {
    rows.emplace_back(e.table, e.id);
  }
  if (HasTwice(std::move(members)) || HasTwice(std::move(rows))) {
    return absl::InvalidArgumentError("a member or row twice in one write");
  }
  return absl::OkStatus();
}

absl::Status CheckTokens(const std::vector<IndexToken>& tokens) {
  return AtMost("tokens of a member", tokens.size(), kMaxTokensPerMember);
}

absl::Status CheckMember(const PutMember& put) {
  const absl::Status tokens = CheckTokens(put.tokens);
  if (!tokens.ok()) return tokens;
  return AtMost("bytes of a sealed member", put.sealed.size(), kMaxSealedBytes);
}

absl::Status CheckSizes(const Write& write) {
  for (const PutMember& put : write.put_members) {
    const absl::Status checked = CheckMember(put);
    if (!checked.ok()) return checked;
  }
  for (const RewrapMember& rewrap : write.rewrap_members) {
    const absl::Status checked = AtMost("bytes of a sealed member",
                                        rewrap.sealed.size(), kMaxSealedBytes);
    if (!checked.ok()) return checked;
  }
  for (const RetokenMember& retoken : write.retoken_members) {
    const absl::Status checked = CheckTokens(retoken.tokens);
    if (!checked.ok()) return checked;
  }
  for (const PutAccessRow& put : write.put_rows) {
    const absl::Status checked =
        AtMost("bytes of a sealed row", put.sealed.size(), kMaxSealedBytes);
    if (!checked.ok()) return checked;
  }
  const size_t request = write.request ? write.request->sealed.size() : 0;
  return AtMost("bytes of a ledger entry or request",
                std::max(write.outbox.size(), request), kMaxSealedBytes);
}

}  // namespace

absl::Status CheckWrite(const Write& write) {
  if (write.outbox.empty()) {
    return absl::InvalidArgumentError("a write without a ledger entry");
  }
  absl::Status checked =
      AtMost("members in one write",
             write.put_members.size() + write.erase_members.size() +
                 write.rewrap_members.size() + write.retoken_members.size(),
             kMaxMembersPerWrite);
  if (checked.ok()) {
    checked = AtMost("rows in one write",
                     write.put_rows.size() + write.erase_rows.size(),
                     kMaxRowsPerWrite);
  }
  if (checked.ok()) checked = CheckDistinct(write);
  if (checked.ok()) checked = CheckSizes(write);
  return checked;
}

absl::Status CheckQuery(const TokenQuery& query) {
  absl::Status checked =
      AtMost("groups of a query", query.all_of.size(), kMaxGroups);
  for (const std::vector<IndexToken>& group : query.all_of) {
    if (checked.ok()) {
      checked = AtMost("tokens of a group", group.size(), kMaxTokensPerGroup);
    }
  }
  return checked;
}

absl::Status CheckPage(size_t limit) {
  if (limit == 0) return absl::InvalidArgumentError("a page of no rows");
  return AtMost("rows of a page", limit, kMaxPage);
}

absl::Status WrapInUse() {
  return absl::AbortedError("a member is under an earlier wrap version");
}

absl::Status WrapRetired() {
  return absl::AbortedError("the member was sealed under a retired wrap key");
}

absl::Status IndexInUse() {
  return absl::AbortedError("a member has tokens of an earlier index version");
}

absl::Status IndexRetired() {
  return absl::AbortedError("the member has tokens of a retired index version");
}

size_t SizeOf(const Write& write) {
  size_t size = write.outbox.size();
  for (const PutMember& put : write.put_members) {
    size += put.sealed.size() + put.tokens.size() * sizeof(IndexToken);
  }
  for (const RewrapMember& rewrap : write.rewrap_members) {
    size += rewrap.sealed.size();
  }
  for (const RetokenMember& retoken : write.retoken_members) {
    size += retoken.tokens.size() * sizeof(IndexToken);
  }
  for (const PutAccessRow& put : write.put_rows) size += put.sealed.size();
  if (write.request) size += write.request->sealed.size();
  return size;
}

}  // namespace sodality::store
