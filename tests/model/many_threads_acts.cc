// What each thread does, over and over.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/waiter.h"
#include "server/store/store_maintenance.h"
#include "tests/model/many_threads.h"

namespace sodality::model {
namespace {

using core::Inputs;
using core::Secrets;
using platform::MutexLock;

constexpr char kRosterFamily[] = "Rosterling";

core::SearchQuery Everybody(const std::string& family, const GrantId& grant) {
  core::SearchQuery query;
  query.words = Secrets({family});
  query.grant = grant;
  query.view.reveal = true;
  query.page_size = 100;
  return query;
}

}  // namespace

void ManyThreads::Write(Worker& worker) {
  Event event{.did = Did::kWrite, .member = worker.Below(kMembers)};
  event.value = absl::StrCat(worker.number, "-", Stamp());
  core::UpdateInput input;
  input.fields = Inputs({{"notes", {event.value}}});
  input.mask = {"notes"};
  input.request = core::NewRequest();
  event.begun = Stamp();
  const auto written = world_.chapter().directory().Update(
      admin_, members_[event.member], std::nullopt, input);
  if (written.ok()) event.revision = written->revision;
  if (End(worker, event, written.status())) return;
  const Reason reason = worker.events.back().verdict.reason;
  EXPECT_TRUE(reason == Reason::kStaleRevision ||
              reason == Reason::kStoreStopped)
      << written.status();
}

ManyThreads::Given ManyThreads::SomeGrant(Worker& worker) {
  const MutexLock lock(mutex_);
  // The newest mostly; an old one must be refused.
  const size_t newest = std::min<size_t>(grants_.size(), kReaders + 1);
  const size_t back = worker.Below(4) == 0 ? worker.Below(grants_.size())
                                           : worker.Below(newest);
  return grants_[grants_.size() - 1 - back];
}

void ManyThreads::Read(Worker& worker) {
  const Given grant = SomeGrant(worker);
  Event event{.did = Did::kRead, .member = worker.Below(kMembers)};
  event.reader = grant.to;
  event.grant = grant.id;
  core::GetQuery query;
  query.member = members_[event.member];
  query.grant = grant.id;
  query.view.reveal = true;
  event.begun = Stamp();
  const auto shown = world_.Get(readers_[grant.to], std::move(query));
  if (shown.ok()) {
    event.revision = shown->revision;
    event.value = NotesOf(*shown);
  }
  if (End(worker, event, shown.status())) {
    ++answered_;
  } else {
    ExpectRefusal(grant, shown.status());
  }
}

void ManyThreads::ExpectRefusal(const Given& grant,
                                const absl::Status& status) {
  const Reason reason = VerdictOf(status).reason;
  const bool named = reason == Reason::kGrantEnded ||
                     reason == Reason::kPrincipalSuspended ||
                     reason == Reason::kStoreStopped ||
                     (reason == Reason::kBudgetExhausted && grant.budget != 0);
  EXPECT_TRUE(named) << status;
}

void ManyThreads::Search(Worker& worker) {
  const Given grant = SomeGrant(worker);
  Event event{.did = Did::kRead};
  event.reader = grant.to;
  event.grant = grant.id;
  const bool roster = worker.Below(2) == 0;
  event.begun = Stamp();
  const auto found =
      world_.Search(readers_[grant.to],
                    Everybody(roster ? kRosterFamily : kFamily, grant.id));
  if (!found.ok()) {
    (void)End(worker, event, found.status());
    return ExpectRefusal(grant, found.status());
  }
  ++answered_;
  event.ended = Stamp();
  if (!roster) {
    EXPECT_EQ(found->members.size(), kMembers);
    return SawAll(worker, event, found->members);
  }
  // One push is one transaction.
  std::set<std::string> values;
  for (const auto& member : found->members) values.insert(NotesOf(member));
  EXPECT_LE(values.size(), 1u) << "half a push was seen";
  EXPECT_TRUE(found->members.empty() || found->members.size() == kRosterRows);
  worker.events.push_back(std::move(event));
}

void ManyThreads::SawAll(Worker& worker, const Event& event,
                         const std::vector<core::ProjectedMember>& members) {
  EXPECT_TRUE(
      std::is_sorted(members.begin(), members.end(),
                     [](const auto& a, const auto& b) { return a.id < b.id; }));
  for (const auto& member : members) {
    const auto at = std::find(members_.begin(), members_.end(), member.id);
    Event one = event;
    one.member = static_cast<size_t>(at - members_.begin());
    one.revision = member.revision;
    one.value = NotesOf(member);
    worker.events.push_back(std::move(one));
  }
}

// One thread alone changes access.
void ManyThreads::Govern(Worker& worker) {
  core::AccessControl& control = world_.chapter().access_control();
  const size_t reader = worker.Below(kReaders);
  if (worker.Below(3) == 0) {
    for (const bool lift : {false, true}) {
      Event event{.did = lift ? Did::kLift : Did::kBar, .reader = reader};
      event.begun = Stamp();
      const absl::Status done = control.SuspendPrincipal(
          admin_, readers_[reader].name, lift, core::NewRequest());
      if (!End(worker, event, done)) return;
    }
    return;
  }
  const Given grant = SomeGrant(worker);
  Event event{.did = Did::kRevoke, .grant = grant.id};
  event.begun = Stamp();
  const absl::Status done =
      control.RevokeGrant(admin_, grant.id, core::NewRequest());
  if (!End(worker, event, done)) return;
  // Whatever stands behind this entry was decided on after the revocation.
  core::Waiter<uint64_t> marked;
  world_.chapter().ledger().Append(
      {}, 0, [&](absl::StatusOr<uint64_t> n) { marked.Set(std::move(n)); });
  const auto mark = marked.Wait();
  {
    const MutexLock lock(mutex_);
    for (Given& one : grants_) {
      if (one.id != grant.id) continue;
      one.revoked = true;
      if (mark.ok()) one.over_at = std::min(one.over_at, *mark);
    }
  }
  Give(worker, grant.to);
}

void ManyThreads::Give(Worker& worker, size_t to) {
  core::GrantInput input;
  input.principal = readers_[to].name;
  input.classes = {FieldClass::kBasic, FieldClass::kContact,
                   FieldClass::kSensitive};
  input.purpose = "a test";
  input.not_after = world_.clock().Now() + std::chrono::hours(24);
  input.budget.in_all = worker.Below(3) == 0 ? kBudget : 0;
  input.request = core::NewRequest();
  const auto id = world_.chapter().access_control().CreateGrant(admin_, input);
  if (!id.ok()) {
    EXPECT_EQ(VerdictOf(id.status()).reason, Reason::kStoreStopped)
        << id.status();
    stopped_ = true;
    return;
  }
  const MutexLock lock(mutex_);
  grants_.push_back({*id, to, input.budget.in_all});
}

void ManyThreads::Push(Worker& worker) {
  const std::string value = absl::StrCat("push ", worker.written++);
  std::vector<core::Cells> rows;
  for (size_t i = 0; i < kRosterRows; ++i) {
    rows.push_back({{"external_id", {absl::StrCat("R", i)}},
                    {"given_name", {absl::StrCat("Row", i)}},
                    {"family_name", {kRosterFamily}},
                    {"notes", {value}}});
  }
  const auto counts = world_.Push(source_, rows);
  if (counts.ok()) {
    EXPECT_EQ(counts->added + counts->changed + counts->unchanged, kRosterRows);
    return;
  }
  EXPECT_EQ(VerdictOf(counts.status()).reason, Reason::kStoreStopped)
      << counts.status();
  stopped_ = true;
}

// What the server does beside: the index, checkpoints, heads, budgets, checks.
void ManyThreads::Keep(Worker& worker) {
  core::Chapter& chapter = world_.chapter();
  (void)chapter.ledger_reader().UpdateIndex();
  if (worker.Below(4) == 0) {
    (void)dynamic_cast<store::StoreMaintenance&>(chapter.store()).Checkpoint();
  }
  const core::Head head = chapter.ledger().head();
  EXPECT_EQ(chapter.ledger().SignHead(head, {}).head.number, head.number);
  (void)chapter.ledger().Left(SomeGrant(worker).id, {.in_all = kBudget});
  const absl::Status members = chapter.CheckMembers();
  EXPECT_TRUE(members.ok() || absl::IsAborted(members)) << members;
  core::EntryQuery query;
  query.actor = readers_[worker.Below(kReaders)].principal;
  EXPECT_TRUE(chapter.ledger_reader().List(query).ok());
}

void ManyThreads::Rotate(Worker& worker) {
  core::KeyRotation& rotation = world_.chapter().key_rotation();
  const auto status = rotation.Status();
  EXPECT_TRUE(status.ok()) << status.status();
  if (!status.ok()) return;
  static constexpr std::array kWorks = {core::RotationWork::kRewrap,
                                        core::RotationWork::kReencrypt,
                                        core::RotationWork::kReindex};
  const absl::Status done =
      status->rotation
          ? rotation.Step().status()
          : rotation
                .Start(admin_, kWorks.at(worker.Below(kWorks.size())),
                       core::NewRequest())
                .status();
  if (done.ok()) return;
  EXPECT_TRUE(absl::IsUnavailable(done)) << done;
  stopped_ = true;
}

}  // namespace sodality::model
