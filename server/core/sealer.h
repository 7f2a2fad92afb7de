// Members become sealed records with their tokens, and records members again.
// Read next: opened_member.h.
#ifndef SODALITY_SERVER_CORE_SEALER_H_
#define SODALITY_SERVER_CORE_SEALER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "crypto/random.h"
#include "server/core/keys/keys.h"
#include "server/core/live_index.h"
#include "server/core/member.h"
#include "server/core/opened_member.h"
#include "server/store/member_store.h"

namespace sodality::core {

// Thread safety: safe. Lifetime: borrows the index and the random source.
class Sealer final {
 public:
  Sealer(const ChapterId& chapter, std::shared_ptr<const Keys> keys,
         const LiveIndex& index, crypto::Random& random);

  const LiveIndex& index() const { return *index_; }

  // The write that puts `member` in place of revision member.revision: every
  // field under a fresh record key, bound to the next revision.
  // INVALID_ARGUMENT when a value is too large.
  absl::StatusOr<store::PutMember> Seal(const Member& member,
                                        TokenMemo* memo = nullptr) const;

  // Unwraps the record key; opens no field. DATA_LOSS when the record is not
  // of this chapter, member and revision, or damaged; FAILED_PRECONDITION when
  // it names an unknown or destroyed wrap key.
  absl::StatusOr<OpenedMember> Open(store::MemberRecord record) const;

 private:
  crypto::RecordContext ContextOf(const MemberId& id, uint64_t revision) const;

  ChapterId chapter_;
  std::shared_ptr<const Keys> keys_;
  const LiveIndex* index_;
  crypto::Random* random_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SEALER_H_
