#include "text/names.h"

#include <algorithm>
#include <set>
#include <utility>

#include "text/fold.h"
#include "text/normalise.h"
#include "text/romanise.h"
#include "text/utf8.h"
#include "text/word_split.h"

namespace sodality::text {
namespace {

// Bound the forms of a name that is one long chain. Beyond them a word is found
// from its beginning alone.
constexpr std::size_t kMaxJoined = 6;
constexpr std::size_t kMaxSyllables = 6;

using Parts = std::vector<std::string>;
using Forms = std::set<std::string>;

Parts PartsOf(const Compound& compound) {
  Parts parts;
  for (const WordPiece& piece : compound) {
    if (!IsSyllabic(piece.text) || CodePoints(piece.text) > kMaxSyllables) {
      parts.push_back(piece.text);
      continue;
    }
    for (std::string& syllable : SplitCodePoints(piece.text)) {
      parts.push_back(std::move(syllable));
    }
  }
  return parts;
}

Parts LatinParts(const Parts& parts, Romanisation romanisation) {
  Parts latin;
  for (const std::string& part : parts) {
    for (Compound& word : SplitWords(Romanise(part, romanisation))) {
      for (WordPiece& piece : word) latin.push_back(std::move(piece.text));
    }
  }
  return latin;
}

bool IsShort(std::string_view word) {
  return CodePoints(word) < kShortestPrefix && !IsDense(word);
}

// What follows a part is joined to it, so that every part begins a form and is
// found by prefix. A short part, found only whole, is a form itself.
void AddForms(const Parts& parts, Forms& forms) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string joined;
    const std::size_t end = std::min(parts.size(), i + kMaxJoined);
    for (std::size_t j = i; j < end; ++j) joined += parts[j];
    forms.insert(std::move(joined));
    if (IsShort(parts[i])) forms.insert(parts[i]);
  }
}

// The native forms come from the normalised value, so that it has the forms of
// the value itself; the Latin ones need the marks.
Forms FormsOf(std::string_view value) {
  Forms forms;
  const std::string folded = Fold(value);
  const std::string normalised = StripMarks(folded);
  for (const Compound& compound : SplitWords(normalised)) {
    AddForms(PartsOf(compound), forms);
  }
  if (IsAscii(normalised)) return forms;
  const bool everyday = HasEverydaySpelling(folded);
  for (const Compound& compound : SplitWords(folded)) {
    const Parts parts = PartsOf(compound);
    AddForms(LatinParts(parts, Romanisation::kStandard), forms);
    if (!everyday) continue;
    AddForms(LatinParts(parts, Romanisation::kEveryday), forms);
  }
  return forms;
}

std::span<const std::size_t> PrefixLengths(bool dense) {
  if (dense) return kDensePrefixLengths;
  return kPrefixLengths;
}

// The first `length` code points; `word` is valid UTF-8.
std::string Prefix(std::string_view word, std::size_t length) {
  std::size_t end = 0;
  for (; end < word.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(word[end]) & 0xC0) != 0x80;
    if (starts && length-- == 0) break;
  }
  return std::string(word.substr(0, end));
}

Term LookupOf(std::string_view word, bool dense) {
  const std::size_t length = CodePoints(word);
  Term term{TermKind::kWord, std::string(word)};
  for (const std::size_t indexed : PrefixLengths(dense)) {
    if (indexed <= length) term = {TermKind::kPrefix, Prefix(word, indexed)};
  }
  return term;
}

void AddTerms(const NameWord& word, std::set<Term>& terms) {
  const std::size_t length = CodePoints(word.text);
  if (!word.dense && length < kShortestPrefix) {
    terms.insert({TermKind::kWord, word.text});
  }
  for (const std::size_t indexed : PrefixLengths(word.dense)) {
    if (indexed > length) break;
    terms.insert({TermKind::kPrefix, Prefix(word.text, indexed)});
  }
}

QueryWord MakeQueryWord(std::string text) {
  const bool dense = IsDense(text);
  Term lookup = LookupOf(text, dense);
  return {std::move(text), dense, std::move(lookup)};
}

// The parts of a compound as a query means them: o'brien is obrien.
Parts WithoutApostrophes(const Compound& compound) {
  Parts parts;
  for (const WordPiece& piece : compound) {
    if (piece.after_apostrophe && !parts.empty()) {
      parts.back() += piece.text;
    } else {
      parts.push_back(piece.text);
    }
  }
  return parts;
}

// ocasio-cortez is looked up as two words, so that Ocasio Cortez is found too;
// but a part that would match whole words only stays joined (ocasio-c).
void AddQueryWords(const Compound& compound, std::vector<QueryWord>& words) {
  Parts parts = WithoutApostrophes(compound);
  if (std::none_of(parts.begin(), parts.end(), IsShort)) {
    for (std::string& part : parts) {
      words.push_back(MakeQueryWord(std::move(part)));
    }
    return;
  }
  std::string joined;
  for (const std::string& part : parts) joined += part;
  words.push_back(MakeQueryWord(std::move(joined)));
}

bool Matches(const QueryWord& query, const std::string& form) {
  const bool whole = query.lookup.kind == TermKind::kWord;
  return whole ? form == query.text : form.starts_with(query.text);
}

}  // namespace

std::vector<NameWord> NameWords(std::string_view value) {
  std::vector<NameWord> words;
  for (const std::string& form : FormsOf(value)) {
    words.push_back({form, IsDense(form)});
  }
  return words;
}

std::vector<Term> IndexTerms(std::string_view value) {
  std::set<Term> terms;
  for (const NameWord& word : NameWords(value)) AddTerms(word, terms);
  return {terms.begin(), terms.end()};
}

std::vector<QueryWord> QueryWords(std::string_view query) {
  std::vector<QueryWord> words;
  for (const Compound& compound : SplitWords(Normalise(query))) {
    AddQueryWords(compound, words);
  }
  return words;
}

bool MatchesName(std::span<const QueryWord> query,
                 std::span<const std::string_view> values) {
  Forms forms;
  for (const std::string_view value : values) forms.merge(FormsOf(value));
  const auto is_found = [&](const QueryWord& word) {
    return std::any_of(
        forms.begin(), forms.end(),
        [&](const std::string& form) { return Matches(word, form); });
  };
  return !query.empty() && std::all_of(query.begin(), query.end(), is_found);
}

}  // namespace sodality::text
