#include "tests/text/some_text.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sodality::text {
namespace {

using Range = std::pair<char32_t, char32_t>;

constexpr Range kScripts[] = {
    {'a', 'z'},         {'A', 'Z'},         {'0', '9'},
    {' ', '/'},         {0x00C0, 0x024F},    // Latin letters with marks
    {0x0300, 0x0320},                        // combining marks
    {0x0391, 0x03CE},   {0x0410, 0x0457},    // Greek, Cyrillic
    {0x0561, 0x0587},   {0x05D0, 0x05F4},    // Armenian, Hebrew
    {0x0621, 0x0655},   {0x0905, 0x094D},    // Arabic, Devanagari
    {0x0E01, 0x0E4C},   {0x0E81, 0x0EB9},    // Thai, Lao
    {0x1000, 0x1039},   {0x1780, 0x17D2},    // Myanmar, Khmer
    {0x1100, 0x11F9},   {0x1200, 0x1240},    // Jamo, Ethiopic
    {0x1EA0, 0x1EF9},   {0x2010, 0x2033},    // Vietnamese, punctuation
    {0x3041, 0x30FF},   {0x4E00, 0x4F00},    // kana, Han
    {0xAC00, 0xAD00},   {0xFB00, 0xFB06},    // Hangul, ligatures
    {0xFF10, 0xFF9D},   {0x1F300, 0x1F64F},  // wide and narrow forms, emoji
    {0x1F1E6, 0x1F1FF}, {0x200B, 0x200F},    // flags, invisible characters
};

rc::Gen<char32_t> In(Range range) {
  return rc::gen::map(
      rc::gen::inRange<std::uint32_t>(range.first, range.second + 1),
      [](std::uint32_t c) { return static_cast<char32_t>(c); });
}

rc::Gen<char32_t> ScriptCharacter() {
  return rc::gen::mapcat(rc::gen::elementOf(std::vector<Range>(
                             std::begin(kScripts), std::end(kScripts))),
                         In);
}

rc::Gen<char32_t> AnyCharacter() {
  return rc::gen::oneOf(ScriptCharacter(), In({1, 0xD7FF}),
                        In({0xE000, 0x10FFFF}));
}

std::string Joined(const std::vector<char32_t>& characters) {
  std::string text;
  for (const char32_t c : characters) text += ToUtf8(c);
  return text;
}

// Two characters of one script in a row make words likelier.
rc::Gen<std::string> TextOf(const rc::Gen<char32_t>& character) {
  return rc::gen::map(rc::gen::container<std::vector<char32_t>>(character),
                      Joined);
}

rc::Gen<std::string> ScriptWord() {
  return rc::gen::mapcat(
      rc::gen::elementOf(
          std::vector<Range>(std::begin(kScripts), std::end(kScripts))),
      [](Range range) { return rc::gen::resize(8, TextOf(In(range))); });
}

}  // namespace

std::string ToUtf8(char32_t c) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | (c >> 6)), byte(0x80 | (c & 63))};
  if (c < 0x10000) {
    return {byte(0xE0 | (c >> 12)), byte(0x80 | ((c >> 6) & 63)),
            byte(0x80 | (c & 63))};
  }
  return {byte(0xF0 | (c >> 18)), byte(0x80 | ((c >> 12) & 63)),
          byte(0x80 | ((c >> 6) & 63)), byte(0x80 | (c & 63))};
}

rc::Gen<std::string> SomeText() {
  return rc::gen::oneOf(
      TextOf(ScriptCharacter()),
      rc::gen::map(
          rc::gen::resize(
              5, rc::gen::container<std::vector<std::string>>(ScriptWord())),
          [](const std::vector<std::string>& words) {
            constexpr const char* kGlue[] = {" ", "-", "'", ""};
            std::string text;
            for (std::size_t i = 0; i < words.size(); ++i) {
              text += words[i];
              text += kGlue[(i + words[i].size()) % 4];
            }
            return text;
          }));
}

rc::Gen<std::string> AnyText() {
  return rc::gen::oneOf(SomeText(), TextOf(AnyCharacter()));
}

rc::Gen<std::string> AnyBytes() {
  return rc::gen::oneOf(
      rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
      rc::gen::map(rc::gen::pair(AnyText(), rc::gen::arbitrary<char>()),
                   [](const std::pair<std::string, char>& parts) {
                     std::string bytes = parts.first;
                     bytes.insert(bytes.size() / 2, 1, parts.second);
                     return bytes;
                   }));
}

}  // namespace sodality::text
