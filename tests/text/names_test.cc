#include "text/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sodality::text {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

bool Finds(std::string_view query, std::vector<std::string_view> values) {
  return MatchesName(QueryWords(query), values);
}

std::vector<std::string> Words(std::string_view value) {
  std::vector<std::string> words;
  for (const NameWord& word : NameWords(value)) words.push_back(word.text);
  return words;
}

std::vector<std::string> Queried(std::string_view query) {
  std::vector<std::string> words;
  for (const QueryWord& word : QueryWords(query)) words.push_back(word.text);
  return words;
}

Term Whole(std::string text) { return {TermKind::kWord, std::move(text)}; }
Term Beginning(std::string text) {
  return {TermKind::kPrefix, std::move(text)};
}

TEST(NamesTest, FindsByBeginningsFromThreeLetters) {
  EXPECT_TRUE(Finds("maria", {"Maria"}));
  EXPECT_TRUE(Finds("MAR", {"Maria"}));
  EXPECT_TRUE(Finds("Mária", {"Maria"}));
  EXPECT_TRUE(Finds("maria", {"María"}));
  EXPECT_FALSE(Finds("ma", {"Maria"}));
  EXPECT_FALSE(Finds("aria", {"Maria"}));
  EXPECT_FALSE(Finds("marian", {"Maria"}));
}

TEST(NamesTest, FindsShortWordsWhole) {
  EXPECT_TRUE(Finds("li", {"Li"}));
  EXPECT_TRUE(Finds("ng", {"Ng"}));
  EXPECT_FALSE(Finds("li", {"Lisa"}));
  EXPECT_FALSE(Finds("l", {"Li"}));
}

TEST(NamesTest, NeedsEveryWordInSomeField) {
  EXPECT_TRUE(Finds("maria gonz", {"Maria", "Gonzalez"}));
  EXPECT_TRUE(Finds("gonz maria", {"Maria", "Gonzalez"}));
  EXPECT_TRUE(Finds("maria gonz", {"Ana Maria", "", "Ruiz Gonzalez"}));
  EXPECT_FALSE(Finds("maria lopez", {"Maria", "Gonzalez"}));
  EXPECT_FALSE(Finds("maria", {}));
  EXPECT_FALSE(Finds("", {"Maria"}));
  EXPECT_FALSE(Finds("--- !", {"Maria"}));
}

TEST(NamesTest, FindsNamesWithApostrophes) {
  for (const char* const query :
       {"obrien", "o'brien", "O’Brien", "brien", "o brien", "obr", "O`Brien",
        "o´brien", "OBRIEN"}) {
    for (const char* const value : {"O'Brien", "O’Brien", "OʼBrien", "O´Brien"})
      EXPECT_TRUE(Finds(query, {value})) << query << " for " << value;
  }
  EXPECT_TRUE(Finds("o'brien", {"OBrien"}));
  EXPECT_FALSE(Finds("rien", {"O'Brien"}));
}

TEST(NamesTest, FindsNamesWithHyphens) {
  for (const char* const query :
       {"ocasio", "cortez", "ocasio-cortez", "ocasiocortez", "Ocasio Cortez",
        "ocasio-c", "ocasio-cor", "ocasio–cortez", "cort"}) {
    EXPECT_TRUE(Finds(query, {"Ocasio-Cortez"})) << query;
  }
  EXPECT_TRUE(Finds("ocasio-cortez", {"Ocasio Cortez"}));
  EXPECT_TRUE(Finds("al-sayed", {"Al-Sayed"}));
  EXPECT_TRUE(Finds("alsayed", {"Al-Sayed"}));
  EXPECT_TRUE(Finds("sayed", {"Al-Sayed"}));
}

struct Name {
  const char* value;
  std::vector<const char*> found_by;
  std::vector<const char*> not_found_by;
};

class ScriptTest : public testing::TestWithParam<Name> {};

TEST_P(ScriptTest, IsFoundInItsScriptAndInLatinLetters) {
  const Name& name = GetParam();
  for (const char* const query : name.found_by) {
    EXPECT_TRUE(Finds(query, {name.value})) << query << " in " << name.value;
  }
  for (const char* const query : name.not_found_by) {
    EXPECT_FALSE(Finds(query, {name.value})) << query << " in " << name.value;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ScriptTest,
    testing::Values(
        Name{"Дмитрий Щербаков",
             {"Дмитрий", "дмитрии", "дми", "dmitrij", "dmitriy", "dmitri",
              "щерб", "shcherbakov", "serbakov", "dmitri shcherb"},
             {"дм", "митрий", "dm"}},
        Name{"Шевченко", {"shevchenko", "sevcenko", "шевч"}, {"chevchenko"}},
        Name{"Γιώργος Δημήτρης",
             {"γιωργος", "ΓΙΩΡΓΟΣ", "giorgos", "dimitris", "demetres"},
             {"γι"}},
        Name{"毛泽东",
             {"毛", "毛泽", "毛泽东", "泽东", "mao", "mao ze dong", "zedong",
              "mao zedong", "maozedong", "ze"},
             {"泽毛", "edong"}},
        Name{"김철수",
             {"김", "김철", "김철수", "철수", "gim", "cheolsu", "gimcheolsu"},
             {"수철"}},
        Name{"やまだ", {"や", "やまだ", "yamada", "yam"}, {"まだ"}},
        Name{"ジョン・スミス",
             {"ジ", "ジョン", "スミス", "ジョンスミス", "ｼﾞｮﾝ", "sumisu"},
             {"ミス"}},
        Name{"สมชาย ใจดี", {"ส", "สมชาย", "ใจดี", "smchay"}, {"ชาย"}},
        Name{"ສົມ", {"ສ", "ສົມ"}, {"ມ"}}, Name{"ស៊ីហា", {"ស", "ស៊ីហា"}, {"ហា"}},
        Name{"အောင်", {"အ", "အောင်"}, {"င်"}},
        Name{"أحمد", {"احمد", "أَحْمَد", "احم", "ahmd"}, {"اح"}},
        Name{"مُحَمَّد", {"محمد", "محم", "muhamad"}, {"مح"}},
        Name{"יוסף כהן", {"יוסף", "יוֹסֵף", "יוס", "ywsp"}, {"יו"}},
        Name{"יוֹסֵף", {"יוסף", "יוֹסֵף"}, {"יו"}},
        Name{"नरेन्द्र मोदी", {"नरेन्द्र", "नरे", "मोदी", "narendra", "modi"}, {"न"}},
        Name{"Nguyễn Văn Đức",
             {"nguyen", "Nguyễn", "duc", "đức", "van"},
             {"ngu yen"}},
        Name{"Łukasz Ørsted Groß", {"lukasz", "orsted", "gross"}, {"ukasz"}},
        Name{"გიორგი", {"გიო", "giorgi"}, {"გი"}},
        Name{"Maria🌹", {"maria", "🌹", "maria 🌹"}, {"🌻"}},
        Name{"Gal·la", {"galla", "gal·la", "gal"}, {"all"}},
        Name{"J.R.R. Tolkien", {"j r tolk", "J. Tolkien"}, {"k tolkien"}}));

TEST(NamesTest, GivesTheFormsOfCompounds) {
  EXPECT_THAT(Words("O'Brien"), ElementsAre("brien", "o", "obrien"));
  EXPECT_THAT(Words("Ocasio-Cortez"), ElementsAre("cortez", "ocasiocortez"));
  EXPECT_THAT(Words("Ana  Maria, ana"), ElementsAre("ana", "maria"));
  EXPECT_THAT(Words(""), IsEmpty());
  EXPECT_THAT(Words("-'-"), IsEmpty());
}

TEST(NamesTest, FlagsScriptsWithoutSpaces) {
  EXPECT_THAT(NameWords("毛泽东"),
              AllOf(Contains(NameWord{"毛泽东", true}),
                    Contains(NameWord{"maozedong", false})));
  EXPECT_THAT(NameWords("Дима"), Not(Contains(Field(&NameWord::dense, true))));
}

TEST(NamesTest, IndexesPrefixesAndShortWords) {
  EXPECT_THAT(
      IndexTerms("Maria Li"),
      UnorderedElementsAre(Beginning("mar"), Beginning("mari"), Whole("li")));
  EXPECT_THAT(IndexTerms("Gonzalez"),
              UnorderedElementsAre(Beginning("gon"), Beginning("gonz"),
                                   Beginning("gonzal")));
  EXPECT_THAT(IndexTerms("やまだ"),
              UnorderedElementsAre(Beginning("や"), Beginning("やま"),
                                   Beginning("やまだ"), Beginning("yam"),
                                   Beginning("yama"), Beginning("yamada")));
  EXPECT_THAT(IndexTerms(""), IsEmpty());
}

TEST(NamesTest, LooksUpTheLongestIndexedPrefix) {
  const auto lookup = [](std::string_view query) {
    return QueryWords(query).at(0).lookup;
  };
  EXPECT_EQ(lookup("li"), Whole("li"));
  EXPECT_EQ(lookup("mar"), Beginning("mar"));
  EXPECT_EQ(lookup("maria"), Beginning("mari"));
  EXPECT_EQ(lookup("gonzalez"), Beginning("gonzal"));
  EXPECT_EQ(lookup("毛"), Beginning("毛"));
}

TEST(NamesTest, SplitsQueriesAsPeopleMeanThem) {
  EXPECT_THAT(Queried("o'brien"), ElementsAre("obrien"));
  EXPECT_THAT(Queried("ocasio-cortez"), ElementsAre("ocasio", "cortez"));
  EXPECT_THAT(Queried("ocasio-c"), ElementsAre("ocasioc"));
  EXPECT_THAT(Queried("  Maria,GONZ "), ElementsAre("maria", "gonz"));
  EXPECT_THAT(Queried("?!"), IsEmpty());
}

// A long chain must cost what its length costs, not the square of it.
TEST(NamesTest, BoundsTheFormsOfLongChains) {
  std::string chain = "ab";
  for (int i = 0; i < 2000; ++i) chain += "-ab";
  EXPECT_LE(NameWords(chain).size(), 16U);
  std::string distinct;
  for (int i = 0; i < 1000; ++i) distinct += std::to_string(10000 + i) + "-";
  EXPECT_LE(NameWords(distinct).size(), 1000U);
  std::string characters;
  for (int i = 0; i < 500; ++i) characters += "毛泽";
  EXPECT_LE(NameWords(characters).size(), 2010U);
}

TEST(NamesTest, SurvivesBytesThatAreNoUtf8) {
  EXPECT_FALSE(Finds("jose", {"Jos\xE9"}));
  EXPECT_TRUE(Finds("jos", {"Jos\xE9"}));
  EXPECT_TRUE(IndexTerms("\xC3\x28").size() < 8);
}

}  // namespace
}  // namespace sodality::text
