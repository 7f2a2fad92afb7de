// Members added, edited, erased and pushed.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/model/history.h"
#include "tests/model/spoken.h"

namespace sodality::model {

using core::Inputs;
using core::Secrets;

void History::Create() {
  const As as = AnybodyThroughAGrant();
  const Fields fields = SomeFields(/*new_member=*/true);
  Note(absl::StrCat(model_.people.at(as.who).name, " adds", Told(fields)));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const core::RequestId request = core::NewRequest();
  const auto call = [&] {
    return world_.chapter().directory().Create(
        *caller, {Inputs(CellsOf(fields)), as.grant, request});
  };
  const auto real = call();
  const MemberId id = real.ok() ? real->id : MemberId{};
  Expect(model_.Create(as, fields, id), real.status());
  if (!real.ok()) return;
  EXPECT_EQ(real->revision, 1u);
  known_.push_back(id);
  Again([&] {
    const auto again = call();
    if (again.ok()) {
      EXPECT_EQ(again->id, id);
    }
    return again.status();
  });
}

void History::Update() {
  const As as = AnybodyThroughAGrant();
  const MemberId member = SomeMember();
  const Fields fields = SomeFields(/*new_member=*/false);
  const auto known = model_.members.find(member);
  uint64_t revision = 0;
  if (Chance(50) && known != model_.members.end()) {
    revision = known->second.revision + (Chance(25) ? 1 : 0);
  }
  Note(absl::StrCat(model_.people.at(as.who).name, " edits", Told(fields)));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const core::RequestId request = core::NewRequest();
  const auto call = [&] {
    core::UpdateInput input{revision, Inputs(CellsOf(fields)), {}, request};
    for (const auto& [name, value] : fields) input.mask.push_back(name);
    return world_.chapter().directory().Update(*caller, member, as.grant,
                                               input);
  };
  const auto real = call();
  Expect(model_.Update(as, member, revision, fields), real.status());
  if (!real.ok()) return;
  EXPECT_EQ(real->revision, model_.members.at(member).revision);
  Again([&] { return call().status(); });
}

void History::Erase() {
  const As as = AnybodyThroughAGrant();
  const MemberId member = SomeMember();
  Note(absl::StrCat(model_.people.at(as.who).name, " erases"));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const core::RequestId request = core::NewRequest();
  const auto call = [&] {
    return world_.chapter().directory().Erase(*caller, member, as.grant,
                                              request);
  };
  const absl::Status real = call();
  Expect(model_.Erase(as, member), real);
  if (real.ok()) Again(call);
}

void History::Push() {
  std::map<std::string, Fields> rows;
  for (size_t i = 1 + Below(5); i > 0; --i) {
    const std::string external = SomeExternalId();
    Fields row{{"external_id", external}, {"given_name", SomeGivenName()}};
    if (Chance(50)) row["region"] = SomeRegion();
    rows[external] = row;
  }
  std::vector<Fields> list;
  std::vector<core::Cells> cells;
  for (const auto& [external, row] : rows) {
    list.push_back(row);
    cells.push_back(CellsOf(row));
  }
  As as{Somebody(), std::nullopt, world_.clock().Now()};
  Note(absl::StrCat(model_.people.at(as.who).name, " pushes ", list.size()));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const auto real = world_.Push(*caller, cells);
  RosterSums sums;
  Expect(model_.Push(as, list, sums), real.status());
  if (!real.ok()) return;
  const RosterSums told{real->added, real->changed, real->unchanged,
                        real->suppressed};
  EXPECT_EQ(told, sums);
  AdoptNew(list);
}

// Ada looks who was added.
void History::AdoptNew(const std::vector<Fields>& rows) {
  std::set<std::string> held;
  for (const auto& [id, member] : model_.members) {
    const auto external = member.fields.find("external_id");
    if (external != member.fields.end()) held.insert(external->second);
  }
  const auto ada = CallerOf(ada_);
  ASSERT_TRUE(ada.has_value());
  for (const Fields& row : rows) {
    const std::string& external = row.at("external_id");
    if (held.contains(external) || model_.suppressed.contains(external)) {
      continue;
    }
    Question question;
    question.filter = {"external_id", external};
    question.showing = Showing::kAll;
    core::SearchQuery query;
    query.filters.push_back(
        {"external_id", std::move(Secrets({external}).front())});
    query.grant = ada_grant_;
    query.view.reveal = true;
    const auto real = world_.Search(*ada, std::move(query));
    ASSERT_TRUE(real.ok()) << real.status();
    ASSERT_EQ(real->members.size(), 1u) << "a row was not added, or twice";
    model_.Adopt(real->members[0].id, row);
    known_.push_back(real->members[0].id);
    Page page;
    Expect(
        model_.Search({ada_, ada_grant_, world_.clock().Now()}, question, page),
        real.status());
    EXPECT_EQ(SeenOf(real->members[0]), page.members.at(0));
  }
}

}  // namespace sodality::model
