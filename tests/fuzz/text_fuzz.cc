// Names, addresses, numbers, queries: what text/ promises of every string.
#include <string>

#include "tests/fuzz/fuzz_input.h"
#include "text/base32.h"
#include "text/email.h"
#include "text/names.h"
#include "text/normalise.h"
#include "text/phone.h"
#include "text/query.h"
#include "text/tags.h"
#include "text/utf8.h"

namespace sodality::text {
namespace {

using fuzz::Require;

constexpr auto kInvalid = {absl::StatusCode::kInvalidArgument};

const Country& Us() {
  static const Country* const us = new Country(*Country::Create("US"));
  return *us;
}

void CheckNormalised(const std::string& value) {
  const std::string normal = Normalise(value);
  Require(IsValidUtf8(normal), "the normal form is UTF-8");
  Require(Normalise(normal) == normal, "normalising is idempotent");
  const std::string tag = NormaliseTag(value);
  Require(NormaliseTag(tag) == tag, "normalising a tag is idempotent");
  Require(IsValidUtf8(Transliterate(value)), "the Latin form is UTF-8");
}

void CheckShown(const std::string& value) {
  const std::string shown = Printable(value);
  Require(IsValidUtf8(shown) && !HasControlCharacter(shown),
          "what is shown disturbs no terminal");
  Require(DisplayWidth(TruncateToWidth(shown, 10)) <= 10,
          "a cut value fits into its columns");
}

void CheckParsed(const std::string& value) {
  const auto email = ParseEmail(value);
  if (email.ok()) {
    const auto again = ParseEmail(*email);
    Require(again.ok() && *again == *email, "an address has one form");
  } else {
    fuzz::RequireRefusal(email.status(), kInvalid);
  }
  const auto phone = ParsePhone(value, Us());
  if (phone.ok()) {
    const auto again = ParsePhone(*phone, Us());
    Require(again.ok() && *again == *phone, "a number has one form");
  } else {
    fuzz::RequireRefusal(phone.status(), kInvalid);
  }
  const auto id = DecodeBase32(value);
  if (id.ok()) {
    Require(Normalise(value) == EncodeBase32(*id), "an id has one spelling");
  } else {
    fuzz::RequireRefusal(id.status(), kInvalid);
  }
}

// MatchesName decides; the index may only be wider.
void CheckIndex(const Query& query, const std::string& value) {
  const std::string_view values[] = {value};
  if (!MatchesName(query.names, values)) return;
  const auto terms = IndexTerms(value);
  for (const QueryWord& word : query.names) {
    Require(std::binary_search(terms.begin(), terms.end(), word.lookup),
            "the index holds what matches");
  }
}

void CheckQuery(const std::string& asked, const std::string& value) {
  const auto query = ClassifyQuery(SplitList(asked, ' '), Us());
  if (!query.ok()) return fuzz::RequireRefusal(query.status(), kInvalid);
  Require(!query->names.empty() || !query->emails.empty() || query->phone,
          "a query asks for something");
  Require(query->names.size() <= kMaxQueryWords, "a query is bounded");
  CheckIndex(*query, value);
}

}  // namespace
}  // namespace sodality::text

// A query, a NUL, and a value.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace text = sodality::text;
  const std::string whole(data, data + size);
  const size_t end = std::min(whole.find('\0'), whole.size());
  const std::string asked = whole.substr(0, end);
  const std::string value = whole.substr(std::min(end + 1, whole.size()));
  for (const std::string& one : {asked, value}) {
    text::CheckNormalised(one);
    text::CheckShown(one);
    text::CheckParsed(one);
  }
  if (text::IsValidUtf8(value)) text::CheckQuery(asked, value);
  return 0;
}
