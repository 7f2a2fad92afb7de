// The writing half of Directory: each act is one transaction with its ledger
// entry and the memory of its request id. Internal to directory.cc.
// What a member must fulfil after a change is in directory_checks.cc, erasing
// in directory_erase.cc.
#ifndef SODALITY_SERVER_CORE_DIRECTORY_WRITER_H_
#define SODALITY_SERVER_CORE_DIRECTORY_WRITER_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/sealed_blob.h"
#include "server/core/access/codec.h"
#include "server/core/directory.h"
#include "server/core/directory_tools.h"
#include "server/core/edits.h"
#include "server/core/request_log.h"

namespace sodality::core {

// Thread safety: safe. Lifetime: borrows parts and tools. A repeated request id
// is answered from memory once the caller's grant is found in force.
class DirectoryWriter final {
 public:
  static absl::StatusOr<DirectoryWriter> Create(const DirectoryParts& parts,
                                                const DirectoryTools& tools);

  // As in directory.h.
  absl::StatusOr<MemberVersion> Add(const Caller& caller,
                                    const CreateInput& input) const;
  absl::StatusOr<MemberVersion> Update(const Caller& caller,
                                       const MemberId& member,
                                       const std::optional<GrantId>& grant,
                                       const UpdateInput& input) const;
  absl::StatusOr<MemberVersion> UpdateSelf(const Caller& caller,
                                           const UpdateInput& input) const;
  absl::Status Erase(const Caller& caller, const MemberId& member,
                     const std::optional<GrantId>& grant,
                     const RequestId& request) const;
  absl::Status EraseSelf(const Caller& caller, const RequestId& request) const;
  absl::Status EraseAgain(const MemberId& member,
                          const store::IdBytes& backup) const;

 private:
  // An act on one member: what stays the same when it is tried again.
  struct Task {
    Reach reach;
    EntryDraft draft;
    Act act;
    MemberId member;
    bool by_server = false;  // Nobody's act, which needs nobody's permission.
  };
  using Answer = absl::StatusOr<MemberVersion>;

  DirectoryWriter(const DirectoryParts& parts, const DirectoryTools& tools,
                  RequestLog requests, crypto::RowSealer rows);

  // How often an act is tried when another write was faster, and the answer
  // after that: ABORTED kStaleRevision.
  static constexpr int kTries = 3;
  static absl::Status Stale();

  Answer Change(const Task& task, const UpdateInput& input) const;
  Answer TryChange(const Task& task, const Edits& edits,
                   uint64_t revision) const;
  absl::Status Remove(const Task& task) const;
  absl::Status TryRemove(const Task& task) const;

  // NOT_FOUND kMemberNotFound, when that is recorded.
  absl::StatusOr<OpenedMember> Find(const Task& task) const;
  // Whether the grant admits `after` in the place of `before` (null: nobody).
  absl::Status CheckResult(const Task& task, const Member* before,
                           const Member& after) const;
  absl::Status CheckUnique(const Task& task, const FieldSpec& unique,
                           const Member& after) const;
  // ALREADY_EXISTS kExternalIdTaken, when the reveal in it is recorded.
  absl::Status RecordTaken(const Task& task, const FieldSpec& unique,
                           const OpenedMember& holder) const;

  Answer Put(const Task& task, const Edits& edits, const Member& member) const;
  std::vector<AccessFact> Suppressions(const Member& member) const;
  void EndAccess(const MemberId& member, std::vector<AccessFact>& facts) const;
  absl::StatusOr<std::optional<MemberVersion>> Replay(const Act& act) const;
  Answer Commit(store::Write write, const Task& task, MemberPart part,
                const MemberVersion& answer) const;

  DirectoryParts parts_;
  const DirectoryTools* tools_;
  RequestLog requests_;
  crypto::RowSealer rows_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_DIRECTORY_WRITER_H_
