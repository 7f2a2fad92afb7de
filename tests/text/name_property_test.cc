// What the blind index relies on: it never loses a match.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/text/some_text.h"
#include "text/names.h"
#include "text/normalise.h"
#include "text/utf8.h"

namespace sodality::text {
namespace {

using Values = std::vector<std::string>;

bool Matches(const std::vector<QueryWord>& query, const Values& values) {
  const std::vector<std::string_view> views(values.begin(), values.end());
  return MatchesName(query, views);
}

bool IsIndexed(const Term& term, const Values& values) {
  return std::any_of(values.begin(), values.end(), [&](const auto& value) {
    const std::vector<Term> terms = IndexTerms(value);
    return std::binary_search(terms.begin(), terms.end(), term);
  });
}

void CheckIndexHolds(const std::vector<QueryWord>& query,
                     const Values& values) {
  for (const QueryWord& word : query) {
    RC_ASSERT(IsIndexed(word.lookup, values));
  }
}

// The first `count` code points.
std::string Beginning(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size() && CodePoints(text.substr(0, end)) < count) ++end;
  while (end < text.size() && (text[end] & '\xC0') == '\x80') ++end;
  return text.substr(0, end);
}

RC_GTEST_PROP(NamePropertyTest, EveryMatchIsIndexed, ()) {
  const Values values = *rc::gen::resize(
      3, rc::gen::container<Values>(rc::gen::resize(20, SomeText())));
  RC_PRE(!values.empty());
  // A query cut from one of the values matches often enough to test anything.
  const std::string source = *rc::gen::elementOf(values);
  const auto length = *rc::gen::inRange<std::size_t>(1, 10);
  const std::vector<QueryWord> query = QueryWords(Beginning(source, length));
  RC_CLASSIFY(Matches(query, values), "matches");
  if (Matches(query, values)) CheckIndexHolds(query, values);
}

RC_GTEST_PROP(NamePropertyTest, EveryFormIsFoundByItsBeginnings, ()) {
  const Values values = {*SomeText()};
  const std::vector<NameWord> forms = NameWords(values[0]);
  RC_PRE(!forms.empty());
  const NameWord form = *rc::gen::elementOf(forms);
  const std::size_t size = CodePoints(form.text);
  const std::size_t shortest = form.dense ? 1 : std::min(size, kShortestPrefix);
  const auto length = *rc::gen::inRange(shortest, size + 1);
  const std::string beginning = Beginning(form.text, length);
  const std::vector<QueryWord> query = QueryWords(beginning);
  // Beginnings that are cut inside a cluster can be read as another word.
  RC_PRE(query.size() == 1 && query[0].text == beginning);
  RC_ASSERT(Matches(query, values) ||
            (!query[0].dense && length < kShortestPrefix && length < size));
  if (Matches(query, values)) CheckIndexHolds(query, values);
}

RC_GTEST_PROP(NamePropertyTest, UnrelatedQueriesKeepThePropertyToo, ()) {
  const Values values = {*AnyBytes(), *AnyText()};
  const std::vector<QueryWord> query = QueryWords(*AnyBytes());
  if (Matches(query, values)) CheckIndexHolds(query, values);
}

// Short random words over few letters collide often, so that matches, misses
// and near misses all occur.
RC_GTEST_PROP(NamePropertyTest, ShortWordsKeepTheProperty, ()) {
  const auto text =
      rc::gen::resize(12, rc::gen::container<std::string>(
                              rc::gen::elementOf(std::string("aab -'"))));
  const Values values = {*text, *text, *text};
  const std::vector<QueryWord> query = QueryWords(*text);
  RC_CLASSIFY(Matches(query, values), "matches");
  if (Matches(query, values)) CheckIndexHolds(query, values);
}

// An exact filter on a name narrows by the words of the normalised name.
RC_GTEST_PROP(NamePropertyTest, WordsOfTheNormalisedNameAreIndexed, ()) {
  const Values values = {*AnyText()};
  const Values normalised = {Normalise(values[0])};
  const std::vector<QueryWord> query = QueryWords(normalised[0]);
  if (Matches(query, normalised)) CheckIndexHolds(query, values);
}

RC_GTEST_PROP(NamePropertyTest, AWholeNameFindsItself, ()) {
  const auto word = rc::gen::resize(
      10, rc::gen::nonEmpty(rc::gen::container<std::string>(
              rc::gen::inRange('a', static_cast<char>('z' + 1)))));
  const std::string given = *word;
  const std::string family = *word;
  RC_ASSERT(Matches(QueryWords(family + " " + given), {given, family}));
  RC_ASSERT(Matches(QueryWords(given + "'" + family), {given + "'" + family}));
  RC_ASSERT(Matches(QueryWords(given + "-" + family), {given + "-" + family}));
}

RC_GTEST_PROP(NamePropertyTest, TermsAreSortedAndFew, ()) {
  const std::string value = *AnyBytes();
  const std::vector<Term> terms = IndexTerms(value);
  RC_ASSERT(std::is_sorted(terms.begin(), terms.end()));
  RC_ASSERT(std::adjacent_find(terms.begin(), terms.end()) == terms.end());
  for (const Term& term : terms) {
    RC_ASSERT(IsValidUtf8(term.text));
    RC_ASSERT(CodePoints(term.text) <= kPrefixLengths.back());
  }
}

}  // namespace
}  // namespace sodality::text
