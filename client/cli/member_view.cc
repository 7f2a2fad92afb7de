#include "client/cli/member_view.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <utility>

#include "client/cli/table.h"
#include "client/cli/values.h"
#include "text/normalise.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

constexpr std::array<std::string_view, 4> kNameFields = {
    "given_name", "preferred_name", "middle_name", "family_name"};
constexpr std::string_view kMask = "\u2022\u2022\u2022\u2022\u2022\u2022";
constexpr size_t kListColumns = 60;

std::string Joined(const std::vector<std::string>& values) {
  std::string joined;
  for (const std::string& value : values) {
    if (!joined.empty()) joined += "; ";
    joined += value;
  }
  return joined;
}

// With commas, in lines of at most kListColumns.
std::string Wrapped(const std::vector<std::string>& names) {
  std::string text;
  size_t column = 0;
  for (const std::string& name : names) {
    if (!text.empty()) {
      const bool fits = column + 2 + name.size() <= kListColumns;
      text += fits ? ", " : ",\n";
      column = fits ? column + 2 : 0;
    }
    text += name;
    column += name.size();
  }
  return text;
}

std::string ValueOf(const Member& member, std::string_view name) {
  for (const Field& field : member.fields) {
    if (field.name == name) return Joined(field.values);
  }
  return "";
}

bool IsNameField(std::string_view name) {
  return std::find(kNameFields.begin(), kNameFields.end(), name) !=
         kNameFields.end();
}

// Field names other than names of people, in the order of first sight.
std::vector<std::string> ColumnsOf(const std::vector<Member>& members) {
  std::vector<std::string> columns;
  for (const Member& member : members) {
    for (const Field& field : member.fields) {
      const bool known = std::find(columns.begin(), columns.end(),
                                   field.name) != columns.end();
      if (!known && !IsNameField(field.name)) columns.push_back(field.name);
    }
  }
  return columns;
}

std::string Heading(std::string_view field) {
  std::string heading(field);
  for (char& c : heading) {
    if (c == '_') c = ' ';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return heading;
}

using SortKey = std::tuple<std::string, std::string, std::string>;

SortKey SortKeyOf(const Member& member) {
  return {text::Normalise(ValueOf(member, "family_name")),
          text::Normalise(ValueOf(member, "given_name")), member.id};
}

}  // namespace

std::string NameOf(const Member& member) {
  const std::string given = ValueOf(member, "given_name");
  const std::string preferred = ValueOf(member, "preferred_name");
  std::string name = given;
  if (!preferred.empty() && preferred != given) {
    name = given.empty() ? preferred : given + " (" + preferred + ")";
  }
  for (const char* field : {"middle_name", "family_name"}) {
    const std::string part = ValueOf(member, field);
    if (part.empty()) continue;
    name += (name.empty() ? "" : " ") + part;
  }
  return name.empty() ? member.id : name;
}

void SortByName(std::vector<Member>* members) {
  std::vector<std::pair<SortKey, Member>> keyed;
  keyed.reserve(members->size());
  for (Member& member : *members) {
    SortKey key = SortKeyOf(member);
    keyed.emplace_back(std::move(key), std::move(member));
  }
  std::sort(keyed.begin(), keyed.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < keyed.size(); ++i) {
    (*members)[i] = std::move(keyed[i].second);
  }
}

std::string RenderTable(const std::vector<Member>& members,
                        const Session& session) {
  const std::vector<std::string> columns = ColumnsOf(members);
  std::vector<std::string> header = {"ID", "NAME"};
  for (const std::string& column : columns) header.push_back(Heading(column));
  Table table(std::move(header));
  for (const Member& member : members) {
    std::vector<std::string> cells = {member.id, NameOf(member)};
    for (const std::string& column : columns) {
      cells.push_back(ValueOf(member, column));
    }
    table.Add(std::move(cells));
  }
  return table.Render(session.Style());
}

std::string RenderRecord(const Member& member, const Session& session) {
  std::vector<Line> lines = {{"id", member.id},
                             {"revision", std::to_string(member.revision)}};
  for (const Field& field : member.fields) {
    lines.push_back({field.name, Joined(field.values)});
  }
  if (!member.hidden.empty()) {
    lines.push_back({std::string(kMask), Wrapped(member.hidden)});
  }
  const std::string name = NameOf(member);
  const std::string title =
      name == member.id ? "" : session.Strong(text::Printable(name)) + "\n";
  return title + RenderLines(lines, "  ");
}

absl::StatusOr<roster::FieldCatalogue> LoadCatalogue(const Client& client) {
  const auto schema = client.GetSchema();
  if (!schema.ok()) return schema.status();
  if (schema->empty()) return roster::FieldCatalogue::Default();
  return roster::FieldCatalogue::FromSchema(*schema);
}

}  // namespace sodality::cli
