#include "tests/model/many_threads.h"

#include <array>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/faults/fault_disk.h"

namespace sodality::model {
namespace {

using core::Inputs;
using faults::Mishap;
using platform::MutexLock;

}  // namespace

ManyThreads::ManyThreads(uint64_t seed)
    : random_(seed), ids_(seed), world_(ids_) {
  SetUp();
}

void ManyThreads::SetUp() {
  admin_ = world_.FoundWithAdmin("Ada").value();
  source_ = world_.Enrol(admin_, "Sam", Role::kSource).value();
  for (size_t i = 0; i < kReaders; ++i) {
    readers_.push_back(
        world_.Enrol(admin_, absl::StrCat("Cora", i), Role::kCoordinator)
            .value());
  }
  for (size_t i = 0; i < kMembers; ++i) {
    const core::Cells cells = {{"given_name", {absl::StrCat("Number", i)}},
                               {"family_name", {kFamily}},
                               {"notes", {"first"}}};
    const auto added = world_.chapter().directory().Create(
        admin_, {Inputs(cells), {}, core::NewRequest()});
    members_.push_back(added.value().id);
  }
  Worker worker;
  for (size_t i = 0; i < kReaders; ++i) Give(worker, i);
  world_.Close();
  world_.disk().Restart();
  ASSERT_TRUE(world_.Open().ok());
}

void ManyThreads::Round(int steps) {
  static constexpr std::array kWays = {Mishap::kKill, Mishap::kPowerCut,
                                       Mishap::kShuffles};
  faults::DiskFault fault{.mishap = kWays.at(random_() % kWays.size())};
  fault.nth = static_cast<int>(random_() % static_cast<size_t>(steps * 40));
  fault.seed = static_cast<uint32_t>(random_());
  world_.disk().Arm(fault);
  stopped_ = false;
  const std::vector<Act> acts = {
      &ManyThreads::Write, &ManyThreads::Write,  &ManyThreads::Read,
      &ManyThreads::Read,  &ManyThreads::Search, &ManyThreads::Govern,
      &ManyThreads::Push,  &ManyThreads::Keep,   &ManyThreads::Rotate};
  std::vector<Worker> workers(acts.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < acts.size(); ++i) {
    workers[i].random.seed(random_());
    workers[i].number = i;
    threads.emplace_back([&, i] { Loop(workers[i], acts[i], steps); });
  }
  for (std::thread& thread : threads) thread.join();
  world_.Close();
  world_.disk().Restart();
  for (Worker& worker : workers) {
    all_.insert(all_.end(), worker.events.begin(), worker.events.end());
  }
  ExpectOneOrder(all_);
  ExpectNoLateReads(all_);
  const absl::Status opened = world_.Open();
  ASSERT_TRUE(opened.ok()) << opened;
  CheckAfterwards();
}

void ManyThreads::Loop(Worker& worker, Act act, int steps) {
  for (int i = 0; i < steps && !stopped_; ++i) (this->*act)(worker);
}

bool ManyThreads::End(Worker& worker, Event event, const absl::Status& status) {
  event.ended = Stamp();
  event.verdict = VerdictOf(status);
  if (event.verdict.reason == Reason::kStoreStopped) stopped_ = true;
  if (!status.ok()) event.revision = 0;
  worker.events.push_back(std::move(event));
  return status.ok();
}

std::string ManyThreads::NotesOf(const core::ProjectedMember& member) {
  const core::Shown shown = core::ShownIn(member);
  const auto notes = shown.find("notes");
  return notes == shown.end() ? std::string() : notes->second.front();
}

void ManyThreads::CheckAfterwards() {
  core::Chapter& chapter = world_.chapter();
  core::ExpectWholeLedger(chapter);
  EXPECT_TRUE(chapter.CheckMembers().ok());
  std::set<std::string> written = {"first"};
  for (const Event& event : all_) {
    if (event.did == Did::kWrite) written.insert(event.value);
  }
  for (size_t i = 0; i < kMembers; ++i) {
    core::GetQuery query;
    query.member = members_[i];
    query.view.reveal = true;
    Event event{.did = Did::kRead, .begun = Stamp(), .member = i};
    const auto shown = world_.Get(admin_, std::move(query));
    ASSERT_TRUE(shown.ok()) << shown.status();
    EXPECT_GE(shown->revision, NewestTold(all_, i))
        << "an acknowledged write is lost";
    EXPECT_TRUE(written.contains(NotesOf(*shown)));
    event.ended = Stamp();
    event.revision = shown->revision;
    event.value = NotesOf(*shown);
    all_.push_back(event);
  }
  ExpectOneOrder(all_);
  CheckGrants();
  LiftAll();
}

void ManyThreads::CheckGrants() {
  core::Chapter& chapter = world_.chapter();
  std::map<GrantId, std::set<store::LedgerTag>> shown;
  std::map<GrantId, uint64_t> last;
  uint64_t looks = 0;
  for (uint64_t n = 1; n <= chapter.ledger().head().number; ++n) {
    const auto entry = chapter.ledger().Read(n);
    ASSERT_TRUE(entry.ok()) << entry.status();
    const core::EntryHeader& header = entry->header;
    const bool look =
        header.action == Action::kGet || header.action == Action::kSearch;
    if (!look || header.outcome != Outcome::kDone) continue;
    looks += header.actor != admin_.principal ? 1 : 0;
    last[header.grant] = n;
    for (const auto& part : header.parts) shown[header.grant].insert(part.tag);
  }
  EXPECT_GE(looks, answered_.load()) << "an answered look is not on record";
  const MutexLock lock(mutex_);
  for (const Given& grant : grants_) {
    const auto known = chapter.access().FindGrant(grant.id);
    ASSERT_NE(known, nullptr) << "a grant is lost";
    if (grant.revoked) {
      EXPECT_TRUE(known->revoked) << "a revocation is lost";
      EXPECT_LT(last[grant.id], grant.over_at)
          << "a look was let out after the revocation";
    }
    if (grant.budget != 0) {
      EXPECT_LE(shown[grant.id].size(), grant.budget);
    }
  }
}

// A bar that was not lifted any more, because the disk was cut off.
void ManyThreads::LiftAll() {
  for (size_t i = 0; i < kReaders; ++i) {
    Event event{.did = Did::kLift, .begun = Stamp(), .reader = i};
    const absl::Status lifted =
        world_.chapter().access_control().SuspendPrincipal(
            admin_, readers_[i].name, /*lift=*/true, core::NewRequest());
    EXPECT_TRUE(lifted.ok()) << lifted;
    event.ended = Stamp();
    all_.push_back(event);
  }
}

}  // namespace sodality::model
