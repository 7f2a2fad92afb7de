// "Did you mean": the known word nearest to a mistyped one.
#ifndef SODALITY_CLIENT_CLI_SUGGEST_H_
#define SODALITY_CLIENT_CLI_SUGGEST_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sodality::cli {

// Insertions, deletions, replacements and swaps of neighbours between a and b.
std::size_t EditDistance(std::string_view a, std::string_view b);

// The nearest of `known` within a third of the word's length (at least one
// slip), or one that `word` begins; empty when there is none.
std::string Nearest(std::string_view word, std::span<const std::string> known);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_SUGGEST_H_
