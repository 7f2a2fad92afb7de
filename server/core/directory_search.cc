#include <algorithm>
#include <memory>
#include <utility>

#include "server/core/directory_reader.h"
#include "server/core/error.h"
#include "server/core/scope.h"

namespace sodality::core {
namespace {

constexpr size_t kDefaultPage = 20;
constexpr size_t kLargestPage = 100;
// One call opens no more records than this (some hundredths of a second, on a
// thread that all look-ups share); a filter without tokens then goes on with
// the next page.
constexpr size_t kMaxOpened = 2000;
// An answer stays well below what a connection sends at once.
constexpr size_t kMaxPageBytes = 2 << 20;

absl::StatusOr<size_t> PageSize(int asked) {
  if (asked < 0) return InvalidValue("page_size", "a page size below zero");
  if (asked == 0) return kDefaultPage;
  return std::min(static_cast<size_t>(asked), kLargestPage);
}

// Most narrow queries are answered by one chunk.
size_t ChunkFor(size_t page_size) {
  return std::max<size_t>(32, page_size + page_size / 2);
}

// Scope first, so that nothing else is decided about members outside it.
absl::StatusOr<bool> IsHit(const MemberQuery& question, const Grant& grant,
                           OpenedMember& member) {
  auto in_scope = InScope(grant, member);
  if (!in_scope.ok() || !*in_scope) return in_scope;
  return question.Matches(member);
}

size_t SizeOf(const ProjectedMember& member) {
  size_t bytes = 0;
  for (const auto& field : member.fields) {
    bytes += field.values.encoded().size();
  }
  return bytes;
}

}  // namespace

void DirectoryReader::Search(const Caller& caller, const SearchQuery& query,
                             Done<SearchResult> done) const {
  auto reach = ReachThrough(parts_, caller, query.grant);
  if (!reach.ok()) return done(reach.status());
  EntryDraft draft = DraftOf(Action::kSearch, caller, reach->grant.get());
  auto look = Begin(std::move(draft), *std::move(reach), query.view);
  if (!look.ok()) return done(look.status());
  auto found = FindPage(caller, query, *look);
  if (!found.ok()) return done(found.status());
  auto result = std::make_shared<SearchResult>(*std::move(found));
  parts_.ledger.Release(
      std::move(look->draft),
      [result, done = std::move(done)](const absl::StatusOr<uint64_t>& number) {
        if (!number.ok()) return done(FromStore(number.status()));
        done(std::move(*result));
      });
}

absl::StatusOr<MemberQuery> DirectoryReader::Compile(
    const FieldPolicy& policy, const SearchQuery& query) const {
  if (query.country.empty()) {
    return MemberQuery::Compile(policy, query, tools_.country);
  }
  const auto country = text::Country::Create(query.country);
  if (!country.ok()) {
    const auto what = country.status().message();
    return InvalidValue("country", std::string_view(what.data(), what.size()));
  }
  return MemberQuery::Compile(policy, query, *country);
}

// Adds a part for each member shown to the look's record.
absl::StatusOr<SearchResult> DirectoryReader::FindPage(const Caller& caller,
                                                       const SearchQuery& query,
                                                       Look& look) const {
  const Grant& grant = *look.reach.grant;
  const auto question = Compile(look.reach.policy, query);
  if (!question.ok()) return question.status();
  const auto size = PageSize(query.page_size);
  if (!size.ok()) return size.status();
  const PageOwner owner{caller.principal, *look.draft.grant, query};
  std::optional<MemberId> after;
  if (!query.page_token.empty()) {
    const auto opened = page_tokens_.Open(owner, query.page_token);
    if (!opened.ok()) return opened.status();
    after = *opened;
  }
  auto page = Collect(*question, grant, after, *size);
  if (!page.ok()) return page.status();
  SearchResult result;
  size_t bytes = 0;
  for (OpenedMember& member : page->members) {
    auto reveal = look.reach.policy.Project(look.projection, member);
    if (!reveal.ok()) return reveal.status();
    look.draft.members.push_back(std::move(reveal->part));
    bytes += SizeOf(reveal->member);
    result.members.push_back(std::move(reveal->member));
    const bool last = &member == &page->members.back();
    if (bytes < kMaxPageBytes || last) continue;
    page->resume = member.id();
    break;
  }
  if (page->resume) {
    auto token = page_tokens_.Seal(owner, *page->resume);
    if (!token.ok()) return token.status();
    result.next_page_token = *std::move(token);
  }
  return result;
}

// Looks one match further than the page, so that whether there are more does
// not depend on members who do not match.
absl::StatusOr<DirectoryReader::Page> DirectoryReader::Collect(
    const MemberQuery& question, const Grant& grant,
    std::optional<MemberId> after, size_t size) const {
  const auto index = tools_.members.index();
  const auto tokens = question.TokensFor(*index, parts_.schema, grant);
  if (!tokens.ok()) return tokens.status();
  const size_t chunk = ChunkFor(size);
  Page page;
  for (size_t opened = 0; opened < kMaxOpened; opened += chunk) {
    auto candidates = tools_.members.Candidates(*tokens, after, chunk);
    if (!candidates.ok()) return candidates.status();
    for (OpenedMember& member : *candidates) {
      const auto hit = IsHit(question, grant, member);
      if (!hit.ok()) return hit.status();
      if (*hit && page.members.size() == size) {
        page.resume = page.members.back().id();
        return page;
      }
      after = member.id();
      if (*hit) page.members.push_back(std::move(member));
    }
    if (candidates->size() < chunk) return page;
  }
  page.resume = after;
  return page;
}

}  // namespace sodality::core
