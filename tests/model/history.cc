// The history itself: who there is, the next act, and what must then be equal.
#include "tests/model/history.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace sodality::model {

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
      {2, &History::BeginRotation},  {2, &History::GoOnWithRotation},
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

}  // namespace sodality::model
