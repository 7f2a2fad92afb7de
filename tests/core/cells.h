// Members as tests write and read them: plain texts by field name.
#ifndef SODALITY_TESTS_CORE_CELLS_H_
#define SODALITY_TESTS_CORE_CELLS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crypto/secret.h"
#include "server/core/directory.h"

namespace sodality::core {

using Cells = std::vector<std::pair<std::string, std::vector<std::string>>>;
using Shown = std::map<std::string, std::vector<std::string>>;

std::vector<crypto::SecretBytes> Secrets(const std::vector<std::string>& texts);
std::vector<FieldInput> Inputs(const Cells& cells);
// Names and values of what an answer shows.
Shown ShownIn(const ProjectedMember& member);
std::vector<std::string> HiddenIn(const ProjectedMember& member);

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_CELLS_H_
