#include "tests/model/history.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/pki/csr.h"
#include "tests/faults/fault_disk.h"

namespace sodality::model {
namespace {

using core::Inputs;
using core::Secrets;
using std::chrono::hours;
using std::chrono::minutes;

const std::vector<std::string> kGiven = {"Maria", "Marta", "Mario", "Mo"};
const std::vector<std::string> kFamily = {"Gonzalo", "Gonzales", "Li", "Lin"};
const std::vector<std::string> kGivenWords = {"maria", "mar", "mart", "mo",
                                              "mari"};
const std::vector<std::string> kFamilyWords = {"gon", "gonzal", "li", "lin",
                                               "gonzalo"};
const std::vector<std::string> kRegions = {"North", "South", "East"};
constexpr size_t kExternalIds = 12;

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

}  // namespace

History::History(uint64_t seed) : random_(seed), ids_(seed), world_(ids_) {
  SetUp();
}

size_t History::Below(size_t n) { return static_cast<size_t>(random_() % n); }

void History::Remember(const core::Caller& caller) {
  certificates_[caller.principal] = world_.chapter()
                                        .access()
                                        .FindDevice(caller.device)
                                        ->certificates.back()
                                        .fingerprint;
}

void History::SetUp() {
  const auto ada = world_.FoundWithAdmin("Ada");
  ASSERT_TRUE(ada.ok()) << ada.status();
  ada_ = ada->principal;
  Remember(*ada);
  model_.people[ada_] = {"Ada", ada_, core::Role::kAdmin};
  const std::vector<std::pair<std::string, core::Role>> others = {
      {"Bea", Role::kAdmin},
      {"Cora", Role::kCoordinator},
      {"Dan", Role::kCoordinator},
      {"Sam", Role::kSource}};
  for (const auto& [name, role] : others) {
    const auto caller = world_.Enrol(*ada, name, role);
    ASSERT_TRUE(caller.ok()) << caller.status();
    Remember(*caller);
    model_.people[caller->principal] = {name, caller->principal, role};
  }
  const auto grant = world_.chapter().access().grants().front();
  ada_grant_ = grant->id;
  model_.grants[ada_grant_] = {
      ada_, grant->classes, {}, grant->budget, grant->not_after};
  // Only now are all names durable: setting up is not what is tested.
  world_.Close();
  world_.disk().Restart();
  Reopen();
  before_ = world_.chapter().ledger().head().number;
  leaf_ = world_.chapter().ledger().head().leaf;
}

void History::Run(int steps) {
  for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) Step();
}

std::string History::Tail() const {
  std::string text;
  for (const std::string& act : acts_) absl::StrAppend(&text, "\n  ", act);
  return text;
}

void History::Note(const std::string& act) {
  acts_.push_back(act);
  if (acts_.size() > 25) acts_.pop_front();
}

void History::Step() {
  using Act = void (History::*)();
  static const std::vector<std::pair<size_t, Act>> kActs = {
      {14, &History::Get},           {14, &History::Search},
      {12, &History::NextPage},      {14, &History::Create},
      {14, &History::Update},        {3, &History::Erase},
      {5, &History::Push},           {6, &History::GiveGrant},
      {3, &History::RevokeGrant},    {1, &History::RevokeDevice},
      {2, &History::Suspend},        {2, &History::Rejoin},
      {1, &History::Renew},          {3, &History::Lists},
      {4, &History::Wait},           {1, &History::Restart},
      {3, &History::KillDuringAnAct}};
  size_t all = 0;
  for (const auto& [weight, act] : kActs) all += weight;
  size_t drawn = Below(all);
  for (const auto& [weight, act] : kActs) {
    if (drawn < weight) {
      (this->*act)();
      break;
    }
    drawn -= weight;
  }
  if (!world_.is_open()) return;
  CheckEntries();
  CheckBudgets();
}

// ---- Draws -----------------------------------------------------------------

PrincipalId History::Somebody() { return AnyOf(model_.people).first; }

// Mostly somebody who may.
As History::AnybodyThroughAGrant() {
  As as{Somebody(), std::nullopt, world_.clock().Now()};
  if (Chance(25)) as.who = ada_;
  std::vector<GrantId> live;
  for (const auto& [id, grant] : model_.grants) {
    if (!grant.revoked && as.now < grant.not_after) live.push_back(id);
  }
  if (Chance(80)) {
    const GrantId& one = AnyOf(live);
    as.who = model_.grants.at(one).principal;
    if (Chance(80)) as.grant = one;
  }
  if (Chance(4)) as.grant = AnyOf(model_.grants).first;
  return as;
}

MemberId History::SomeMember() {
  if (!model_.members.empty() && Chance(80)) return AnyOf(model_.members).first;
  if (known_.empty() || Chance(20)) return MemberId{{9, 9, 9}};
  return AnyOf(known_);
}

Fields History::SomeFields(bool new_member) {
  const size_t likely = new_member ? 60 : 25;
  Fields fields;
  const auto value = [&](std::string text) {
    return !new_member && Chance(25) ? std::string() : text;
  };
  if (Chance(new_member ? 92 : 25)) fields["given_name"] = value(AnyOf(kGiven));
  if (Chance(likely)) fields["family_name"] = value(AnyOf(kFamily));
  if (Chance(likely)) fields["region"] = value(AnyOf(kRegions));
  if (Chance(likely / 2)) {
    fields["email"] = value(absl::StrCat("m", Below(5), "@example.org"));
  }
  if (Chance(likely / 2)) fields["notes"] = value(absl::StrCat("n", Below(9)));
  if (Chance(likely / 2)) {
    fields["external_id"] = value(absl::StrCat("X", Below(kExternalIds)));
  }
  if (fields.empty()) fields["notes"] = absl::StrCat("n", Below(9));
  return fields;
}

Question History::SomeQuestion() {
  Question question;
  question.page_size = 1 + Below(3);
  question.showing = static_cast<Showing>(Below(3));
  if (Chance(60)) question.words.push_back(AnyOf(kGivenWords));
  if (Chance(20)) question.words.push_back(AnyOf(kFamilyWords));
  if (question.words.empty() || Chance(20)) {
    const size_t kind = Below(3);
    if (kind == 0) question.filter = {"region", AnyOf(kRegions)};
    if (kind == 1) {
      question.filter = {"email", absl::StrCat("m", Below(5), "@example.org")};
    }
    if (kind == 2) {
      question.filter = {"external_id", absl::StrCat("X", Below(kExternalIds))};
    }
  }
  return question;
}

// ---- Comparing -------------------------------------------------------------

std::optional<core::Caller> History::CallerOf(const PrincipalId& who) {
  const auto caller = world_.chapter().access().Identify(certificates_.at(who),
                                                         world_.clock().Now());
  EXPECT_EQ(VerdictOf(caller.status()), model_.Identify(who));
  if (!caller.ok()) return std::nullopt;
  return *caller;
}

void History::Expect(const Verdict& expected, const absl::Status& real) {
  EXPECT_EQ(VerdictOf(real), expected) << real;
  std::ostringstream text;
  text << "      " << expected;
  Note(text.str());
}

void History::Again(const Call& call) {
  if (!Chance(15)) return;
  Note("      the same once more");
  const absl::Status again = call();
  EXPECT_TRUE(again.ok()) << again;
}

void History::CheckEntries() {
  core::Ledger& ledger = world_.chapter().ledger();
  ASSERT_EQ(ledger.head().number - before_, model_.entries.size());
  for (; checked_ < model_.entries.size(); ++checked_) {
    const Entry& expected = model_.entries[checked_];
    const auto entry = ledger.Read(before_ + checked_ + 1);
    ASSERT_TRUE(entry.ok()) << entry.status();
    const core::EntryHeader& header = entry->header;
    EXPECT_EQ(header.previous, leaf_);
    leaf_ = entry->leaf;
    EXPECT_EQ(header.action, expected.action);
    EXPECT_EQ(header.outcome, expected.outcome);
    EXPECT_EQ(header.actor, expected.actor);
    EXPECT_EQ(header.grant, expected.grant);
    ASSERT_EQ(header.parts.size(), expected.members.size())
        << core::ActionName(expected.action);
    for (size_t i = 0; i < expected.members.size(); ++i) {
      const MemberId& member = expected.members[i];
      const auto known = tags_.emplace(member, header.parts[i].tag);
      EXPECT_EQ(known.first->second, header.parts[i].tag)
          << "another member, or another order";
    }
  }
}

void History::CheckBudgets() {
  const Timestamp now = world_.clock().Now();
  for (const auto& [id, grant] : model_.grants) {
    const core::Budget left = world_.chapter().ledger().Left(id, grant.budget);
    const core::Budget expected = model_.Left(id, now);
    EXPECT_EQ(left.per_hour, expected.per_hour);
    EXPECT_EQ(left.per_day, expected.per_day);
    EXPECT_EQ(left.in_all, expected.in_all);
  }
}

// ---- Acts ------------------------------------------------------------------

void History::Get() {
  const As as = AnybodyThroughAGrant();
  const MemberId member = SomeMember();
  const auto showing = static_cast<Showing>(Below(3));
  Note(absl::StrCat(model_.people.at(as.who).name, " gets"));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const auto real = world_.Get(*caller, {member, as.grant, ViewOf(showing)});
  Seen seen;
  Expect(model_.Get(as, member, showing, seen), real.status());
  if (real.ok()) {
    EXPECT_EQ(SeenOf(*real), seen);
  }
}

void History::Search() { Ask(AnybodyThroughAGrant(), SomeQuestion(), ""); }

void History::NextPage() {
  if (!asked_) return Search();
  Asked asked = *asked_;
  asked.as.now = world_.clock().Now();
  GrantId through;
  const bool same = model_.Reach(asked.as, through).ok() &&
                    through == asked.grant &&
                    model_.grants.at(through).version == asked.version;
  asked.question.bad_token =
      !same || asked.process != process_ || asked.as.now >= asked.expires;
  Ask(asked.as, asked.question, asked.token);
}

void History::Ask(const As& as, Question question, const std::string& token) {
  Note(absl::StrCat(model_.people.at(as.who).name, " searches ",
                    question.words.size(), " words, pages of ",
                    question.page_size, token.empty() ? "" : ", next page"));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  core::SearchQuery query;
  query.words = Secrets(question.words);
  if (question.filter) {
    query.filters.push_back({question.filter->first,
                             std::move(Secrets({question.filter->second})[0])});
  }
  query.grant = as.grant;
  query.view = ViewOf(question.showing);
  query.page_size = static_cast<int>(question.page_size);
  query.page_token = token;
  const auto real = world_.Search(*caller, std::move(query));
  Page page;
  Expect(model_.Search(as, question, page), real.status());
  asked_.reset();
  if (!real.ok()) return;
  std::vector<Seen> seen;
  for (const auto& member : real->members) seen.push_back(SeenOf(member));
  EXPECT_EQ(seen, page.members);
  EXPECT_EQ(!real->next_page_token.empty(), page.more);
  if (seen.empty() || real->next_page_token.empty()) return;
  question.after = seen.back().id;
  GrantId through;
  (void)model_.Reach(as, through);
  asked_ = Asked{as,
                 std::move(question),
                 real->next_page_token,
                 through,
                 model_.grants.at(through).version,
                 process_,
                 world_.clock().Now() + hours(1)};
}

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
    const std::string external = absl::StrCat("X", Below(kExternalIds));
    Fields row{{"external_id", external}, {"given_name", AnyOf(kGiven)}};
    if (Chance(50)) row["region"] = AnyOf(kRegions);
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

void History::GiveGrant() {
  const As as{Chance(70) ? ada_ : Somebody(), std::nullopt,
              world_.clock().Now()};
  Grant grant;
  grant.principal = Somebody();
  for (const FieldClass one :
       {FieldClass::kBasic, FieldClass::kContact, FieldClass::kSensitive}) {
    if (Chance(one == FieldClass::kBasic ? 90 : 50)) {
      grant.classes.push_back(one);
    }
  }
  if (grant.classes.empty()) grant.classes = {FieldClass::kBasic};
  if (Chance(40)) grant.regions.insert(AnyOf(kRegions));
  if (Chance(20)) grant.regions.insert(AnyOf(kRegions));
  const auto limit = [&] {
    return Chance(40) ? static_cast<uint32_t>(1 + Below(6)) : 0;
  };
  grant.budget = {limit(), limit(), limit()};
  grant.not_after = as.now + (Chance(5) ? hours(0) : hours(1 + Below(90)));
  Note(absl::StrCat(model_.people.at(as.who).name, " grants to ",
                    model_.people.at(grant.principal).name));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  core::GrantInput input;
  input.principal = model_.people.at(grant.principal).name;
  for (const std::string& region : grant.regions) {
    input.scopes.push_back({"region", region});
  }
  input.classes = grant.classes;
  input.purpose = "phone bank";
  input.not_after = grant.not_after;
  input.budget = grant.budget;
  input.request = core::NewRequest();
  const auto call = [&] {
    return world_.chapter().access_control().CreateGrant(*caller, input);
  };
  const auto real = call();
  const GrantId id = real.ok() ? *real : GrantId{};
  Expect(model_.GiveGrant(as, grant, id), real.status());
  if (real.ok()) Again([&] { return call().status(); });
}

void History::RevokeGrant() {
  GrantId id = AnyOf(model_.grants).first;
  if (id == ada_grant_) id = GrantId{{8}};
  const As as{Chance(60) ? ada_ : Somebody(), std::nullopt,
              world_.clock().Now()};
  Note(absl::StrCat(model_.people.at(as.who).name, " revokes a grant"));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const core::RequestId request = core::NewRequest();
  const auto call = [&] {
    return world_.chapter().access_control().RevokeGrant(*caller, id, request);
  };
  const absl::Status real = call();
  Expect(model_.RevokeGrant(as, id), real);
  if (real.ok()) Again(call);
}

void History::RevokeDevice() {
  const PrincipalId of = Somebody();
  if (of == ada_ && model_.LeavesAnAdmin(ada_)) return;
  const As as{Chance(60) ? ada_ : Somebody(), std::nullopt,
              world_.clock().Now()};
  Note(absl::StrCat(model_.people.at(as.who).name, " revokes a device of ",
                    model_.people.at(of).name));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  std::optional<core::DeviceId> device;
  for (const auto& one : world_.chapter().access().devices()) {
    const auto& held = one->certificates;
    const bool its = std::any_of(held.begin(), held.end(), [&](const auto& c) {
      return c.fingerprint == certificates_.at(of);
    });
    if (its) device = one->id;
  }
  ASSERT_TRUE(device.has_value());
  const absl::Status real = world_.chapter().access_control().RevokeDevice(
      *caller, *device, core::NewRequest());
  Expect(model_.RevokeDevice(as, of), real);
}

void History::Suspend() {
  const PrincipalId of = Somebody();
  const bool lift = model_.people.at(of).suspended || Chance(30);
  if (of == ada_ && !lift && model_.LeavesAnAdmin(ada_)) return;
  const As as{Chance(70) ? ada_ : Somebody(), std::nullopt,
              world_.clock().Now()};
  Note(absl::StrCat(model_.people.at(as.who).name, lift ? " lifts " : " bars ",
                    model_.people.at(of).name));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const absl::Status real = world_.chapter().access_control().SuspendPrincipal(
      *caller, model_.people.at(of).name, lift, core::NewRequest());
  Expect(model_.Suspend(as, of, lift), real);
}

// Whoever lost their device gets another.
void History::Rejoin() {
  for (auto& [id, person] : model_.people) {
    if (!person.revoked || person.suspended) continue;
    Note(person.name + " joins again");
    const auto ada = CallerOf(ada_);
    ASSERT_TRUE(ada.has_value());
    const auto caller = world_.Enrol(*ada, person.name, person.role);
    ASSERT_TRUE(caller.ok()) << caller.status();
    EXPECT_EQ(caller->principal, id);
    Remember(*caller);
    person.revoked = false;
    model_.entries.push_back({Action::kCreateInvite, Outcome::kDone, ada_});
    model_.entries.push_back({Action::kRedeemInvite, Outcome::kDone, id});
    return;
  }
}

void History::Renew() {
  const PrincipalId who = Somebody();
  Note(absl::StrCat(model_.people.at(who).name, " renews"));
  const auto caller = CallerOf(who);
  if (!caller) return;
  const auto key = pki::PrivateKey::Generate();
  const auto renewed = world_.chapter().enrollment().Renew(
      *caller, pki::CertificateRequest::Create(*key)->der());
  EXPECT_TRUE(renewed.ok()) << renewed.status();
  model_.entries.push_back({Action::kRenewCertificate, Outcome::kDone, who});
  Remember(*caller);  // Of many certificates the oldest is dropped.
}

void History::CheckList(const core::EntryQuery& query,
                        const std::vector<size_t>& all) {
  std::vector<size_t> listed;
  core::EntryQuery page = query;
  do {
    const auto found = world_.chapter().ledger_reader().List(page);
    ASSERT_TRUE(found.ok()) << found.status();
    for (const auto& entry : found->entries) {
      if (entry.header.number <= before_) continue;
      listed.push_back(entry.header.number - before_ - 1);
    }
    page.before = found->next_before;
  } while (page.before != 0);
  std::reverse(listed.begin(), listed.end());
  EXPECT_EQ(listed, all);
}

void History::Lists() {
  const PrincipalId who = Somebody();
  Note("the ledger is listed");
  if (Chance(50)) {
    EXPECT_TRUE(world_.chapter().ledger_reader().UpdateIndex().ok());
  }
  std::vector<size_t> by_actor;
  for (size_t i = 0; i < model_.entries.size(); ++i) {
    if (model_.entries[i].actor == who) by_actor.push_back(i);
  }
  core::EntryQuery query;
  query.actor = who;
  query.limit = 1 + Below(60);
  CheckList(query, by_actor);
  if (model_.members.empty()) return;
  const MemberId member = AnyOf(model_.members).first;
  const auto ada = CallerOf(ada_);
  ASSERT_TRUE(ada.has_value());
  const auto key =
      world_.chapter().directory().LedgerKeyOf(*ada, member, ada_grant_);
  ASSERT_TRUE(key.ok()) << key.status();
  std::vector<size_t> by_member;
  for (size_t i = 0; i < model_.entries.size(); ++i) {
    const auto& members = model_.entries[i].members;
    if (std::count(members.begin(), members.end(), member) != 0) {
      by_member.push_back(i);
    }
  }
  query.actor.reset();
  query.member = &*key;
  CheckList(query, by_member);
}

void History::Wait() {
  static const std::vector<minutes> kWaits = {minutes(1), minutes(20),
                                              minutes(40), minutes(300)};
  const minutes wait = AnyOf(kWaits);
  // The first grant lives for 30 days, and Ada needs it.
  if (world_.clock().Now() + hours(24) >
      model_.grants.at(ada_grant_).not_after) {
    return;
  }
  Note(absl::StrCat(wait.count(), " minutes pass"));
  world_.clock().Advance(wait);
}

void History::Reopen() {
  const absl::Status opened = world_.Open();
  ASSERT_TRUE(opened.ok()) << opened;
  ++process_;
  const absl::Status members = world_.chapter().CheckMembers();
  EXPECT_TRUE(members.ok()) << members;
}

void History::Restart() {
  Note("a restart");
  Reopen();
}

// The process or the power goes at some operation of an act, or of the closing
// behind it: what was answered stands, and what was not, stands or does not.
void History::KillDuringAnAct() {
  using faults::Mishap;
  static const std::vector<Mishap> kWays = {Mishap::kKill, Mishap::kPowerCut,
                                            Mishap::kShuffles};
  const As as{ada_, ada_grant_, world_.clock().Now()};
  const auto ada = CallerOf(ada_);
  ASSERT_TRUE(ada.has_value());
  const MemberId member = SomeMember();
  const Fields fields = SomeFields(/*new_member=*/false);
  DirectoryModel done = model_;
  const bool edits = Chance(60);
  faults::DiskFault fault{.mishap = AnyOf(kWays)};
  fault.nth = static_cast<int>(1 + Below(40));
  fault.seed = static_cast<uint32_t>(random_());
  Note(absl::StrCat(edits ? "an edit" : "a look", " is cut off at operation ",
                    fault.nth, " by ", static_cast<int>(fault.mishap)));
  world_.disk().Arm(fault);
  absl::Status real;
  Verdict expected;
  if (edits) {
    core::UpdateInput input{0, Inputs(CellsOf(fields)), {}, core::NewRequest()};
    for (const auto& [name, value] : fields) input.mask.push_back(name);
    real = world_.chapter()
               .directory()
               .Update(*ada, member, ada_grant_, input)
               .status();
    expected = done.Update(as, member, 0, fields);
  } else {
    Seen seen;
    real = world_.Get(*ada, {member, ada_grant_, {.reveal = true}}).status();
    expected = done.Get(as, member, Showing::kAll, seen);
  }
  world_.Close();
  const bool cut = world_.disk().struck();
  world_.disk().Restart();
  Reopen();
  if (testing::Test::HasFatalFailure()) return;
  const bool told = VerdictOf(real) == expected;
  if (!told) {
    EXPECT_TRUE(cut && VerdictOf(real).reason == Reason::kStoreStopped) << real;
  }
  const size_t entries = world_.chapter().ledger().head().number - before_;
  if (told || entries == done.entries.size()) model_ = std::move(done);
}

}  // namespace sodality::model
