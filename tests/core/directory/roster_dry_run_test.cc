// What a dry run tells, and leaves behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/directory/roster_fixture.h"

namespace sodality::core {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

using RosterDryRunTest = RosterFixture;

TEST_F(RosterDryRunTest, ADryRunCountsAlikeAndStoresNothing) {
  const Rows rows = {{{"external_id", {"1"}}, {"given_name", {"Ana"}}},
                     {{"external_id", {"1"}}, {"city", {"A"}}},
                     {{"given_name", {"x"}}, {"email", {"zebra"}}}};
  const size_t before = chapter_.ledger.size();
  const RosterCounts dry = Push(rows, {.dry_run = true});
  EXPECT_EQ(Members(), 0u);
  EXPECT_EQ(chapter_.ledger.size(), before + 1);
  EXPECT_EQ(chapter_.ledger.last().action, Action::kPushRoster);
  const RosterCounts wet = Push(rows);
  EXPECT_EQ(Sums(dry), Sums(wet));
  EXPECT_EQ(dry.invalid_rows, wet.invalid_rows);
}

// It tells whether somebody's values are those of the row.
TEST_F(RosterDryRunTest, ADryRunIsALookAtThoseWhomItFinds) {
  Push({{{"external_id", {"1"}}, {"given_name", {"Ana"}}},
        {{"external_id", {"2"}}, {"given_name", {"Ben"}}}});
  Push({{{"external_id", {"1"}}, {"birthday", {"1990-05-06"}}},
        {{"external_id", {"3"}}, {"given_name", {"Cem"}}}},
       {.dry_run = true});
  EXPECT_THAT(chapter_.ledger.last().members, SizeIs(1));
  EXPECT_EQ(Members(), 2u);
}

TEST_F(RosterDryRunTest, ADryRunKnowsWhatEarlierBatchesWouldAdd) {
  const Rows rows = {{{"external_id", {"1"}}, {"given_name", {"Ana"}}}};
  auto push = Begin({.dry_run = true});
  ASSERT_TRUE(push->Add(Numbered(rows)).ok());
  ASSERT_TRUE(push->Add(Numbered(rows, 2)).ok());
  EXPECT_THAT(Sums(push->Finish().value()), ElementsAre(1, 0, 1));
}

}  // namespace
}  // namespace sodality::core
