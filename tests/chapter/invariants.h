// What must hold of a chapter whatever its disk did.
#ifndef SODALITY_TESTS_CHAPTER_INVARIANTS_H_
#define SODALITY_TESTS_CHAPTER_INVARIANTS_H_

#include "tests/chapter/scenario.h"

namespace sodality::core {

Shown AsShown(const Cells& cells);

// By the documented name: the disk is full, or the store has stopped.
void ExpectNamedRefusal(const absl::Status& status);
// A start that the failing disk made impossible: nothing about damage or
// something put back, which would send an operator after an attacker.
void ExpectRefusedStart(const absl::Status& status);

// After a failed sync of `files` nothing that needs them is acknowledged.
void ExpectStopped(Town& town, std::vector<std::string> files);

// The chapter is open. What was told holds, the rest is whole or absent, and
// ledger and store agree.
void ExpectSound(Town& town, const Told& told);

// Every act of the scenarios, once more: what was done already is not done
// twice, and what was not is done now. `work`: of the rotation among them.
void ExpectGoesOn(Town& town, RotationWork work);

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CHAPTER_INVARIANTS_H_
