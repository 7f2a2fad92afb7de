#include "text/query.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "text/email.h"
#include "text/utf8.h"

namespace sodality::text {
namespace {

absl::Status Refusal(const char* subject, const absl::Status& status) {
  return absl::Status(status.code(),
                      std::string(subject) + std::string(status.message()));
}

absl::Status AddEmail(std::string_view word, Query& query) {
  absl::StatusOr<std::string> email = ParseEmail(word);
  if (!email.ok()) return Refusal("the e-mail address: ", email.status());
  query.emails.push_back(*std::move(email));
  return absl::OkStatus();
}

absl::Status AddPhone(std::string_view text, const Country& country,
                      Query& query) {
  const absl::StatusOr<std::string> phone = ParsePhone(text, country);
  if (!phone.ok()) return Refusal("the telephone number: ", phone.status());
  query.phone = std::string(WithoutExtension(*phone));
  return absl::OkStatus();
}

absl::Status AddRest(std::string_view text, const Country& country,
                     Query& query) {
  if (LooksLikePhone(text)) return AddPhone(text, country, query);
  query.names = QueryWords(text);
  if (query.names.size() > kMaxQueryWords) {
    return absl::InvalidArgumentError("more than 16 words to look for");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Query> ClassifyQuery(std::span<const std::string> words,
                                    const Country& country) {
  Query query;
  std::string rest;
  for (const std::string& word : words) {
    if (!IsValidUtf8(word)) {
      return absl::InvalidArgumentError("a word to look for is not UTF-8");
    }
    if (word.find('@') == std::string::npos) {
      rest.append(word).append(" ");
      continue;
    }
    const absl::Status added = AddEmail(word, query);
    if (!added.ok()) return added;
  }
  const absl::Status added = AddRest(rest, country, query);
  if (!added.ok()) return added;
  if (query.names.empty() && query.emails.empty() && !query.phone) {
    return absl::InvalidArgumentError("nothing to look for");
  }
  return query;
}

}  // namespace sodality::text
