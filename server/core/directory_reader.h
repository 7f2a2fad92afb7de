// The reading half of Directory. Every way in ends alike: Project, then
// Ledger::Release, and only then the answer. Internal to directory.cc.
#ifndef SODALITY_SERVER_CORE_DIRECTORY_READER_H_
#define SODALITY_SERVER_CORE_DIRECTORY_READER_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/directory.h"
#include "server/core/directory_tools.h"
#include "server/core/member_query.h"
#include "server/core/page_token.h"

namespace sodality::core {

// Thread safety: safe. Lifetime: borrows parts and tools.
class DirectoryReader final {
 public:
  DirectoryReader(const DirectoryParts& parts, const DirectoryTools& tools);

  // As in directory.h.
  void Get(const Caller& caller, const GetQuery& query,
           Done<ProjectedMember> done) const;
  void GetSelf(const Caller& caller, Done<ProjectedMember> done) const;
  void Search(const Caller& caller, const SearchQuery& query,
              Done<SearchResult> done) const;
  absl::StatusOr<crypto::MemberLedgerKey> LedgerKeyOf(
      const Caller& caller, const MemberId& member,
      const std::optional<GrantId>& grant) const;
  absl::StatusOr<crypto::MemberLedgerKey> OwnLedgerKey(
      const Caller& caller) const;

 private:
  // One look: within what, what of it is shown, and its record so far.
  struct Look {
    Reach reach;
    Projection projection;
    EntryDraft draft;
  };
  struct Page {
    std::vector<OpenedMember> members;
    std::optional<MemberId> resume;  // Behind which there may be more.
  };

  absl::StatusOr<Look> Begin(EntryDraft draft, Reach reach,
                             const View& view) const;
  void Show(Look look, const MemberId& id, Done<ProjectedMember> done) const;
  // The key, or MemberNotFound when that is recorded.
  absl::StatusOr<crypto::MemberLedgerKey> KeyOrRecord(EntryDraft draft,
                                                      const MemberId& member,
                                                      const Grant* grant) const;
  absl::StatusOr<MemberQuery> Compile(const FieldPolicy& policy,
                                      const SearchQuery& query) const;
  absl::StatusOr<SearchResult> FindPage(const Caller& caller,
                                        const SearchQuery& query,
                                        Look& look) const;
  absl::StatusOr<Page> Collect(const MemberQuery& question, const Grant& grant,
                               std::optional<MemberId> after,
                               size_t size) const;

  const DirectoryParts parts_;
  const DirectoryTools& tools_;
  PageTokens page_tokens_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_DIRECTORY_READER_H_
