#include "tests/model/spoken.h"

#include "absl/strings/str_cat.h"

namespace sodality::model {

core::Cells CellsOf(const Fields& fields) {
  core::Cells cells;
  for (const auto& [name, value] : fields) {
    if (!value.empty()) cells.push_back({name, {value}});
  }
  return cells;
}

core::View ViewOf(Showing showing) {
  core::View view;
  view.reveal = showing == Showing::kAll;
  if (showing == Showing::kNotes) view.fields = {"notes"};
  return view;
}

Seen SeenOf(const core::ProjectedMember& member) {
  Seen seen{member.id, member.revision, {}, {}};
  for (const auto& [name, values] : core::ShownIn(member)) {
    seen.fields[name] = values.front();
  }
  for (const core::FieldSpec* spec : member.hidden) {
    seen.hidden.insert(spec->name);
  }
  return seen;
}

std::string Told(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&text, " ", name, "=", value);
  }
  return text;
}

}  // namespace sodality::model
