#include "server/core/roster_writer.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "crypto/secret.h"
#include "platform/mutex.h"
#include "server/store/limits.h"

namespace sodality::core {
namespace {

// A transaction. Fewer are cheaper to store, more overlap better.
constexpr size_t kMembersPerWrite = 500;
static_assert(kMembersPerWrite <= store::kMaxMembersPerWrite);

using Drafts = std::vector<Candidate*>;

// In id order, which is random for new members: the roster's own order would
// tell initials.
Drafts DraftsOf(MatchTable& table) {
  Drafts drafts;
  for (Candidate& candidate : table.candidates()) {
    if (candidate.draft() != nullptr) drafts.push_back(&candidate);
  }
  std::sort(drafts.begin(), drafts.end(),
            [](const Candidate* a, const Candidate* b) {
              return a->draft()->id < b->draft()->id;
            });
  return drafts;
}

std::vector<uint16_t> WrittenFields(const Candidate& candidate) {
  const auto& written = candidate.written();
  if (candidate.draft()->revision != 0) {
    return {written.begin(), written.end()};
  }
  std::vector<uint16_t> all;
  for (const FieldValue& value : candidate.draft()->fields) {
    all.push_back(value.field);
  }
  return all;
}

// The commits under way. Thread safety: safe.
class Commits final {
 public:
  Commits() = default;
  // What is under way calls End, also when an exception is about.
  ~Commits() { (void)Wait(); }
  Commits(const Commits&) = delete;
  Commits& operator=(const Commits&) = delete;

  void Begin() {
    const platform::MutexLock lock(mutex_);
    ++under_way_;
  }
  void End(std::span<Candidate* const> drafts, const absl::Status& status) {
    const platform::MutexLock lock(mutex_);
    if (status.ok()) {
      for (Candidate* draft : drafts) draft->MarkStored();
    }
    // Nothing is tried again after an error that is worse than a conflict.
    if (status_.ok() || absl::IsAborted(status_)) status_.Update(status);
    if (!status.ok() && !absl::IsAborted(status)) status_ = status;
    --under_way_;
    ended_.NotifyOne();
  }
  absl::Status Wait() {
    const platform::MutexLock lock(mutex_);
    while (under_way_ != 0) ended_.Wait(mutex_);
    return status_;
  }

 private:
  platform::Mutex mutex_;
  platform::CondVar ended_;
  int under_way_ SODALITY_GUARDED_BY(mutex_) = 0;
  absl::Status status_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace

RosterWriter::RosterWriter(const DirectoryParts& parts, const Sealer& sealer,
                           EntryDraft entry)
    : parts_(parts), sealer_(sealer), entry_(std::move(entry)) {}

absl::Status RosterWriter::Write(MatchTable& table) const {
  const Drafts drafts = DraftsOf(table);
  if (drafts.empty()) return ReleaseNow(parts_.ledger, entry_);
  Commits commits;
  absl::Status sealed;
  std::span<Candidate* const> left(drafts);
  Memos memos{TokenMemo(parts_.random), TokenMemo(parts_.random)};
  while (!left.empty() && sealed.ok()) {
    const auto some = left.first(std::min(left.size(), kMembersPerWrite));
    left = left.subspan(some.size());
    auto change = Seal(some, memos);
    sealed = change.status();
    if (sealed.ok()) sealed = CheckStillAllowed(parts_, entry_);
    if (!sealed.ok()) break;
    commits.Begin();
    parts_.committer.Submit(
        std::move(change->write), std::move(change->entry),
        [&commits, some](const absl::StatusOr<store::Revision>& stored) {
          commits.End(some, stored.status());
        });
  }
  const absl::Status stored = commits.Wait();
  return sealed.ok() ? stored : sealed;
}

// On two threads: while the first of a step is sealed nothing is written yet.
absl::StatusOr<RosterWriter::Change> RosterWriter::Seal(
    std::span<Candidate* const> drafts, Memos& memos) const {
  const auto half = drafts.size() / 2;
  auto second = std::async(std::launch::async, [&] {
    return crypto::WipingStack(
        [&] { return SealSome(drafts.subspan(half), memos[1]); },
        crypto::kBatchStack);
  });
  auto change = SealSome(drafts.first(half), memos[0]);
  auto rest = second.get();
  if (!change.ok()) return change;
  if (!rest.ok()) return rest;
  std::move(rest->write.put_members.begin(), rest->write.put_members.end(),
            std::back_inserter(change->write.put_members));
  std::move(rest->entry.members.begin(), rest->entry.members.end(),
            std::back_inserter(change->entry.members));
  return change;
}

absl::StatusOr<RosterWriter::Change> RosterWriter::SealSome(
    std::span<Candidate* const> drafts, TokenMemo& memo) const {
  Change change{{}, entry_};
  for (const Candidate* draft : drafts) {
    const Member& member = *draft->draft();
    auto put = sealer_.Seal(member, &memo);
    if (!put.ok()) return put.status();
    change.write.put_members.push_back(*std::move(put));
    change.entry.members.push_back(
        MakeMemberPart(member.id, member.ledger_key, WrittenFields(*draft)));
  }
  return change;
}

}  // namespace sodality::core
