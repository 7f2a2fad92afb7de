#include "text/romanise.h"

#include <unicode/translit.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "text/fold.h"

namespace sodality::text {
namespace {

using Transliterator = std::unique_ptr<icu::Transliterator>;

constexpr char kLatinAsciiId[] = "Latin-ASCII";
constexpr char kStandardId[] = "Any-Latin; Latin-ASCII";
constexpr char kEverydayId[] =
    "Han-Latin/Names; Russian-Latin/BGN; Greek-Latin/UNGEGN; Any-Latin; "
    "Latin-ASCII";

Transliterator Create(const char* id) {
  UErrorCode error = U_ZERO_ERROR;
  Transliterator made(icu::Transliterator::createInstance(
      icu::UnicodeString(id, -1, US_INV), UTRANS_FORWARD, error));
  if (U_FAILURE(error) || made == nullptr) DieWithoutIcuData();
  return made;
}

// Building one takes milliseconds, copying it microseconds; and one object
// may not be used by two threads at once.
Transliterator Copy(const Transliterator& original) {
  Transliterator copy(original->clone());
  if (copy == nullptr) DieWithoutIcuData();
  return copy;
}

const Transliterator& Standard() {
  static const Transliterator original = Create(kStandardId);
  thread_local const Transliterator mine = Copy(original);
  return mine;
}

const Transliterator& Everyday() {
  static const Transliterator original = Create(kEverydayId);
  thread_local const Transliterator mine = Copy(original);
  return mine;
}

}  // namespace

std::string Romanise(std::string_view folded, Romanisation romanisation) {
  if (IsAscii(folded)) return std::string(folded);
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(icu::StringPiece(
      folded.data(), static_cast<std::int32_t>(folded.size())));
  const Transliterator& latin_of =
      romanisation == Romanisation::kStandard ? Standard() : Everyday();
  latin_of->transliterate(text);
  std::string latin;
  text.toUTF8String(latin);
  return StripMarks(Fold(latin));
}

void DieWithoutIcuData() {
  std::fputs("sodality: fatal: ICU's data is missing or damaged\n", stderr);
  std::abort();
}

void ApplyLatinAscii(icu::UnicodeString& text) {
  static const Transliterator original = Create(kLatinAsciiId);
  thread_local const Transliterator mine = Copy(original);
  mine->transliterate(text);
}

}  // namespace sodality::text
