// Look-ups and edits of members: what may be asked, who is in scope, what is
// shown, and the record of it before anything is shown (docs: ARCHITECTURE.md,
// "The way of a look-up"). Read next: field_policy.h.
#ifndef SODALITY_SERVER_CORE_DIRECTORY_H_
#define SODALITY_SERVER_CORE_DIRECTORY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "server/core/access/types.h"
#include "server/core/values.h"

namespace sodality::core {

// What of a member to show beyond the fields of class basic.
struct View {
  bool reveal = false;              // Every field of the grant.
  std::vector<std::string> fields;  // These alone; none: basic (or reveal).
};

struct GetQuery {
  MemberId member;
  std::optional<GrantId> grant;
  View view;
};

struct FilterTerm {
  std::string field;
  crypto::SecretBytes value;
};

struct SearchQuery {
  std::vector<crypto::SecretBytes> words;
  std::vector<FilterTerm> filters;
  std::optional<GrantId> grant;
  View view;
  int page_size = 0;       // 0: 20; at most 100.
  std::string page_token;  // As given out.
  std::string country;     // Empty: the chapter's.
};

// Field values that may leave the server: made by FieldPolicy::Project alone.
struct ProjectedField {
  const FieldSpec* spec = nullptr;
  ValueList values;
};
struct ProjectedMember {
  MemberId id;
  uint64_t revision = 0;
  std::vector<ProjectedField> fields;    // In the schema's order.
  std::vector<const FieldSpec*> hidden;  // Present or not: the grant's rest.
};

struct SearchResult {
  std::vector<ProjectedMember> members;  // In id order.
  std::string next_page_token;
};

// Values by field name, as a caller sent them.
struct FieldInput {
  std::string name;
  std::vector<crypto::SecretBytes> values;
};

// Identifies one act of one principal; the same again gives the same answer.
struct RequestId {
  store::IdBytes bytes{};
};

struct CreateInput {
  std::vector<FieldInput> fields;
  std::optional<GrantId> grant;
  RequestId request;
};
struct UpdateInput {
  uint64_t revision = 0;  // 0: whatever it is.
  std::vector<FieldInput> fields;
  std::vector<std::string> mask;
  RequestId request;
};
struct MemberVersion {
  MemberId id;
  uint64_t revision = 0;
};

template <class T>
using Done = std::function<void(absl::StatusOr<T>)>;

struct DirectoryParts;  // chapter.h: what a directory is made of.

// Thread safety: safe. Errors of every call: those of SelectGrant (access/
// access_table.h), INVALID_ARGUMENT kInvalidValue and kUnknownField (a field
// outside the grant answers like one that does not exist), UNAVAILABLE,
// DATA_LOSS.
class Directory final {
 public:
  explicit Directory(const DirectoryParts& parts);
  ~Directory();

  // Why nothing can be served: FAILED_PRECONDITION when the keyring lacks an
  // active key or its index is of another normaliser, INVALID_ARGUMENT for the
  // chapter's country. Every call answers with it too.
  absl::Status status() const;

  // Never blocks on the ledger: `done` is called once, on this thread for an
  // early error, else on the ledger's thread when the reveal is durable.
  // NOT_FOUND kMemberNotFound, alike for absent and out of scope.
  void Get(const Caller& caller, const GetQuery& query,
           Done<ProjectedMember> done) const;
  void Search(const Caller& caller, const SearchQuery& query,
              Done<SearchResult> done) const;

  // These block until store and ledger are durable. INVALID_ARGUMENT
  // kRequestIdReused; PERMISSION_DENIED kOutOfScope when the member would end
  // up outside the grant, or a scoped grant would change the unique field;
  // ALREADY_EXISTS kExternalIdTaken; ABORTED kStaleRevision; NOT_FOUND as Get.
  absl::StatusOr<MemberVersion> Create(const Caller& caller,
                                       const CreateInput& input) const;
  absl::StatusOr<MemberVersion> Update(const Caller& caller,
                                       const MemberId& member,
                                       const std::optional<GrantId>& grant,
                                       const UpdateInput& input) const;
  // Role admin. Rosters do not bring the erased back (erased.h).
  absl::Status Erase(const Caller& caller, const MemberId& member,
                     const std::optional<GrantId>& grant,
                     const RequestId& request) const;

  // The caller's own record (role member): no grant, recorded.
  void GetSelf(const Caller& caller, Done<ProjectedMember> done) const;
  absl::StatusOr<MemberVersion> UpdateSelf(const Caller& caller,
                                           const UpdateInput& input) const;
  // Ending the caller's access is AccessControl's.
  absl::Status EraseSelf(const Caller& caller, const RequestId& request) const;
  // Of a member who was erased after the backup that was put back: an entry of
  // nobody's, on `backup`. For a restore alone, before anybody is served.
  absl::Status EraseAgain(const MemberId& member,
                          const store::IdBytes& backup) const;

  // The key that opens a member's parts of the ledger, for its lists by member,
  // when a grant of the caller covers the member. Such a list is a reveal of
  // the member: whoever sends one records it by ReleaseNow (directory_tools.h)
  // first. NOT_FOUND kMemberNotFound as Get, recorded here.
  absl::StatusOr<crypto::MemberLedgerKey> LedgerKeyOf(
      const Caller& caller, const MemberId& member,
      const std::optional<GrantId>& grant) const;
  absl::StatusOr<crypto::MemberLedgerKey> OwnLedgerKey(
      const Caller& caller) const;

 private:
  class Impl;
  absl::StatusOr<std::unique_ptr<Impl>> impl_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_DIRECTORY_H_
