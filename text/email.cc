#include "text/email.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "text/fold.h"
#include "text/utf8.h"

namespace sodality::text {
namespace {

absl::Status Refusal(const char* reason) {
  return absl::InvalidArgumentError(reason);
}

std::string_view Trimmed(std::string_view value) {
  const absl::string_view stripped =
      absl::StripAsciiWhitespace(absl::string_view(value.data(), value.size()));
  return {stripped.data(), stripped.size()};
}

bool IsLocalSpecial(char c) {
  constexpr std::string_view kSpecials = "\"(),:;<>@[\\] ";
  return kSpecials.find(c) != std::string_view::npos;
}

bool HasStrayDot(std::string_view local) {
  return local.front() == '.' || local.back() == '.' ||
         local.find("..") != std::string_view::npos;
}

// Checked after folding, which can bring forth any of what is refused.
absl::StatusOr<std::string> FoldLocal(std::string_view local) {
  std::string folded = Fold(local);
  if (folded.empty()) return Refusal("nothing stands before the @");
  if (folded.size() > kMaxEmailLocalBytes) {
    return Refusal("more than 64 bytes stand before the @");
  }
  if (HasStrayDot(folded)) {
    return Refusal("a dot before the @ is not between two characters");
  }
  if (std::any_of(folded.begin(), folded.end(), IsLocalSpecial)) {
    return Refusal("a character before the @ is not allowed there");
  }
  return folded;
}

const icu::IDNA* DomainRules() {
  static const std::unique_ptr<const icu::IDNA> rules = [] {
    UErrorCode error = U_ZERO_ERROR;
    return std::unique_ptr<const icu::IDNA>(icu::IDNA::createUTS46Instance(
        UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
            UIDNA_NONTRANSITIONAL_TO_ASCII,
        error));
  }();
  return rules.get();
}

absl::StatusOr<std::string> FoldDomain(std::string_view domain) {
  const icu::IDNA* const rules = DomainRules();
  if (rules == nullptr) return absl::InternalError("no rules for domains");
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  UErrorCode error = U_ZERO_ERROR;
  rules->nameToASCII_UTF8(
      icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size())),
      sink, info, error);
  if (U_FAILURE(error) || info.hasErrors() || ascii.ends_with('.')) {
    return Refusal("what stands after the @ is not a domain name");
  }
  if (ascii.find('.') == std::string::npos) {
    return Refusal("the domain after the @ has no dot");
  }
  return ascii;
}

}  // namespace

absl::StatusOr<std::string> ParseEmail(std::string_view text) {
  const std::string_view address = Trimmed(text);
  if (address.size() > kMaxEmailBytes) return Refusal("longer than 254 bytes");
  if (!IsValidUtf8(address)) return Refusal("not valid UTF-8");
  if (HasControlCharacter(address)) return Refusal("has a control character");
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos) return Refusal("has no @");
  if (address.find('@', at + 1) != std::string_view::npos) {
    return Refusal("has more than one @");
  }
  absl::StatusOr<std::string> local = FoldLocal(address.substr(0, at));
  if (!local.ok()) return local.status();
  const absl::StatusOr<std::string> domain = FoldDomain(address.substr(at + 1));
  if (!domain.ok()) return domain.status();
  std::string canonical = *std::move(local);
  canonical.append("@").append(*domain);
  if (canonical.size() > kMaxEmailBytes)
    return Refusal("longer than 254 bytes");
  return canonical;
}

}  // namespace sodality::text
