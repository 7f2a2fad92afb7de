// Keys that are rotated between and during all other acts.
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/keys/key_rotation.h"
#include "tests/model/history.h"

namespace sodality::model {
namespace {

using core::RotationWork;

Action BatchOf(RotationWork work) {
  switch (work) {
    case RotationWork::kReencrypt:
      return Action::kResealRecords;
    case RotationWork::kReindex:
      return Action::kReindexRecords;
    case RotationWork::kRewrap:
    case RotationWork::kRekeyPages:
    case RotationWork::kRekeyLedger:
    case RotationWork::kRekeyRoot:
      break;
  }
  return Action::kRewrapRecords;
}

}  // namespace

void History::BeginRotation() {
  static const std::vector<RotationWork> kWorks = {
      RotationWork::kRewrap,      RotationWork::kReencrypt,
      RotationWork::kReindex,     RotationWork::kRekeyPages,
      RotationWork::kRekeyLedger, RotationWork::kRekeyRoot};
  const RotationWork work = AnyOf(kWorks);
  const PrincipalId who = Chance(70) ? ada_ : Somebody();
  const Person& person = model_.people.at(who);
  Note(absl::StrCat(person.name, " begins to ",
                    std::string(core::RotationWorkName(work))));
  const auto caller = CallerOf(who);
  if (!caller) return;
  const auto request = core::NewRequest();
  const auto call = [&] {
    return world_.chapter().key_rotation().Start(*caller, work, request);
  };
  const auto real = call();
  Verdict expected;
  if (person.role != Role::kAdmin) {
    expected = {absl::StatusCode::kPermissionDenied, Reason::kRoleNotAllowed,
                std::nullopt};
  } else if (rotating_) {
    expected = {absl::StatusCode::kFailedPrecondition, Reason::kRotationRunning,
                std::nullopt};
  }
  Expect(expected, real.status());
  if (!real.ok()) return;
  rotating_ = work;
  stale_.clear();
  for (const auto& [id, member] : model_.members) {
    stale_[id] = member.revision;
  }
  model_.entries.push_back({.action = work == RotationWork::kReencrypt
                                          ? Action::kReencryptRecords
                                          : Action::kRotateKey,
                            .actor = who});
  model_.entries.push_back({.action = work == RotationWork::kRekeyPages
                                          ? Action::kPrepareKey
                                          : Action::kActivateKey});
  Again([&] { return call().status(); });
}

// The file is copied anew after a restart, so not every step has an entry.
void History::GoOnWithCopy() {
  Note("the copy goes on");
  const int steps = Chance(50) ? 1 : 10;
  for (int i = 0; i < steps && rotating_; ++i) {
    const uint64_t before = world_.chapter().ledger().head().number;
    const auto worked = world_.chapter().key_rotation().Step();
    ASSERT_TRUE(worked.ok()) << worked.status();
    const bool acted = world_.chapter().ledger().head().number != before;
    const bool ended = !world_.chapter().key_rotation().Status()->rotation;
    if (acted) {
      model_.entries.push_back(
          {.action = ended ? Action::kFinishRotation : Action::kActivateKey});
    }
    if (ended) rotating_.reset();
  }
}

// There are fewer members than a batch has: one step is all.
void History::GoOnWithRotation() {
  if (!rotating_) return;
  if (*rotating_ == RotationWork::kRekeyPages) return GoOnWithCopy();
  Note("the rotation goes on");
  const auto worked = world_.chapter().key_rotation().Step();
  ASSERT_TRUE(worked.ok()) << worked.status();
  EXPECT_TRUE(*worked);
  EXPECT_FALSE(world_.chapter().key_rotation().Status()->rotation);
  // Who was written since is under the new version already.
  bool renews = false;
  for (const auto& [id, revision] : stale_) {
    const auto member = model_.members.find(id);
    renews |=
        member != model_.members.end() && member->second.revision == revision;
  }
  // A root key is around no record, nor is the ledger's.
  renews &= *rotating_ != RotationWork::kRekeyRoot &&
            *rotating_ != RotationWork::kRekeyLedger;
  if (renews) model_.entries.push_back({.action = BatchOf(*rotating_)});
  model_.entries.push_back({.action = Action::kFinishRotation});
  rotating_.reset();
}

}  // namespace sodality::model
