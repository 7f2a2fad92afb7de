// What a chapter is put through while its disk fails, and what its callers were
// told. Read next: invariants.h.
#ifndef SODALITY_TESTS_CHAPTER_SCENARIO_H_
#define SODALITY_TESTS_CHAPTER_SCENARIO_H_

#include <array>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "tests/chapter/chapter_world.h"

namespace sodality::core {

inline constexpr uint32_t kBudget = 50;
inline constexpr size_t kRosterRows = 30;
inline constexpr char kRosterName[] = "Rosterling";

// A chapter with some people, and its files once it was closed in order.
struct Town {
  ChapterWorld world;
  Caller admin;
  Caller coordinator;
  Fingerprint coordinator_certificate{};
  Caller source;
  GrantId grant;  // The coordinator's: every class, kBudget in all.
  std::array<MemberId, 4> members;
  Image image;

  Town();
};

enum class Scenario {
  kPush,
  kEdit,
  kRevoke,
  kRotate,
  kReencrypt,
  kReindex,
  kRekeyPages,
  kRekeyLedger,
  kRekeyRoot,
  kSeal,
  kRestart
};
inline constexpr std::array kScenarios = {
    Scenario::kPush,       Scenario::kEdit,        Scenario::kRevoke,
    Scenario::kRotate,     Scenario::kReencrypt,   Scenario::kReindex,
    Scenario::kRekeyPages, Scenario::kRekeyLedger, Scenario::kRekeyRoot,
    Scenario::kSeal,       Scenario::kRestart};
std::ostream& operator<<(std::ostream& out, Scenario scenario);

// What callers were told: only that must hold.
struct Told {
  bool pushed = false;
  bool edited = false;
  bool grant_revoked = false;
  bool device_revoked = false;
  bool rotated = false;  // The new key is that of every write, of pages soon.
  bool rotation_ended = false;                // Every record is under it.
  RotationWork work = RotationWork::kRewrap;  // Of that rotation.
  std::set<MemberId> shown;                   // To the coordinator.
  size_t looks = 0;  // The coordinator's that were answered.
};

// Cells of the roster's rows, and of the edited member before and after.
std::vector<Cells> Roster();
Cells MemberCells(size_t index);
Cells EditedCells();

// The acts of the scenario, which may each be refused. The same act again is
// the same request.
void Perform(Scenario scenario, Town& town, Told& told);

absl::Status Edit(Town& town);
absl::Status RevokeGrant(Town& town);
absl::Status RevokeDevice(Town& town);
absl::Status Rotate(Town& town, RotationWork work = RotationWork::kRewrap);
// Goes on with a rotation to its end.
absl::Status FinishRotation(Town& town);
// All that is to be seen of a member, by the admin.
absl::StatusOr<ProjectedMember> Look(Town& town, const MemberId& member);

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CHAPTER_SCENARIO_H_
