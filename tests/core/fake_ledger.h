// A ledger in memory, for the tests of what lies above it: it decides as the
// real one does (authority, then budget, then the record) and keeps every
// draft for the test to look at.
#ifndef SODALITY_TESTS_CORE_FAKE_LEDGER_H_
#define SODALITY_TESTS_CORE_FAKE_LEDGER_H_

#include <memory>
#include <utility>
#include <vector>

#include "platform/clock.h"
#include "platform/mutex.h"
#include "server/core/ledger/budget_book.h"
#include "server/core/ledger/ledger.h"

namespace sodality::core {

// `done` runs inside the call. Thread safety: safe.
class FakeLedger final : public Ledger {
 public:
  explicit FakeLedger(const platform::Clock& clock) : clock_(clock) {}

  // Everything released or appended, in order; refusals by the authority or a
  // budget are not among them.
  std::vector<EntryDraft> entries() const {
    platform::MutexLock lock(mutex_);
    return entries_;
  }
  EntryDraft last() const {
    platform::MutexLock lock(mutex_);
    return entries_.empty() ? EntryDraft{} : entries_.back();
  }
  size_t size() const {
    platform::MutexLock lock(mutex_);
    return entries_.size();
  }
  // From now on nothing can be written; OK ends that.
  void Fail(absl::Status status) {
    platform::MutexLock lock(mutex_);
    failure_ = std::move(status);
  }

  void SetAuthority(ReleaseAuthority& authority) override {
    authority_ = &authority;
  }
  absl::Status UseKeys(std::shared_ptr<const crypto::Keyring>) override {
    return absl::OkStatus();
  }
  void Release(EntryDraft draft, ReleaseDone done) override {
    done(TryRelease(std::move(draft)));
  }
  void Append(EntryDraft draft, store::Revision revision,
              ReleaseDone done) override {
    done(Write(std::move(draft), revision));
  }

  absl::Status Settle() override { return absl::OkStatus(); }

  // A handle of what was "sealed", since the draft itself stays here.
  store::Bytes SealDraft(const EntryDraft& draft) const override {
    platform::MutexLock lock(mutex_);
    sealed_.push_back(draft);
    return {static_cast<uint8_t>(sealed_.size() >> 8),
            static_cast<uint8_t>(sealed_.size())};
  }
  absl::StatusOr<EntryDraft> OpenDraft(
      const store::Bytes& sealed) const override {
    platform::MutexLock lock(mutex_);
    const size_t at = (size_t{sealed.at(0)} << 8 | sealed.at(1)) - 1;
    return sealed_.at(at);
  }

  uint64_t torn_bytes() const override { return 0; }
  LedgerExtent extent() const override { return {head(), {}}; }
  Head head() const override {
    platform::MutexLock lock(mutex_);
    return {entries_.size(), {}, revision_};
  }
  SignedHead SignHead(const Head& head, const Descent& descent) const override {
    return {head, descent, {}, {}, {}};
  }
  absl::StatusOr<Hash> LeafOf(uint64_t) const override { return Hash{}; }
  absl::StatusOr<Entry> Read(uint64_t) const override {
    return absl::NotFoundError("the fake ledger keeps drafts, not entries");
  }
  absl::StatusOr<Concerned> ReadConcerned(uint64_t) const override {
    return absl::NotFoundError("the fake ledger keeps drafts, not entries");
  }
  BudgetLeft Left(const GrantId& grant, const Budget& limits) const override {
    platform::MutexLock lock(mutex_);
    return budgets_.Left(grant, limits, clock_.Now());
  }

 private:
  static std::vector<store::LedgerTag> TagsOf(const EntryDraft& draft) {
    std::vector<store::LedgerTag> tags;
    for (const MemberPart& part : draft.members) tags.push_back(part.tag);
    return tags;
  }

  absl::StatusOr<uint64_t> TryRelease(EntryDraft draft) {
    const auto budget = authority_->CheckRelease(draft, clock_.Now());
    if (!budget.ok()) return budget.status();
    if (draft.grant) {
      platform::MutexLock lock(mutex_);
      const auto tags = TagsOf(draft);
      const absl::Status fits =
          budgets_.Check(draft.grant->id, *budget, tags, clock_.Now());
      if (!fits.ok()) return fits;
      if (failure_.ok()) budgets_.Note(draft.grant->id, tags, clock_.Now());
    }
    return Write(std::move(draft), 0);
  }
  absl::StatusOr<uint64_t> Write(EntryDraft draft, store::Revision revision) {
    platform::MutexLock lock(mutex_);
    if (!failure_.ok()) return failure_;
    if (revision != 0) revision_ = revision;
    entries_.push_back(std::move(draft));
    return entries_.size();
  }

  const platform::Clock& clock_;
  ReleaseAuthority* authority_ = nullptr;
  mutable platform::Mutex mutex_;
  std::vector<EntryDraft> entries_ SODALITY_GUARDED_BY(mutex_);
  mutable std::vector<EntryDraft> sealed_ SODALITY_GUARDED_BY(mutex_);
  mutable BudgetBook budgets_ SODALITY_GUARDED_BY(mutex_);
  store::Revision revision_ SODALITY_GUARDED_BY(mutex_) = 0;
  absl::Status failure_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_FAKE_LEDGER_H_
