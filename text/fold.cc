#include "text/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cstdint>

#include "text/romanise.h"

namespace sodality::text {
namespace {

const icu::Normalizer2* CaseFolder() {
  UErrorCode error = U_ZERO_ERROR;
  return icu::Normalizer2::getNFKCCasefoldInstance(error);
}

const icu::Normalizer2* Composer() {
  UErrorCode error = U_ZERO_ERROR;
  return icu::Normalizer2::getNFCInstance(error);
}

const icu::Normalizer2* Decomposer() {
  UErrorCode error = U_ZERO_ERROR;
  return icu::Normalizer2::getNFDInstance(error);
}

icu::UnicodeString Apply(const icu::Normalizer2* form,
                         const icu::UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  if (form == nullptr) DieWithoutIcuData();
  icu::UnicodeString result = form->normalize(text, error);
  if (U_FAILURE(error)) DieWithoutIcuData();
  return result;
}

// People type U+00B4 for an apostrophe, and NFKC would make a space of it.
icu::UnicodeString FromUtf8(std::string_view value) {
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(value.data(), static_cast<std::int32_t>(value.size())));
  return text.findAndReplace(u"\u00B4", u"'");
}

std::string ToUtf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool IsGap(UChar32 c) { return u_isUWhiteSpace(c) || u_iscntrl(c); }

icu::UnicodeString CollapseGaps(const icu::UnicodeString& text) {
  icu::UnicodeString out;
  bool gap = false;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (IsGap(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.isEmpty()) out.append(u' ');
    gap = false;
    out.append(c);
  }
  return out;
}

bool IsAsciiGap(char c) { return (c >= 0 && c <= ' ') || c == 0x7F; }

char AsciiLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string FoldAscii(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  bool gap = false;
  for (const char c : value) {
    if (IsAsciiGap(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out.push_back(' ');
    gap = false;
    out.push_back(AsciiLower(c));
  }
  return out;
}

UScriptCode ScriptOf(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(c, &error);
}

// Digits too, since ICU's Latin-ASCII would do it where it happens to run.
bool LosesMarks(UChar32 c) {
  const UScriptCode script = ScriptOf(c);
  return u_isdigit(c) || script == USCRIPT_LATIN || script == USCRIPT_GREEK ||
         script == USCRIPT_CYRILLIC || script == USCRIPT_ARABIC ||
         script == USCRIPT_HEBREW;
}

icu::UnicodeString DropMarks(const icu::UnicodeString& decomposed) {
  icu::UnicodeString out;
  bool drop = false;
  for (std::int32_t i = 0; i < decomposed.length();
       i = decomposed.moveIndex32(i, 1)) {
    const UChar32 c = decomposed.char32At(i);
    if (u_charType(c) == U_NON_SPACING_MARK) {
      if (!drop) out.append(c);
      continue;
    }
    drop = LosesMarks(c);
    out.append(c);
  }
  return out;
}

bool HasAsciiSpelling(UChar32 c) {
  if (c < 0x80) return false;
  const UScriptCode script = ScriptOf(c);
  return script == USCRIPT_LATIN || script == USCRIPT_COMMON;
}

bool NeedsLatinAscii(const icu::UnicodeString& text) {
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    if (HasAsciiSpelling(text.char32At(i))) return true;
  }
  return false;
}

icu::UnicodeString StripOnce(const icu::UnicodeString& text) {
  icu::UnicodeString out =
      Apply(Composer(), DropMarks(Apply(Decomposer(), text)));
  if (NeedsLatinAscii(out)) ApplyLatinAscii(out);
  return CollapseGaps(Apply(CaseFolder(), out));
}

}  // namespace

bool IsAscii(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
}

std::string Fold(std::string_view value) {
  if (IsAscii(value)) return FoldAscii(value);
  return ToUtf8(CollapseGaps(Apply(CaseFolder(), FromUtf8(value))));
}

std::string StripMarks(std::string_view folded) {
  if (IsAscii(folded)) return std::string(folded);
  return ToUtf8(StripOnce(FromUtf8(folded)));
}

}  // namespace sodality::text
