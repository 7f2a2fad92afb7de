// The stored members as the core works with them: found by id within a grant,
// by tokens, by the field that is unique. Read next: directory.cc.
#ifndef SODALITY_SERVER_CORE_MEMBERS_H_
#define SODALITY_SERVER_CORE_MEMBERS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/chapter.h"
#include "server/core/decoy.h"
#include "server/core/member.h"
#include "server/core/opened_member.h"
#include "server/core/sealer.h"
#include "server/store/member_store.h"

namespace sodality::core {

// Thread safety: safe. Lifetime: borrows the store and what Sealer borrows.
// Errors of every call: the store's with their reasons (FromStore), Sealer's.
class Members final {
 public:
  // FAILED_PRECONDITION when the keyring lacks an active wrap key.
  static absl::StatusOr<Members> Create(const DirectoryParts& parts);

  const Sealer& sealer() const { return *sealer_; }
  // Kept until what was found by it is read (LiveIndex).
  std::shared_ptr<const SearchIndex> index() const {
    return sealer_->index().Current();
  }

  // Nothing when there is no such member or `grant` does not cover them: in
  // both cases one record was unwrapped and its scope fields opened. Without a
  // grant: whoever it is.
  absl::StatusOr<std::optional<OpenedMember>> Find(const MemberId& id,
                                                   const Grant* grant) const;

  // Possible matches in id order, as MemberStore::Find.
  absl::StatusOr<std::vector<OpenedMember>> Candidates(
      const store::TokenQuery& query, const std::optional<MemberId>& after,
      size_t limit) const;

  // Hands over whom MemberStore::VisitHolders finds, opened.
  absl::Status VisitHolders(
      const store::HolderQuery& query,
      const std::function<absl::Status(OpenedMember)>& visit) const;

  // The member whose value of `spec` compares equal; nothing when there is
  // none. `spec` has exact tokens.
  absl::StatusOr<std::optional<OpenedMember>> FindByValue(
      const FieldSpec& spec, std::string_view compared_form) const;

 private:
  Members(store::MemberStore& store, std::unique_ptr<const Sealer> sealer,
          std::unique_ptr<Decoy> decoy);
  absl::StatusOr<std::optional<OpenedMember>> OpenInScope(
      store::MemberRecord record, const Grant* grant) const;

  store::MemberStore* store_;
  std::unique_ptr<const Sealer> sealer_;
  std::unique_ptr<Decoy> decoy_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_MEMBERS_H_
