#include "server/core/roster.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <utility>

#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "server/core/directory_tools.h"
#include "server/core/error.h"
#include "server/core/roster_match.h"
#include "server/core/roster_row.h"
#include "server/core/roster_take.h"
#include "server/core/roster_writer.h"

namespace sodality::core {
namespace {

constexpr size_t kMaxSourceBytes = 64;
constexpr int kTries = 10;
constexpr size_t kMinRowsPerStep = 1000;
// A dry run remembers what it would have added, up to here.
constexpr size_t kMaxRemembered = 20000;

absl::Status TooLarge() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "more than 500 rows in a batch",
                   {.reason = Reason::kTooLarge});
}

// Sources are told apart in the ledger, not named.
store::IdBytes SubjectOf(const std::string& source) {
  const crypto::Bytes32 hash = crypto::Sha256(crypto::AsBytes(source));
  store::IdBytes subject;
  std::copy_n(hash.begin(), subject.size(), subject.begin());
  return subject;
}

void Merge(RosterCounts from, RosterCounts& into) {
  into.added += from.added;
  into.changed += from.changed;
  into.unchanged += from.unchanged;
  into.suppressed += from.suppressed;
  into.invalid_rows += from.invalid_rows;
  for (RosterRowError& error : from.invalid) {
    if (into.invalid.size() == kMaxReportedErrors) return;
    into.invalid.push_back(std::move(error));
  }
}

void SortByRow(std::vector<RosterRowError>& errors) {
  std::stable_sort(errors.begin(), errors.end(),
                   [](const RosterRowError& a, const RosterRowError& b) {
                     return a.row < b.row;
                   });
}

}  // namespace

class RosterPush::Impl final {
 public:
  Impl(const DirectoryParts& parts, DirectoryTools tools, const Caller& caller,
       RosterOptions options)
      : parts_(parts),
        tools_(std::move(tools)),
        caller_(caller),
        options_(std::move(options)),
        taker_(parts_, options_.fill_blanks),
        remembered_(tools_.members, parts_.schema) {}

  absl::Status Add(const std::vector<RosterRow>& rows);
  absl::StatusOr<RosterCounts> Finish();

 private:
  using Rows = std::vector<const ParsedRow*>;

  [[nodiscard]] bool MayStep() const;
  absl::Status Step();
  absl::Status AwaitStep();
  absl::StatusOr<RosterCounts> Process(const ParsedBatch& batch);
  absl::StatusOr<RosterCounts> Store(const ParsedBatch& batch);
  absl::StatusOr<RosterCounts> Rehearse(const ParsedBatch& batch);
  static Rows RowsOf(const ParsedBatch& batch);
  void Count(const TakenRow& taken, RosterCounts& counts) const;
  EntryDraft Entry() const;
  absl::StatusOr<EntryDraft> EntryOfLooks(
      const std::vector<TakenRow>& all) const;

  const DirectoryParts parts_;
  const DirectoryTools tools_;
  const Caller caller_;
  const RosterOptions options_;
  const RowTaker taker_;
  MatchTable remembered_;  // Of a dry run, across steps; the step's.
  ParsedBatch next_;
  RosterCounts counts_;
  absl::Status failed_;
  std::future<absl::StatusOr<RosterCounts>> step_;
};

absl::Status RosterPush::Impl::Add(const std::vector<RosterRow>& rows) {
  if (rows.size() > kMaxRowsPerBatch) return TooLarge();
  if (!failed_.ok()) return failed_;
  ParsedBatch batch = ParseRows(parts_.schema, tools_.country, rows);
  counts_.rows += rows.size();
  Append(std::move(batch), next_);
  return MayStep() ? Step() : absl::OkStatus();
}

// Full, or enough for now: while a step is under way the next one grows.
bool RosterPush::Impl::MayStep() const {
  const size_t waiting = next_.rows.size() + next_.errors.size();
  if (waiting + kMaxRowsPerBatch > kMaxRowsPerStep) return true;
  const bool idle = !step_.valid() || step_.wait_for(std::chrono::seconds(0)) ==
                                          std::future_status::ready;
  return idle && waiting >= kMinRowsPerStep;
}

absl::StatusOr<RosterCounts> RosterPush::Impl::Finish() {
  absl::Status done = failed_;
  if (done.ok()) done = Step();
  if (done.ok()) done = AwaitStep();
  if (!done.ok()) return done;
  return std::move(counts_);
}

// Begins to store what waits, when the step before is done.
absl::Status RosterPush::Impl::Step() {
  const absl::Status before = AwaitStep();
  if (!before.ok()) return before;
  if (next_.rows.empty() && next_.errors.empty()) return absl::OkStatus();
  step_ =
      std::async(std::launch::async, [this, batch = std::exchange(next_, {})] {
        return crypto::WipingStack([&] { return Process(batch); },
                                   crypto::kBatchStack);
      });
  return absl::OkStatus();
}

absl::Status RosterPush::Impl::AwaitStep() {
  if (!step_.valid()) return failed_;
  auto counts = step_.get();
  if (counts.ok()) {
    Merge(*std::move(counts), counts_);
  } else {
    failed_ = FromStore(counts.status());
  }
  return failed_;
}

absl::StatusOr<RosterCounts> RosterPush::Impl::Process(
    const ParsedBatch& batch) {
  const absl::Status allowed = CheckStillAllowed(parts_, Entry());
  if (!allowed.ok()) return allowed;
  auto counts = options_.dry_run ? Rehearse(batch) : Store(batch);
  if (!counts.ok()) return counts;
  counts->invalid_rows += batch.invalid_rows;
  counts->invalid.insert(counts->invalid.end(), batch.errors.begin(),
                         batch.errors.end());
  SortByRow(counts->invalid);
  return counts;
}

// Rows of members with whom another write was faster are matched anew.
absl::StatusOr<RosterCounts> RosterPush::Impl::Store(const ParsedBatch& batch) {
  const RosterWriter writer(parts_, tools_.members.sealer(), Entry());
  const platform::MutexLock claims(parts_.suppressions.claims());
  RosterCounts counts;
  Rows rows = RowsOf(batch);
  for (int i = 0; i < kTries; ++i) {
    MatchTable table(tools_.members, parts_.schema);
    const auto all = taker_.Take(rows, table);
    if (!all.ok()) return all.status();
    const absl::Status written = writer.Write(table);
    if (!written.ok() && !absl::IsAborted(written)) return written;
    rows.clear();
    for (const TakenRow& taken : *all) {
      if (taken.member != nullptr && taken.member->waits()) {
        rows.push_back(taken.row);
      } else {
        Count(taken, counts);
      }
    }
    if (rows.empty()) return counts;
  }
  return MakeError(
      absl::StatusCode::kAborted,
      "other writes were faster with the same members",
      {.reason = Reason::kStaleRevision, .hint = "push the roster again"});
}

absl::StatusOr<RosterCounts> RosterPush::Impl::Rehearse(
    const ParsedBatch& batch) {
  if (remembered_.candidates().size() > kMaxRemembered) remembered_.Clear();
  const auto all = taker_.Take(RowsOf(batch), remembered_);
  if (!all.ok()) return all.status();
  auto entry = EntryOfLooks(*all);
  if (!entry.ok()) return entry.status();
  const absl::Status recorded = ReleaseNow(parts_.ledger, *std::move(entry));
  if (!recorded.ok()) return recorded;
  RosterCounts counts;
  for (const TakenRow& taken : *all) Count(taken, counts);
  return counts;
}

RosterPush::Impl::Rows RosterPush::Impl::RowsOf(const ParsedBatch& batch) {
  Rows rows;
  for (const ParsedRow& row : batch.rows) rows.push_back(&row);
  return rows;
}

void RosterPush::Impl::Count(const TakenRow& taken,
                             RosterCounts& counts) const {
  switch (taken.outcome) {
    case RowOutcome::kAdded:
      ++counts.added;
      return;
    case RowOutcome::kChanged:
      ++counts.changed;
      return;
    case RowOutcome::kUnchanged:
      ++counts.unchanged;
      return;
    case RowOutcome::kSuppressed:
      ++counts.suppressed;
      return;
    case RowOutcome::kAmbiguous:
      break;
  }
  const auto fields = FieldsFor(parts_.schema, taken.ambiguous);
  ++counts.invalid_rows;
  counts.invalid.push_back(
      {taken.row->row, fields.front()->name, "several members have this"});
}

EntryDraft RosterPush::Impl::Entry() const {
  EntryDraft entry = DraftOf(Action::kPushRoster, caller_, nullptr);
  entry.subject = SubjectOf(options_.source);
  return entry;
}

// A dry run tells whether values are those of the members whom it finds, and
// leaves no other trace: to each it is a look at the fields compared.
absl::StatusOr<EntryDraft> RosterPush::Impl::EntryOfLooks(
    const std::vector<TakenRow>& all) const {
  std::map<MemberId, std::set<uint16_t>> compared;
  std::map<MemberId, const OpenedMember*> members;
  for (const TakenRow& taken : all) {
    const OpenedMember* member =
        taken.member == nullptr ? nullptr : taken.member->stored();
    if (member == nullptr) continue;
    members[member->id()] = member;
    for (const FieldValue& edit : taken.row->edits) {
      compared[member->id()].insert(edit.field);
    }
  }
  EntryDraft entry = Entry();
  for (const auto& [id, member] : members) {
    const auto key = member->LedgerKey();
    if (!key.ok()) return key.status();
    const std::set<uint16_t>& fields = compared[id];
    entry.members.push_back(
        MakeMemberPart(id, *key, {fields.begin(), fields.end()}));
  }
  return entry;
}

RosterPush::RosterPush(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RosterPush::~RosterPush() = default;

absl::StatusOr<std::unique_ptr<RosterPush>> RosterPush::Begin(
    const DirectoryParts& parts, const Caller& caller, RosterOptions options) {
  if (caller.role != Role::kAdmin && caller.role != Role::kSource) {
    return RoleNotAllowed();
  }
  if (options.source.empty()) options.source = "roster";
  if (options.source.size() > kMaxSourceBytes) {
    return InvalidValue("source", "longer than 64 bytes");
  }
  auto tools = DirectoryTools::Create(parts);
  if (!tools.ok()) return tools.status();
  return std::unique_ptr<RosterPush>(new RosterPush(std::make_unique<Impl>(
      parts, *std::move(tools), caller, std::move(options))));
}

absl::Status RosterPush::Add(const std::vector<RosterRow>& batch) {
  return impl_->Add(batch);
}

absl::StatusOr<RosterCounts> RosterPush::Finish() { return impl_->Finish(); }

}  // namespace sodality::core
