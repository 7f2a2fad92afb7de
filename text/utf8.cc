#include "text/utf8.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace sodality::text {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr UChar32 kZeroWidthJoiner = 0x200D;

// Walks over code points; an invalid byte is one, with value U_SENTINEL.
class CodePointReader final {
 public:
  explicit CodePointReader(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return next_ >= bytes_.size(); }
  std::size_t position() const { return next_; }

  UChar32 Next() {
    const auto* const s = reinterpret_cast<const std::uint8_t*>(bytes_.data());
    UChar32 c = 0;
    U8_NEXT(s, next_, bytes_.size(), c);
    return c;
  }

 private:
  std::string_view bytes_;
  std::size_t next_ = 0;
};

bool IsBidiControl(UChar32 c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool IsHarmful(UChar32 c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 ||
         IsBidiControl(c);
}

// A CR is part of a line's end only before an LF.
bool IsLineLayout(UChar32 c, std::string_view rest) {
  return c == '\t' || c == '\n' || (c == '\r' && rest.starts_with('\n'));
}

bool IsRefused(UChar32 c, std::string_view rest, Lines lines) {
  if (c == U_SENTINEL) return false;
  if (lines == Lines::kMany && IsLineLayout(c, rest)) return false;
  return IsHarmful(c);
}

bool IsZeroWidth(UChar32 c) {
  switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
      return c != 0xAD;  // terminals show the soft hyphen
    default:
      break;
  }
  const int syllable = u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE);
  return syllable == U_HST_VOWEL_JAMO || syllable == U_HST_TRAILING_JAMO;
}

bool IsWide(UChar32 c) {
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ||
         u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION);
}

// The columns that each code point adds, which depend on those before it.
class ColumnCounter final {
 public:
  std::size_t Add(UChar32 c) {
    const bool joined = previous_ == kZeroWidthJoiner;
    const bool pairs_flag = IsRegional(c) && open_flag_;
    open_flag_ = IsRegional(c) && !open_flag_;
    previous_ = c;
    if (c == U_SENTINEL) return 1;
    if (c >= 0x20 && c < 0x7F) return 1;
    if (pairs_flag || IsZeroWidth(c)) return 0;
    if (joined && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC)) return 0;
    if (u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER)) return 0;
    return IsWide(c) ? 2 : 1;
  }

 private:
  static bool IsRegional(UChar32 c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }

  UChar32 previous_ = 0;
  bool open_flag_ = false;
};

}  // namespace

bool IsValidUtf8(std::string_view bytes) {
  for (CodePointReader reader(bytes); !reader.done();) {
    if (reader.Next() == U_SENTINEL) return false;
  }
  return true;
}

bool HasControlCharacter(std::string_view value, Lines lines) {
  for (CodePointReader reader(value); !reader.done();) {
    const UChar32 c = reader.Next();
    if (IsRefused(c, value.substr(reader.position()), lines)) return true;
  }
  return false;
}

std::string Printable(std::string_view value, Lines lines) {
  std::string out;
  out.reserve(value.size());
  for (CodePointReader reader(value); !reader.done();) {
    const std::size_t start = reader.position();
    const UChar32 c = reader.Next();
    const std::string_view rest = value.substr(reader.position());
    const bool replaced = c == U_SENTINEL || IsRefused(c, rest, lines);
    out += replaced ? kReplacement
                    : value.substr(start, reader.position() - start);
  }
  return out;
}

std::size_t CodePoints(std::string_view value) {
  std::size_t count = 0;
  for (CodePointReader reader(value); !reader.done(); ++count) reader.Next();
  return count;
}

std::size_t DisplayWidth(std::string_view value) {
  std::size_t width = 0;
  ColumnCounter columns;
  for (CodePointReader reader(value); !reader.done();) {
    width += columns.Add(reader.Next());
  }
  return width;
}

std::string TruncateToWidth(std::string_view value, std::size_t columns) {
  if (DisplayWidth(value) <= columns) return std::string(value);
  if (columns == 0) return "";
  std::size_t width = 0;
  std::size_t end = 0;
  ColumnCounter counter;
  for (CodePointReader reader(value); !reader.done();) {
    width += counter.Add(reader.Next());
    if (width > columns - 1) break;
    end = reader.position();
  }
  return std::string(value.substr(0, end)).append(kEllipsis);
}

}  // namespace sodality::text
