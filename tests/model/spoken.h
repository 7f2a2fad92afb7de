// What the model says in the core's words, and the other way round.
#ifndef SODALITY_TESTS_MODEL_SPOKEN_H_
#define SODALITY_TESTS_MODEL_SPOKEN_H_

#include <string>

#include "server/core/directory.h"
#include "tests/core/cells.h"
#include "tests/model/directory_model.h"

namespace sodality::model {

// Without the empty ones.
core::Cells CellsOf(const Fields& fields);
core::View ViewOf(Showing showing);
Seen SeenOf(const core::ProjectedMember& member);
// For a note: " name=value" of each.
std::string Told(const Fields& fields);

}  // namespace sodality::model

#endif  // SODALITY_TESTS_MODEL_SPOKEN_H_
