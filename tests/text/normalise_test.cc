#include "text/normalise.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cctype>

#include "tests/text/some_text.h"
#include "text/utf8.h"

namespace sodality::text {
namespace {

struct Spelling {
  const char* value;
  const char* normalised;
};

class NormaliseTest : public testing::TestWithParam<Spelling> {};

TEST_P(NormaliseTest, GivesTheOneSpelling) {
  EXPECT_EQ(Normalise(GetParam().value), GetParam().normalised);
}

INSTANTIATE_TEST_SUITE_P(
    Latin, NormaliseTest,
    testing::Values(
        Spelling{"", ""}, Spelling{"Maria", "maria"},
        Spelling{"  Maria \t\n Gonzalez ", "maria gonzalez"},
        Spelling{"Luján", "lujan"}, Spelling{"Luja\xCC\x81n", "lujan"},
        Spelling{"Groß", "gross"}, Spelling{"GROẞ", "gross"},
        Spelling{"Øster", "oster"}, Spelling{"Łukasz", "lukasz"},
        Spelling{"Ærø", "aero"}, Spelling{"Đức", "duc"},
        Spelling{"Nguyễn Thị", "nguyen thi"}, Spelling{"İstanbul", "istanbul"},
        Spelling{"ŞIRIN", "sirin"}, Spelling{"ﬁnn", "finn"},
        Spelling{"Ｍａｒｉａ", "maria"}, Spelling{"O’Brien", "o'brien"},
        Spelling{"O´Brien", "o'brien"}, Spelling{"a\xC2\xA0z", "a z"},
        Spelling{"a\xC2\xADz", "az"}, Spelling{"a\x01z", "a z"},
        Spelling{"ʙ", "b"}));

INSTANTIATE_TEST_SUITE_P(
    OtherScripts, NormaliseTest,
    testing::Values(Spelling{"ДМИТРИЙ", "дмитрии"}, Spelling{"Пётр", "петр"},
                    Spelling{"Γιώργος", "γιωργοσ"},
                    Spelling{"ΓΙΩΡΓΟΣ", "γιωργοσ"}, Spelling{"أَحْمَد", "احمد"},
                    Spelling{"יוֹסֵף", "יוסף"}, Spelling{"नरेन्द्र", "नरेन्द्र"},
                    Spelling{"สมชาย", "สมชาย"}, Spelling{"毛泽东", "毛泽东"},
                    Spelling{"ﾔﾏﾀﾞ", "ヤマダ"},
                    Spelling{"\xE1\x84\x80\xE1\x85\xB5\xE1\x86\xB7", "김"},
                    Spelling{"🌹 Rosa", "🌹 rosa"}));

TEST(NormaliseBytesTest, CountsInvalidBytesAsReplacements) {
  EXPECT_EQ(Normalise("Jos\xE9"), "jos\xEF\xBF\xBD");
  EXPECT_TRUE(IsValidUtf8(Normalise("\xC3\x28\xED\xA0\x80\xFF")));
}

// Every character by itself, for what random text is unlikely to meet.
TEST(NormaliseCharacterTest, IsIdempotentForEveryCharacter) {
  for (char32_t c = 1; c <= 0x2FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string once = Normalise(ToUtf8(c));
    ASSERT_EQ(Normalise(once), once) << std::hex << static_cast<uint32_t>(c);
  }
}

RC_GTEST_PROP(NormalisePropertyTest, IsIdempotent, ()) {
  const std::string once = Normalise(*AnyBytes());
  RC_ASSERT(Normalise(once) == once);
}

RC_GTEST_PROP(NormalisePropertyTest, LeavesNoGapsAtTheEnds, ()) {
  const std::string text = Normalise(*AnyText());
  RC_ASSERT(IsValidUtf8(text));
  RC_ASSERT(text.find("  ") == std::string::npos);
  RC_ASSERT(text.empty() || (text.front() != ' ' && text.back() != ' '));
}

// The fast path for ASCII must not differ from the general one, which a
// character beyond ASCII forces.
RC_GTEST_PROP(NormalisePropertyTest, TreatsAsciiLikeOtherText, ()) {
  const auto ascii = *rc::gen::container<std::string>(rc::gen::map(
      rc::gen::inRange(0, 128), [](int c) { return static_cast<char>(c); }));
  const std::string expected = Normalise("x " + ascii + " x");
  RC_ASSERT(Normalise("ä " + ascii + " ä") ==
            "a" + expected.substr(1, expected.size() - 2) + "a");
}

RC_GTEST_PROP(NormalisePropertyTest, IgnoresCaseOfAscii, ()) {
  std::string text = *rc::gen::container<std::string>(rc::gen::map(
      rc::gen::inRange(32, 127), [](int c) { return static_cast<char>(c); }));
  const std::string normalised = Normalise(text);
  for (char& c : text) {
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  RC_ASSERT(Normalise(text) == normalised);
}

TEST(NormaliseTest, LoadedTransliteratorsSayTheSame) {
  LoadTransliterators();
  EXPECT_EQ(Transliterate("毛泽东"), "mao ze dong");
  EXPECT_EQ(Transliterate("Дмитрий"), "dmitrij");
}

class TransliterateTest : public testing::TestWithParam<Spelling> {};

TEST_P(TransliterateTest, WritesLatinLetters) {
  EXPECT_EQ(Transliterate(GetParam().value), GetParam().normalised);
}

INSTANTIATE_TEST_SUITE_P(
    Scripts, TransliterateTest,
    testing::Values(
        Spelling{"Maria", "maria"}, Spelling{"Luján", "lujan"},
        Spelling{"Дмитрий", "dmitrij"}, Spelling{"Γιώργος", "giorgos"},
        Spelling{"毛泽东", "mao ze dong"}, Spelling{"김철수", "gimcheolsu"},
        Spelling{"やまだ", "yamada"}, Spelling{"नरेन्द्र मोदी", "narendra modi"},
        Spelling{"גל", "gl"}, Spelling{"გიორგი", "giorgi"},
        Spelling{"🌹", "🌹"}));

}  // namespace
}  // namespace sodality::text
