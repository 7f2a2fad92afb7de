// What the words of `find` mean.
#ifndef SODALITY_TEXT_QUERY_H_
#define SODALITY_TEXT_QUERY_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "text/names.h"
#include "text/phone.h"

namespace sodality::text {

// More words than this in one query are refused.
inline constexpr std::size_t kMaxQueryWords = 16;

// Conditions, all of which a member has to meet. At least one is present.
struct Query {
  std::vector<QueryWord> names;
  std::vector<std::string> emails;   // ParseEmail's form
  std::optional<std::string> phone;  // ParsePhone's form without extension
};

// Sorts words into conditions: one with '@' is an exact e-mail address; the
// others, if together they look like a telephone number, are one, in any
// spelling known in `country`; else they are words of names.
//
// INVALID_ARGUMENT, without repeating the words, if there is nothing to look
// for, a word is not UTF-8, an address or number is impossible, or there are
// more than kMaxQueryWords name words. Safe to call from any thread.
[[nodiscard]] absl::StatusOr<Query> ClassifyQuery(
    std::span<const std::string> words, const Country& country);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_QUERY_H_
