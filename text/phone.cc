#include "text/phone.h"

#include <phonenumbers/phonenumberutil.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "text/utf8.h"

namespace sodality::text {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::string_view kExtensionMark = ";ext=";
constexpr std::size_t kFewestQueryDigits = 7;
constexpr char kNoRegion[] = "ZZ";

const PhoneNumberUtil& Rules() { return *PhoneNumberUtil::GetInstance(); }

absl::Status Refusal(const char* reason) {
  return absl::InvalidArgumentError(reason);
}

absl::Status ParseStatus(PhoneNumberUtil::ErrorType error) {
  switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR:
      return absl::OkStatus();
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
      return Refusal("the country code after + is unknown");
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN:
      return Refusal("too short for a telephone number");
    case PhoneNumberUtil::TOO_LONG_NSN:
      return Refusal("too long for a telephone number");
    default:
      return Refusal("not a telephone number");
  }
}

absl::Status LengthStatus(PhoneNumberUtil::ValidationResult result) {
  switch (result) {
    case PhoneNumberUtil::IS_POSSIBLE:
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
      return absl::OkStatus();
    case PhoneNumberUtil::INVALID_COUNTRY_CODE:
      return Refusal("the country code after + is unknown");
    case PhoneNumberUtil::TOO_SHORT:
      return Refusal("too short for a telephone number of its country");
    case PhoneNumberUtil::TOO_LONG:
      return Refusal("too long for a telephone number of its country");
    default:
      return Refusal("no telephone number of its country has this length");
  }
}

std::string Format(const PhoneNumber& number,
                   PhoneNumberUtil::PhoneNumberFormat format) {
  std::string text;
  Rules().Format(number, format, &text);
  return text;
}

std::string Canonical(const PhoneNumber& number) {
  std::string text = Format(number, PhoneNumberUtil::E164);
  if (!number.extension().empty()) {
    text.append(kExtensionMark).append(number.extension());
  }
  return text;
}

// Ten digits with plain punctuation, as most rosters of the United States have
// them: what libphonenumber makes of it, at a hundredth of the time.
std::optional<std::string> PlainAmerican(std::string_view text) {
  constexpr std::string_view kPunctuation = " ()-.";
  std::string canonical = "+1";
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      canonical += c;
    } else if (kPunctuation.find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  const bool whole = canonical.size() == 12 && canonical[2] >= '2';
  return whole ? std::optional(std::move(canonical)) : std::nullopt;
}

// Separators and brackets of any script; letters are left out, so an
// extension is told by its mark alone.
bool IsPhonePunctuation(UChar32 c) {
  return u_isUWhiteSpace(c) || u_hasBinaryProperty(c, UCHAR_DASH) || c == '(' ||
         c == ')' || c == '.' || c == '/' || c == '+' || c == 0xFF0B ||
         c == 0xFF08 || c == 0xFF09;
}

}  // namespace

absl::StatusOr<Country> Country::Create(std::string_view code) {
  std::string upper;
  for (const char c : code) {
    upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  std::set<std::string> known;
  Rules().GetSupportedRegions(&known);
  if (!known.contains(upper)) {
    return Refusal("a country is two letters of ISO 3166, for example US");
  }
  return Country(std::move(upper));
}

absl::StatusOr<std::string> ParsePhone(std::string_view text,
                                       const Country& country) {
  if (text.size() > kMaxPhoneBytes) {
    return Refusal("too long for a telephone number");
  }
  if (country.code() == "US") {
    if (auto plain = PlainAmerican(text)) return *std::move(plain);
  }
  if (!IsValidUtf8(text)) return Refusal("not valid UTF-8");
  PhoneNumber number;
  const absl::Status parsed =
      ParseStatus(Rules().Parse(std::string(text), country.code(), &number));
  if (!parsed.ok()) return parsed;
  const absl::Status possible =
      LengthStatus(Rules().IsPossibleNumberWithReason(number));
  if (!possible.ok()) return possible;
  std::string canonical = Canonical(number);
  // With a trunk prefix given twice, what is left can lose the second one when
  // it is read again: the stored form would not stay what it is.
  PhoneNumber again;
  (void)Rules().Parse(canonical, country.code(), &again);
  if (Canonical(again) != canonical) return Refusal("not a telephone number");
  return canonical;
}

std::string_view WithoutExtension(std::string_view canonical) {
  return canonical.substr(0, canonical.find(kExtensionMark));
}

std::string FormatPhone(std::string_view canonical, PhoneStyle style) {
  PhoneNumber number;
  const auto error = Rules().Parse(std::string(canonical), kNoRegion, &number);
  if (error != PhoneNumberUtil::NO_PARSING_ERROR) return std::string(canonical);
  return Format(number, style == PhoneStyle::kNational
                            ? PhoneNumberUtil::NATIONAL
                            : PhoneNumberUtil::INTERNATIONAL);
}

bool LooksLikePhone(std::string_view text) {
  const auto* const s = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size();) {
    UChar32 c = 0;
    U8_NEXT(s, i, text.size(), c);
    if (c == U_SENTINEL) return false;
    if (u_isdigit(c)) {
      ++digits;
    } else if (!IsPhonePunctuation(c)) {
      return false;
    }
  }
  return digits >= kFewestQueryDigits;
}

}  // namespace sodality::text
