#include "server/core/roster.h"

#include <algorithm>
#include <utility>

#include "crypto/sha256.h"
#include "server/core/directory_tools.h"
#include "server/core/error.h"
#include "server/core/roster_match.h"
#include "server/core/roster_row.h"

namespace sodality::core {
namespace {

constexpr size_t kMaxSourceBytes = 64;
constexpr int kTries = 3;
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

void Merge(RosterCounts from, RosterCounts& into) {
  into.rows += from.rows;
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
        remembered_(tools_.members, parts_.schema) {}

  absl::Status Add(const std::vector<RosterRow>& rows);
  RosterCounts Finish() { return std::move(counts_); }

 private:
  absl::StatusOr<RosterCounts> Store(const ParsedBatch& batch);
  absl::StatusOr<RosterCounts> Rehearse(const ParsedBatch& batch);
  absl::StatusOr<RosterCounts> Take(const ParsedBatch& batch,
                                    MatchTable& table) const;
  absl::Status TakeRow(const ParsedRow& row, MatchTable& table,
                       RosterCounts& counts) const;
  absl::StatusOr<bool> IsSuppressed(const ParsedRow& row,
                                    MatchTable& table) const;
  absl::Status AddMember(const ParsedRow& row, MatchTable& table) const;
  absl::StatusOr<bool> Change(const ParsedRow& row, Candidate& member) const;
  void Refuse(const ParsedRow& row, MatchKey key, RosterCounts& counts) const;

  absl::Status Write(MatchTable& table) const;
  absl::Status AddTo(store::Write& write, EntryDraft& entry,
                     const Candidate& member) const;
  EntryDraft Entry() const;

  const DirectoryParts parts_;
  const DirectoryTools tools_;
  const Caller caller_;
  const RosterOptions options_;
  MatchTable remembered_;  // Of a dry run, across batches.
  RosterCounts counts_;
};

absl::Status RosterPush::Impl::Add(const std::vector<RosterRow>& rows) {
  if (rows.size() > kMaxRowsPerBatch) return TooLarge();
  const ParsedBatch batch = ParseRows(parts_.schema, tools_.country, rows);
  auto counts = options_.dry_run ? Rehearse(batch) : Store(batch);
  if (!counts.ok()) return FromStore(counts.status());
  counts->rows = rows.size();
  counts->invalid_rows += batch.invalid_rows;
  counts->invalid.insert(counts->invalid.end(), batch.errors.begin(),
                         batch.errors.end());
  SortByRow(counts->invalid);
  Merge(*std::move(counts), counts_);
  return absl::OkStatus();
}

// When another write was faster the rows are matched anew.
absl::StatusOr<RosterCounts> RosterPush::Impl::Store(const ParsedBatch& batch) {
  platform::MutexLock claims(parts_.suppressions.claims());
  absl::Status written;
  for (int i = 0; i < kTries; ++i) {
    MatchTable table(tools_.members, parts_.schema);
    auto counts = Take(batch, table);
    if (!counts.ok()) return counts;
    written = Write(table);
    if (written.ok()) return counts;
    if (!absl::IsAborted(written)) return written;
  }
  return written;
}

absl::StatusOr<RosterCounts> RosterPush::Impl::Rehearse(
    const ParsedBatch& batch) {
  if (remembered_.candidates().size() > kMaxRemembered) remembered_.Clear();
  auto counts = Take(batch, remembered_);
  if (!counts.ok()) return counts;
  const absl::Status recorded = ReleaseNow(parts_.ledger, Entry());
  if (!recorded.ok()) return recorded;
  return counts;
}

absl::StatusOr<RosterCounts> RosterPush::Impl::Take(const ParsedBatch& batch,
                                                    MatchTable& table) const {
  const absl::Status loaded = table.Load(batch.rows);
  if (!loaded.ok()) return loaded;
  RosterCounts counts;
  for (const ParsedRow& row : batch.rows) {
    const absl::Status taken = TakeRow(row, table, counts);
    if (!taken.ok()) return taken;
  }
  return counts;
}

absl::Status RosterPush::Impl::TakeRow(const ParsedRow& row, MatchTable& table,
                                       RosterCounts& counts) const {
  const auto suppressed = IsSuppressed(row, table);
  if (!suppressed.ok()) return suppressed.status();
  if (*suppressed) {
    ++counts.suppressed;
    return absl::OkStatus();
  }
  const auto match = table.Find(row);
  if (!match.ok()) return match.status();
  if (match->ambiguous) {
    Refuse(row, *match->ambiguous, counts);
    return absl::OkStatus();
  }
  if (match->member == nullptr) {
    ++counts.added;
    return AddMember(row, table);
  }
  const auto changed = Change(row, *match->member);
  if (!changed.ok()) return changed.status();
  ++(*changed ? counts.changed : counts.unchanged);
  return *changed ? table.Reindex(*match->member) : absl::OkStatus();
}

// An erased member's external id must not lead, by a shared e-mail or phone, to
// somebody else.
absl::StatusOr<bool> RosterPush::Impl::IsSuppressed(const ParsedRow& row,
                                                    MatchTable& table) const {
  const Forms& ids = row.FormsOf(MatchKey::kUnique);
  if (ids.empty() || !parts_.suppressions.Contains(ids.front())) return false;
  const auto holder = table.FindByUnique(row);
  if (!holder.ok()) return holder.status();
  return *holder == nullptr;
}

absl::Status RosterPush::Impl::AddMember(const ParsedRow& row,
                                         MatchTable& table) const {
  Member member = Member::New(parts_.random);
  Apply(row.edits, member);
  return table.Add(std::move(member)).status();
}

absl::StatusOr<bool> RosterPush::Impl::Change(const ParsedRow& row,
                                              Candidate& member) const {
  bool changed = false;
  for (const FieldValue& edit : row.edits) {
    const auto now = member.Value(edit.field);
    if (!now.ok()) return now.status();
    const bool blank = *now == nullptr;
    if (options_.fill_blanks && !blank) continue;
    if (!blank && **now == edit.values) continue;
    const absl::Status set = member.Set(edit.field, edit.values.Clone());
    if (!set.ok()) return set;
    changed = true;
  }
  return changed;
}

void RosterPush::Impl::Refuse(const ParsedRow& row, MatchKey key,
                              RosterCounts& counts) const {
  const auto fields = FieldsFor(parts_.schema, key);
  ++counts.invalid_rows;
  counts.invalid.push_back(
      {row.row, fields.front()->name, "several members have this"});
}

EntryDraft RosterPush::Impl::Entry() const {
  EntryDraft entry = DraftOf(Action::kPushRoster, caller_, nullptr);
  entry.subject = SubjectOf(options_.source);
  return entry;
}

// In id order, which is random for new members: the roster's own order would
// tell initials.
absl::Status RosterPush::Impl::Write(MatchTable& table) const {
  std::vector<const Candidate*> drafts;
  for (const Candidate& candidate : table.candidates()) {
    if (candidate.draft() != nullptr) drafts.push_back(&candidate);
  }
  if (drafts.empty()) return ReleaseNow(parts_.ledger, Entry());
  std::sort(drafts.begin(), drafts.end(),
            [](const Candidate* a, const Candidate* b) {
              return a->draft()->id < b->draft()->id;
            });
  store::Write write;
  EntryDraft entry = Entry();
  for (const Candidate* draft : drafts) {
    const absl::Status added = AddTo(write, entry, *draft);
    if (!added.ok()) return added;
  }
  return parts_.committer.Commit(std::move(write), std::move(entry)).status();
}

absl::Status RosterPush::Impl::AddTo(store::Write& write, EntryDraft& entry,
                                     const Candidate& candidate) const {
  const Member& member = *candidate.draft();
  auto put = tools_.members.sealer().Seal(member);
  if (!put.ok()) return put.status();
  write.put_members.push_back(*std::move(put));
  entry.members.push_back(
      MakeMemberPart(member.id, member.ledger_key, WrittenFields(candidate)));
  return absl::OkStatus();
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

RosterCounts RosterPush::Finish() { return impl_->Finish(); }

}  // namespace sodality::core
