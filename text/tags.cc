#include "text/tags.h"

#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "text/normalise.h"

namespace sodality::text {
namespace {

// What stands for one character of a normalised tag.
std::string_view EvenedOut(const char& c) {
  switch (c) {
    case '&':
      return " and ";
    case '-':
    case '_':
    case '/':
    case ',':
      return " ";
    case '\'':
    case '`':
    case '.':
      return "";
    default:
      return std::string_view(&c, 1);
  }
}

std::string Trimmed(std::string_view value) {
  const absl::string_view stripped =
      absl::StripAsciiWhitespace(absl::string_view(value.data(), value.size()));
  return std::string(stripped.data(), stripped.size());
}

}  // namespace

std::string NormaliseTag(std::string_view value) {
  std::string even;
  for (const char& c : Normalise(value)) even += EvenedOut(c);
  return Normalise(even);
}

bool SameTag(std::string_view a, std::string_view b) {
  const std::string normal = NormaliseTag(a);
  return !normal.empty() && normal == NormaliseTag(b);
}

std::vector<std::string> SplitList(std::string_view list, char separator) {
  std::vector<std::string> elements;
  std::set<std::string> seen;
  while (true) {
    const std::size_t end = list.find(separator);
    std::string element = Trimmed(list.substr(0, end));
    if (!element.empty() && seen.insert(Normalise(element)).second) {
      elements.push_back(std::move(element));
    }
    if (end == std::string_view::npos) return elements;
    list.remove_prefix(end + 1);
  }
}

}  // namespace sodality::text
