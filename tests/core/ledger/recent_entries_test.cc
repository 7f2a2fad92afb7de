#include "server/core/ledger/recent_entries.h"

#include <gtest/gtest.h>

#include "server/core/ledger/entry_codec.h"
#include "tests/core/ledger/ledger_fixture.h"

namespace sodality::core {
namespace {

Concerned By(uint8_t actor, std::vector<store::LedgerTag> members) {
  return {.actor = {{actor}}, .members = std::move(members)};
}

TEST(RecentEntriesTest, FindsWhatItWasToldAndNothingElse) {
  RecentEntries recent;
  EXPECT_FALSE(recent.Find(0));
  EXPECT_FALSE(recent.Find(1));
  recent.Note(7, By(1, {}));
  recent.Note(8, By(2, {{{5}}, {{6}}}));
  EXPECT_FALSE(recent.Find(6));
  EXPECT_EQ(recent.Find(7)->actor, PrincipalId{{1}});
  EXPECT_EQ(recent.Find(8)->actor, PrincipalId{{2}});
  EXPECT_EQ(recent.Find(8)->members,
            (std::vector<store::LedgerTag>{{{5}}, {{6}}}));
  EXPECT_FALSE(recent.Find(9));
}

TEST(RecentEntriesTest, DropsTheOldestForRoom) {
  RecentEntries recent(/*max_ids=*/4);
  recent.Note(1, By(1, {{{1}}}));
  recent.Note(2, By(2, {{{2}}}));
  recent.Note(3, By(3, {}));
  EXPECT_FALSE(recent.Find(1));
  EXPECT_EQ(recent.Find(2)->actor, PrincipalId{{2}});
  recent.Note(4, By(4, {{{1}}, {{2}}, {{3}}, {{4}}}));
  for (uint64_t n = 1; n <= 5; ++n) EXPECT_FALSE(recent.Find(n)) << n;
  recent.Note(5, By(5, {}));
  EXPECT_EQ(recent.Find(5)->actor, PrincipalId{{5}});
}

class ReadConcernedTest : public LedgerFixture {};

TEST_F(ReadConcernedTest, SaysTheSameFromMemoryAndFromTheFile) {
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0, 1})).ok());
  const auto fresh = ledger_->ReadConcerned(1);
  ASSERT_TRUE(fresh.ok()) << fresh.status();
  EXPECT_EQ(fresh->members.size(), 2u);
  EntryDraft large = Look({});
  large.members.assign(kMaxEntryParts, members_[0].Part());
  for (size_t n = 0; n <= RecentEntries::kMaxIds; n += large.members.size()) {
    ASSERT_TRUE(Append(large, 0).ok());
  }
  const auto read = ledger_->ReadConcerned(1);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->actor, fresh->actor);
  EXPECT_EQ(read->members, fresh->members);
  EXPECT_TRUE(absl::IsNotFound(
      ledger_->ReadConcerned(ledger_->head().number + 1).status()));
}

}  // namespace
}  // namespace sodality::core
