#include "text/word_split.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sodality::text {
namespace {

enum class Role { kLetter, kDense, kExtender, kApostrophe, kHyphen, kGap };

struct Character {
  std::string_view bytes;
  UChar32 code = 0;
};

Character NextCharacter(std::string_view text, std::size_t& position) {
  const auto* const s = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t start = position;
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(s, position, text.size(), c);
  return {text.substr(start, position - start), c};
}

// Calls `visit(character)` until it returns false.
template <typename Visitor>
void ForEachCharacter(std::string_view text, Visitor visit) {
  for (std::size_t i = 0; i < text.size();) {
    if (!visit(NextCharacter(text, i))) return;
  }
}

bool IsApostrophe(UChar32 c) {
  switch (c) {
    case '\'':
    case '`':
    case 0x00B7:  // Catalan l·l
    case 0x02B9:  // what romanisation writes for soft and hard signs
    case 0x02BA:
    case 0x02BB:  // 'okina
    case 0x02BC:
    case 0x02BD:
    case 0x02BE:
    case 0x02BF:
    case 0x02C8:
    case 0x05F3:
    case 0x05F4:
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x2032:
      return true;
    default:
      return false;
  }
}

bool IsHyphen(UChar32 c) {
  constexpr UChar32 kKatakanaMiddleDot = 0x30FB;
  return c == kKatakanaMiddleDot || u_hasBinaryProperty(c, UCHAR_DASH);
}

UScriptCode ScriptOf(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(c, &error);
}

Role RoleOfLetter(UChar32 c) {
  switch (ScriptOf(c)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
      return Role::kDense;
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
      return Role::kExtender;
    default:
      return Role::kLetter;
  }
}

Role RoleOfAscii(UChar32 c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (letter || (c >= '0' && c <= '9')) return Role::kLetter;
  if (c == '\'' || c == '`') return Role::kApostrophe;
  return c == '-' ? Role::kHyphen : Role::kGap;
}

Role RoleOf(UChar32 c) {
  if (c < 0x80) return RoleOfAscii(c);
  if (IsApostrophe(c)) return Role::kApostrophe;
  if (IsHyphen(c)) return Role::kHyphen;
  const std::uint32_t category = U_GET_GC_MASK(c);
  if ((category & U_GC_M_MASK) != 0) return Role::kExtender;
  if ((category & (U_GC_L_MASK | U_GC_N_MASK)) != 0) return RoleOfLetter(c);
  if (u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER)) return Role::kExtender;
  return (category & U_GC_SO_MASK) != 0 ? Role::kDense : Role::kGap;
}

// Puts characters into pieces and pieces into compounds.
class Splitter final {
 public:
  void Add(const Character& character) {
    const Role role = RoleOf(character.code);
    switch (role) {
      case Role::kGap:
        EndCompound();
        return;
      case Role::kApostrophe:
        EndPiece();
        after_apostrophe_ = true;
        return;
      case Role::kHyphen:
        EndPiece();
        after_apostrophe_ = false;
        return;
      default:
        AddToPiece(character.bytes, role);
    }
  }

  std::vector<Compound> Finish() {
    EndCompound();
    return std::move(compounds_);
  }

 private:
  void AddToPiece(std::string_view bytes, Role role) {
    if (role == Role::kExtender) {
      role = piece_.text.empty() ? Role::kLetter : piece_role_;
    }
    if (!piece_.text.empty() && role != piece_role_) EndCompound();
    if (piece_.text.empty()) {
      piece_.after_apostrophe = after_apostrophe_ && !compound_.empty();
    }
    piece_role_ = role;
    piece_.text += bytes;
  }

  void EndPiece() {
    if (piece_.text.empty()) return;
    compound_.push_back(std::move(piece_));
    piece_ = WordPiece();
  }

  void EndCompound() {
    EndPiece();
    after_apostrophe_ = false;
    if (compound_.empty()) return;
    compounds_.push_back(std::move(compound_));
    compound_.clear();
  }

  std::vector<Compound> compounds_;
  Compound compound_;
  WordPiece piece_;
  Role piece_role_ = Role::kLetter;
  bool after_apostrophe_ = false;
};

}  // namespace

std::vector<Compound> SplitWords(std::string_view folded) {
  Splitter splitter;
  ForEachCharacter(folded, [&](const Character& character) {
    splitter.Add(character);
    return true;
  });
  return splitter.Finish();
}

bool IsDense(std::string_view folded) {
  bool dense = false;
  ForEachCharacter(folded, [&](const Character& character) {
    dense = RoleOf(character.code) == Role::kDense;
    return !dense;
  });
  return dense;
}

bool IsSyllabic(std::string_view folded) {
  bool syllabic = !folded.empty();
  ForEachCharacter(folded, [&](const Character& character) {
    const UScriptCode script = ScriptOf(character.code);
    syllabic = script == USCRIPT_HAN || script == USCRIPT_HANGUL;
    return syllabic;
  });
  return syllabic;
}

std::vector<std::string> SplitCodePoints(std::string_view value) {
  std::vector<std::string> characters;
  ForEachCharacter(value, [&](const Character& character) {
    characters.emplace_back(character.bytes);
    return true;
  });
  return characters;
}

}  // namespace sodality::text
