// Time, restarts, and acts that are cut off.
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/faults/fault_disk.h"
#include "tests/model/history.h"
#include "tests/model/spoken.h"

namespace sodality::model {

using core::Inputs;
using std::chrono::hours;
using std::chrono::minutes;

void History::Wait() {
  static const std::vector<minutes> kWaits = {minutes(1), minutes(20),
                                              minutes(40), minutes(300)};
  const minutes wait = AnyOf(kWaits);
  // The first grant lives for 30 days, and Ada needs it.
  if (world_.clock().Now() + hours(24) >
      model_.grants.at(ada_grant_).not_after) {
    return;
  }
  Note(absl::StrCat(wait.count(), " minutes pass"));
  world_.clock().Advance(wait);
}

void History::Reopen() {
  const absl::Status opened = world_.Open();
  ASSERT_TRUE(opened.ok()) << opened;
  ++process_;
  const absl::Status members = world_.chapter().CheckMembers();
  EXPECT_TRUE(members.ok()) << members;
}

void History::Restart() {
  Note("a restart");
  Reopen();
}

// The process or the power goes at some operation of an act, or of the closing
// behind it: what was answered stands, and what was not, stands or does not.
void History::KillDuringAnAct() {
  using faults::Mishap;
  static const std::vector<Mishap> kWays = {Mishap::kKill, Mishap::kPowerCut,
                                            Mishap::kShuffles};
  const As as{ada_, ada_grant_, world_.clock().Now()};
  const auto ada = CallerOf(ada_);
  ASSERT_TRUE(ada.has_value());
  const MemberId member = SomeMember();
  const Fields fields = SomeFields(/*new_member=*/false);
  DirectoryModel done = model_;
  const bool edits = Chance(60);
  faults::DiskFault fault{.mishap = AnyOf(kWays)};
  fault.nth = static_cast<int>(1 + Below(40));
  fault.seed = static_cast<uint32_t>(random_());
  Note(absl::StrCat(edits ? "an edit" : "a look", " is cut off at operation ",
                    fault.nth, " by ", static_cast<int>(fault.mishap)));
  world_.disk().Arm(fault);
  absl::Status real;
  Verdict expected;
  if (edits) {
    core::UpdateInput input{0, Inputs(CellsOf(fields)), {}, core::NewRequest()};
    for (const auto& [name, value] : fields) input.mask.push_back(name);
    real = world_.chapter()
               .directory()
               .Update(*ada, member, ada_grant_, input)
               .status();
    expected = done.Update(as, member, 0, fields);
  } else {
    Seen seen;
    real = world_.Get(*ada, {member, ada_grant_, {.reveal = true}}).status();
    expected = done.Get(as, member, Showing::kAll, seen);
  }
  world_.Close();
  const bool cut = world_.disk().struck();
  world_.disk().Restart();
  Reopen();
  if (testing::Test::HasFatalFailure()) return;
  const bool told = VerdictOf(real) == expected;
  if (!told) {
    EXPECT_TRUE(cut && VerdictOf(real).reason == Reason::kStoreStopped) << real;
  }
  const size_t entries = world_.chapter().ledger().head().number - before_;
  if (told || entries == done.entries.size()) model_ = std::move(done);
}

}  // namespace sodality::model
