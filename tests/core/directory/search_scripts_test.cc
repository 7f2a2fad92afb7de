// Names in many scripts, found as people type them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {
namespace {

struct Spelling {
  std::string name;   // As stored.
  std::string query;  // As typed.
  bool found = true;

  friend std::ostream& operator<<(std::ostream& out, const Spelling& spelling) {
    return out << spelling.query << " for " << spelling.name;
  }
};

class SearchScriptsTest : public testing::TestWithParam<Spelling> {};

TEST_P(SearchScriptsTest, NameIsFoundOrNot) {
  TestChapter chapter;
  const MemberId member = chapter.Add({{"given_name", {GetParam().name}}});
  chapter.Add({{"given_name", {"Quentin"}}});
  SearchQuery query;
  query.words = Secrets({GetParam().query});
  const auto result = chapter.Search(chapter.owner, std::move(query));
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->members.size(), GetParam().found ? 1u : 0u);
  for (const ProjectedMember& found : result->members) {
    EXPECT_EQ(found.id, member);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Scripts, SearchScriptsTest,
    testing::Values(
        Spelling{"Luján", "lujan"}, Spelling{"Lujan", "LUJÁN"},
        Spelling{"Nydia Velázquez", "Velazq"}, Spelling{"O'Brien", "obrien"},
        Spelling{"O'Brien", "brien"}, Spelling{"Ocasio-Cortez", "cortez"},
        Spelling{"Ocasio-Cortez", "ocasio cor"}, Spelling{"Дмитрий", "dmitri"},
        Spelling{"Дмитрий", "ДМИТ"}, Spelling{"毛泽东", "mao"},
        Spelling{"毛泽东", "泽"}, Spelling{"김민수", "김"},
        Spelling{"สมชาย", "ส"}, Spelling{"Łukasz", "lukasz"},
        Spelling{"Groß", "gross"}, Spelling{"محمد", "محم"},
        Spelling{"Αλέξανδρος", "αλεξ"}, Spelling{"Li", "li"},
        Spelling{"Lisa", "li", false}, Spelling{"Maria", "aria", false},
        Spelling{"Maria", "marias", false}, Spelling{"Дмитрий", "мит", false}));

// A filter on a name narrows by the tokens of its words, which must not lose a
// spelling that compares equal.
class NameFilterTest : public testing::TestWithParam<Spelling> {};

TEST_P(NameFilterTest, EqualSpellingIsFound) {
  TestChapter chapter(20);
  const MemberId member = chapter.Add({{"family_name", {GetParam().name}}});
  SearchQuery query;
  query.filters.push_back(
      {"family_name", std::move(Secrets({GetParam().query}).front())});
  const auto result = chapter.Search(chapter.owner, std::move(query));
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->members.size(), 1u);
  EXPECT_EQ(result->members.front().id, member);
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, NameFilterTest,
    testing::Values(Spelling{"Luján", "LUJAN"}, Spelling{"O'Brien", "o'brien"},
                    Spelling{"de la Cruz", "De  La Cruz"},
                    Spelling{"A'B'C'D'E'F'G'H", "a'b'c'd'e'f'g'h"},
                    Spelling{"J.", "j."}, Spelling{"-", "-"},
                    Spelling{"Ocasio-Cortez", "ocasio-cortez"},
                    Spelling{"Ёлкин", "елкин"}, Spelling{"毛泽东", "毛泽东"}));

}  // namespace
}  // namespace sodality::core
