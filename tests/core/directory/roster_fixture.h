// Rosters pushed into a chapter by a source.
#ifndef SODALITY_TESTS_CORE_DIRECTORY_ROSTER_FIXTURE_H_
#define SODALITY_TESTS_CORE_DIRECTORY_ROSTER_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/core/roster.h"
#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {

using Rows = std::vector<Cells>;

class RosterFixture : public testing::Test {
 protected:
  std::unique_ptr<RosterPush> Begin(RosterOptions options = {}) {
    return *RosterPush::Begin(chapter_.parts, source_, std::move(options));
  }
  static std::vector<RosterRow> Numbered(const Rows& rows, uint64_t from = 1) {
    std::vector<RosterRow> numbered;
    for (const Cells& cells : rows) numbered.push_back({from++, Inputs(cells)});
    return numbered;
  }
  RosterCounts Push(const Rows& rows, RosterOptions options = {}) {
    auto push = Begin(std::move(options));
    const absl::Status added = push->Add(Numbered(rows));
    EXPECT_TRUE(added.ok()) << added;
    const RosterCounts counts = push->Finish().value();
    EXPECT_EQ(counts.rows, rows.size());
    EXPECT_EQ(counts.rows, counts.added + counts.changed + counts.unchanged +
                               counts.suppressed + counts.invalid_rows);
    return counts;
  }
  // added, changed, unchanged.
  static std::vector<uint64_t> Sums(const RosterCounts& counts) {
    return {counts.added, counts.changed, counts.unchanged};
  }
  Shown OnlyOne(const std::string& word) {
    SearchQuery query;
    query.words = Secrets({word});
    query.view.reveal = true;
    const auto found = chapter_.Search(chapter_.owner, std::move(query));
    EXPECT_TRUE(found.ok()) << found.status();
    if (!found.ok() || found->members.size() != 1) return {};
    return ShownIn(found->members.front());
  }
  uint64_t Members() { return chapter_.store.Counts()->members; }

  TestChapter chapter_{4};
  const Caller source_ = chapter_.MakeCaller(Role::kSource);
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_DIRECTORY_ROSTER_FIXTURE_H_
