#include "text/romanise.h"

#include <unicode/translit.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "platform/mutex.h"
#include "text/fold.h"

namespace sodality::text {
namespace {

// More at once than processors are rare, and each takes memory for ever.
constexpr std::size_t kMostSpare = 8;

using TransliteratorPtr = std::unique_ptr<icu::Transliterator>;

// One of ICU's transliterators for all threads. Building one takes
// milliseconds, for Any-Latin again at the first text of each script, and one
// object may not be used by two threads at once: so there are as many as were
// ever at work at the same time.
class Transliterator final {
 public:
  explicit Transliterator(const char* id) {
    UErrorCode error = U_ZERO_ERROR;
    original_.reset(icu::Transliterator::createInstance(
        icu::UnicodeString(id, -1, US_INV), UTRANS_FORWARD, error));
    if (U_FAILURE(error) || original_ == nullptr) DieWithoutIcuData();
  }

  void Apply(icu::UnicodeString& text) {
    TransliteratorPtr mine = Take();
    mine->transliterate(text);
    const platform::MutexLock lock(mutex_);
    if (spare_.size() < kMostSpare) spare_.push_back(std::move(mine));
  }

 private:
  TransliteratorPtr Take() {
    const platform::MutexLock lock(mutex_);
    if (spare_.empty()) {
      TransliteratorPtr copy(original_->clone());
      if (copy == nullptr) DieWithoutIcuData();
      return copy;
    }
    TransliteratorPtr taken = std::move(spare_.back());
    spare_.pop_back();
    return taken;
  }

  TransliteratorPtr original_;
  platform::Mutex mutex_;
  std::vector<TransliteratorPtr> spare_ SODALITY_GUARDED_BY(mutex_);
};

Transliterator& LatinAscii() {
  static Transliterator& latin_ascii = *new Transliterator("Latin-ASCII");
  return latin_ascii;
}

// What makes the everyday spelling of a script other than Any-Latin's.
struct EverydayRules {
  UScriptCode script;
  Transliterator rules;
};

std::array<EverydayRules, 3>& Everyday() {
  static auto& rules = *new std::array<EverydayRules, 3>{{
      {USCRIPT_HAN, Transliterator("Han-Latin/Names")},
      {USCRIPT_CYRILLIC, Transliterator("Russian-Latin/BGN")},
      {USCRIPT_GREEK, Transliterator("Greek-Latin/UNGEGN")},
  }};
  return rules;
}

// A mark without a letter of its own (Inherited) may be of any script.
bool MayBe(UChar32 c, UScriptCode script) {
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode own = uscript_getScript(c, &error);
  if (own == script || own == USCRIPT_INHERITED) return true;
  return own == USCRIPT_COMMON && uscript_hasScript(c, script) != 0;
}

bool MayHave(const icu::UnicodeString& text, UScriptCode script) {
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    if (MayBe(text.char32At(i), script)) return true;
  }
  return false;
}

icu::UnicodeString FromUtf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

}  // namespace

std::string Romanise(std::string_view folded, Romanisation romanisation) {
  static Transliterator& any_latin = *new Transliterator("Any-Latin");
  if (IsAscii(folded)) return std::string(folded);
  icu::UnicodeString text = FromUtf8(folded);
  if (romanisation == Romanisation::kEveryday) {
    for (EverydayRules& everyday : Everyday()) {
      if (MayHave(text, everyday.script)) everyday.rules.Apply(text);
    }
  }
  any_latin.Apply(text);
  ApplyLatinAscii(text);
  std::string latin;
  text.toUTF8String(latin);
  return StripMarks(Fold(latin));
}

bool HasEverydaySpelling(std::string_view folded) {
  if (IsAscii(folded)) return false;
  const icu::UnicodeString text = FromUtf8(folded);
  return std::any_of(Everyday().begin(), Everyday().end(),
                     [&](const EverydayRules& everyday) {
                       return MayHave(text, everyday.script);
                     });
}

void DieWithoutIcuData() {
  std::fputs("sodality: fatal: ICU's data is missing or damaged\n", stderr);
  std::abort();
}

void ApplyLatinAscii(icu::UnicodeString& text) { LatinAscii().Apply(text); }

}  // namespace sodality::text
