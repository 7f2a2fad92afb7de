// Seals what a step of a roster has changed and commits it, some members at a
// time: while those are written the next are sealed. Internal to roster.cc.
#ifndef SODALITY_SERVER_CORE_ROSTER_WRITER_H_
#define SODALITY_SERVER_CORE_ROSTER_WRITER_H_

#include <array>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/directory_tools.h"
#include "server/core/roster_match.h"
#include "server/core/search_index.h"

namespace sodality::core {

// Thread safety: one thread. Lifetime: borrows the sealer.
class RosterWriter final {
 public:
  // `entry` says whose push it is, without members.
  RosterWriter(const DirectoryParts& parts, const Sealer& sealer,
               EntryDraft entry);

  // Every draft, as transactions with a ledger entry each; an entry alone when
  // there is none. Blocks until all are durable or refused; those that are
  // durable are marked so. ABORTED when another write was faster with a member;
  // errors of CheckStillAllowed, asked before each, and of Committer.
  absl::Status Write(MatchTable& table) const;

 private:
  struct Change {
    store::Write write;
    EntryDraft entry;
  };

  using Memos = std::array<TokenMemo, 2>;  // One a thread.

  absl::StatusOr<Change> Seal(std::span<Candidate* const> drafts,
                              Memos& memos) const;
  absl::StatusOr<Change> SealSome(std::span<Candidate* const> drafts,
                                  TokenMemo& memo) const;

  const DirectoryParts parts_;
  const Sealer& sealer_;
  const EntryDraft entry_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ROSTER_WRITER_H_
