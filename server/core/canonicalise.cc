// How a caller's text becomes a stored value: one function a type.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "crypto/record.h"
#include "server/core/error.h"
#include "server/core/values.h"
#include "server/store/limits.h"
#include "text/email.h"
#include "text/names.h"
#include "text/normalise.h"
#include "text/scalars.h"
#include "text/tags.h"
#include "text/utf8.h"

namespace sodality::core {
namespace {

std::string_view Trimmed(std::string_view value) {
  const absl::string_view trimmed =
      absl::StripAsciiWhitespace(absl::string_view(value.data(), value.size()));
  return {trimmed.data(), trimmed.size()};
}

bool IsShortText(FieldType type) {
  return type == FieldType::kName || type == FieldType::kTag;
}

// What is wrong with a value of any type, or nothing.
std::string_view Flaw(const FieldSpec& spec, std::string_view value) {
  if (value.size() > kMaxValueBytes) return "longer than 16 KiB";
  if (IsShortText(spec.type) && value.size() > kMaxNameBytes) {
    return "longer than 512 bytes";
  }
  if (!text::IsValidUtf8(value)) return "not UTF-8";
  const text::Lines lines = spec.type == FieldType::kText && !spec.indexed
                                ? text::Lines::kMany
                                : text::Lines::kOne;
  if (text::HasControlCharacter(value, lines)) {
    return "holds a control character";
  }
  return {};
}

absl::StatusOr<std::string> Tag(std::string_view value) {
  if (text::NormaliseTag(value).empty()) {
    return absl::InvalidArgumentError("a tag needs a letter or a digit");
  }
  return std::string(value);
}

absl::StatusOr<std::string> Boolean(std::string_view value) {
  const absl::StatusOr<bool> yes = text::ParseYesNo(value);
  if (!yes.ok()) return yes.status();
  return std::string(*yes ? "true" : "false");
}

absl::StatusOr<std::string> OfType(const FieldSpec& spec,
                                   std::string_view value,
                                   const text::Country& country) {
  switch (spec.type) {
    case FieldType::kText:
    case FieldType::kName:
      return std::string(value);
    case FieldType::kEmail:
      return text::ParseEmail(value);
    case FieldType::kPhone:
      return text::ParsePhone(value, country);
    case FieldType::kDate:
      return text::ParseDate(value, text::SlashDatesOf(country));
    case FieldType::kBoolean:
      return Boolean(value);
    case FieldType::kTag:
      return Tag(value);
  }
  return absl::InternalError("a field type without a canonical form");
}

// Canonical values in order, without blanks and repetitions. Wiped at the end.
class Collected final {
 public:
  ~Collected() {
    for (std::string& value : values_) crypto::Wipe(value);
    for (std::string& form : forms_) crypto::Wipe(form);
  }
  void Add(const FieldSpec& spec, std::string value) {
    // Most fields have one value, whose form nobody then asks for.
    for (size_t i = forms_.size(); i < values_.size(); ++i) {
      forms_.push_back(ComparedForm(spec, values_[i]));
    }
    if (!values_.empty()) {
      std::string form = ComparedForm(spec, value);
      if (std::find(forms_.begin(), forms_.end(), form) != forms_.end()) {
        crypto::Wipe(form);
        crypto::Wipe(value);
        return;
      }
      forms_.push_back(std::move(form));
    }
    values_.push_back(std::move(value));
  }
  std::vector<std::string_view> views() const {
    return {values_.begin(), values_.end()};
  }

 private:
  std::vector<std::string> values_;
  std::vector<std::string> forms_;  // None while there is one value.
};

// Each is a token, and as many in every field would be no more than the store
// takes of a member, however the tokens are cut.
constexpr size_t kMaxNameTerms = 2048;
static_assert(kMaxNameTerms * crypto::kMaxFields <= store::kMaxTokensPerMember);
// A character of three bytes that is a word of its own makes some eight.
constexpr size_t kFewNameBytes = 512;

[[nodiscard]] bool HasTooManyTerms(const FieldSpec& spec,
                                   const std::vector<std::string_view>& views) {
  if (spec.type != FieldType::kName) return false;
  size_t bytes = 0;
  for (const std::string_view view : views) bytes += view.size();
  if (bytes <= kFewNameBytes) return false;
  size_t terms = 0;
  for (const std::string_view view : views) {
    terms += text::IndexTerms(view).size();
  }
  return terms > kMaxNameTerms;
}

absl::Status Refusal(const FieldSpec& spec, const absl::Status& status) {
  const absl::string_view what = status.message();
  return InvalidValue(spec.name, std::string_view(what.data(), what.size()));
}

}  // namespace

absl::StatusOr<ValueList> Canonicalise(
    const FieldSpec& spec, std::span<const crypto::SecretBytes> values,
    const text::Country& country) {
  if (values.size() > kMaxValues) {
    return InvalidValue(spec.name, "more than 64 values");
  }
  Collected collected;
  for (const crypto::SecretBytes& bytes : values) {
    const std::string_view value =
        Trimmed(crypto::AsText(bytes.Expose(crypto::AllowSecretAccess())));
    if (value.empty()) continue;
    const std::string_view flaw = Flaw(spec, value);
    if (!flaw.empty()) return InvalidValue(spec.name, flaw);
    auto canonical = OfType(spec, value, country);
    if (!canonical.ok()) return Refusal(spec, canonical.status());
    collected.Add(spec, *std::move(canonical));
  }
  const std::vector<std::string_view> views = collected.views();
  if (views.size() > 1 && !spec.is_list) {
    return InvalidValue(spec.name, "takes one value");
  }
  if (HasTooManyTerms(spec, views)) {
    return InvalidValue(spec.name, "more than 2,048 words and parts of words");
  }
  ValueList list = ValueList::Encode(views);
  if (list.encoded().size() > crypto::kMaxFieldSize) {
    return InvalidValue(spec.name, "longer than 1 MiB in all");
  }
  return list;
}

std::string ComparedForm(const FieldSpec& spec, std::string_view canonical) {
  switch (spec.type) {
    case FieldType::kText:
    case FieldType::kName:
      return text::Normalise(canonical);
    case FieldType::kTag:
      return text::NormaliseTag(canonical);
    case FieldType::kPhone:
      return std::string(text::WithoutExtension(canonical));
    case FieldType::kEmail:
    case FieldType::kDate:
    case FieldType::kBoolean:
      break;
  }
  return std::string(canonical);
}

}  // namespace sodality::core
