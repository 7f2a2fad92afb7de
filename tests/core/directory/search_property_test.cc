// For any roster and any question: the search gives what a scan of the
// plaintext gives, and no member outside the scope.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ostream>
#include <set>

#include "server/core/roster.h"
#include "tests/core/directory/directory_fixture.h"
#include "text/names.h"
#include "text/tags.h"

namespace sodality::core {
namespace {

// Few words, so that many members share them.
const std::vector<std::string> kNames = {
    "Ana",    "Anaïs",  "Ann",    "O'Ana", "Ana-Lu",  "Li",
    "李娜",   "Анна",   "Joanna", "A",     "Benítez", "Ben",
    "Benson", "de Ana", "ΑΝΝΑ",   "Anna",  "ana",     "Łana"};
const std::vector<std::string> kRegions = {"East", "West", "Côte", "cote",
                                           "East Side"};
const std::vector<std::string> kQueries = {"ana", "ann",  "an",   "li",
                                           "李",  "анна", "ben",  "a",
                                           "lu",  "de",   "anna", "lana"};

struct Person {
  std::string given;
  std::string family;
  std::string region;

  friend std::ostream& operator<<(std::ostream& out, const Person& person) {
    return out << person.given << " " << person.family << ", " << person.region;
  }
};

rc::Gen<Person> AnyPerson() {
  return rc::gen::build<Person>(
      rc::gen::set(&Person::given, rc::gen::elementOf(kNames)),
      rc::gen::set(&Person::family, rc::gen::elementOf(kNames)),
      rc::gen::set(&Person::region, rc::gen::elementOf(kRegions)));
}

// external_id tells who is who: "p0", "p1", ...
void Push(TestChapter& chapter, const std::vector<Person>& people) {
  auto push = *RosterPush::Begin(chapter.parts, chapter.owner, {});
  std::vector<RosterRow> rows;
  for (size_t i = 0; i < people.size(); ++i) {
    rows.push_back({i + 1, Inputs({{"external_id", {"p" + std::to_string(i)}},
                                   {"given_name", {people[i].given}},
                                   {"family_name", {people[i].family}},
                                   {"region", {people[i].region}}})});
  }
  RC_ASSERT(push->Add(std::move(rows)).ok());
  RC_ASSERT(push->Finish().value().added == people.size());
}

std::set<std::string> Scan(const std::vector<Person>& people,
                           const std::vector<std::string>& words,
                           const std::string& scope) {
  std::string joined;
  for (const std::string& word : words) joined += word + " ";
  const auto query = text::QueryWords(joined);
  std::set<std::string> found;
  for (size_t i = 0; i < people.size(); ++i) {
    const std::string_view names[] = {people[i].given, people[i].family};
    if (text::MatchesName(query, names) &&
        text::SameTag(people[i].region, scope)) {
      found.insert("p" + std::to_string(i));
    }
  }
  return found;
}

std::set<std::string> Ask(TestChapter& chapter, const Caller& caller,
                          const std::vector<std::string>& words, int size) {
  std::set<std::string> found;
  SearchQuery query;
  do {
    query.words = Secrets(words);
    query.page_size = size;
    query.view.fields = {"external_id"};
    const auto page = chapter.Search(caller, std::move(query));
    RC_ASSERT(page.ok());
    for (const ProjectedMember& member : page->members) {
      const auto shown = ShownIn(member);
      RC_ASSERT(found.insert(shown.at("external_id").front()).second);
    }
    query = {};
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  return found;
}

RC_GTEST_PROP(SearchProperty, EqualsAScanOfThePlaintext, ()) {
  const auto people = *rc::gen::resize(
      40,
      rc::gen::nonEmpty(rc::gen::container<std::vector<Person>>(AnyPerson())));
  const auto bits = *rc::gen::element<uint8_t>(0, 1, 4, 12);
  const auto words = *rc::gen::resize(
      3, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
             rc::gen::elementOf(kQueries))));
  const auto scope = *rc::gen::elementOf(kRegions);
  const int size = *rc::gen::inRange(1, 12);

  TestChapter chapter(bits);
  Push(chapter, people);
  const Caller caller = chapter.MakeCaller(Role::kCoordinator);
  chapter.Give(caller, {.scopes = {{"region", scope}}});
  const auto found = Ask(chapter, caller, words, size);
  RC_ASSERT(found == Scan(people, words, scope));
}

}  // namespace
}  // namespace sodality::core
