// How names are found: by words and by beginnings of words, in their own script
// and in Latin letters.
//
// The index only narrows: MatchesName decides, on plaintext. What it accepts is
// always among what the index returns: if MatchesName(query, values), then the
// lookup term of every query word is in IndexTerms of one of the values.
//
// Everything here is safe to call from any thread. Invalid UTF-8 counts as
// U+FFFD; refuse it before (IsValidUtf8).
#ifndef SODALITY_TEXT_NAMES_H_
#define SODALITY_TEXT_NAMES_H_

#include <array>
#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sodality::text {

// A query word this short matches whole words only, unless it is dense.
inline constexpr std::size_t kShortestPrefix = 3;
// Lengths, in code points, at which prefixes are indexed. A query word is
// looked up at the longest of them that it fills.
inline constexpr std::array<std::size_t, 3> kPrefixLengths = {3, 4, 6};
inline constexpr std::array<std::size_t, 5> kDensePrefixLengths = {1, 2, 3, 4,
                                                                   6};

// One form under which a name can be found, normalised.
struct NameWord {
  std::string text;
  // Written without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Myanmar) or
  // in pictures: found by prefix from the first character.
  bool dense = false;

  friend auto operator<=>(const NameWord&, const NameWord&) = default;
};

enum class TermKind { kWord, kPrefix };

// What a blind-index token is computed over.
struct Term {
  TermKind kind = TermKind::kWord;
  std::string text;

  friend auto operator<=>(const Term&, const Term&) = default;
};

struct QueryWord {
  std::string text;
  bool dense = false;
  Term lookup;

  friend auto operator<=>(const QueryWord&, const QueryWord&) = default;
};

// Every form of the words of `value`, sorted and without duplicates. O'Brien
// gives o, brien, obrien; Ocasio-Cortez gives cortez, ocasiocortez (which
// ocasio begins); Дмитрий gives itself and dmitrij; 毛泽东 gives itself, its
// endings, and mao, ze, maozedong, zedong, dong.
[[nodiscard]] std::vector<NameWord> NameWords(std::string_view value);

// The terms to store for `value`, sorted and without duplicates: whole words of
// one or two letters, prefixes for the rest.
[[nodiscard]] std::vector<Term> IndexTerms(std::string_view value);

// The words of a query, in its order. Empty if there is no letter, digit or
// picture in it.
[[nodiscard]] std::vector<QueryWord> QueryWords(std::string_view query);

// Whether every word of `query` is found in some of `values` (the name fields
// of one member). False for an empty query.
[[nodiscard]] bool MatchesName(std::span<const QueryWord> query,
                               std::span<const std::string_view> values);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_NAMES_H_
