// Looks, searches and listings of the ledger.
#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/model/history.h"
#include "tests/model/spoken.h"

namespace sodality::model {

using core::Secrets;
using std::chrono::hours;

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

}  // namespace sodality::model
