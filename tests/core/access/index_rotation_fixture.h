// A chapter whose index is rotated while members are asked for.
#ifndef SODALITY_TESTS_CORE_ACCESS_INDEX_ROTATION_FIXTURE_H_
#define SODALITY_TESTS_CORE_ACCESS_INDEX_ROTATION_FIXTURE_H_

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/core/waiter.h"
#include "tests/core/access/rotation_fixture.h"
#include "tests/core/cells.h"

namespace sodality::core {

class IndexRotationFixture : public RotationFixture {
 protected:
  // How often each member is shown to whoever asks for the name, page by page;
  // some of them are asked for by their own value, too.
  std::map<MemberId, int> Met() {
    const Members members = *Members::Create(chapter_->directory_parts());
    const FieldSpec& unique = *chapter_->schema().unique_field();
    std::map<MemberId, int> met;
    std::string page_token;
    do {
      SearchQuery query;
      query.words = Secrets({"nadia"});
      query.page_size = 100;
      query.page_token = page_token;
      Waiter<SearchResult> waiter;
      chapter_->directory().Search(admin_, query,
                                   [&](absl::StatusOr<SearchResult> result) {
                                     waiter.Set(std::move(result));
                                   });
      const auto page = waiter.Wait();
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok() || page->members.empty()) break;
      for (const ProjectedMember& member : page->members) ++met[member.id];
      const MemberId one = page->members.front().id;
      const auto found = members.FindByValue(
          unique, ComparedForm(unique, text::EncodeBase32(one.bytes)));
      EXPECT_TRUE(found.ok() && *found && (*found)->id() == one);
      page_token = page->next_page_token;
    } while (!page_token.empty());
    return met;
  }
  void ExpectAllMetOnce(size_t members) {
    const auto met = Met();
    EXPECT_EQ(met.size(), members);
    for (const auto& [id, times] : met) EXPECT_EQ(times, 1);
  }
  absl::StatusOr<Rotation> StartIndex() {
    return Start(RotationWork::kReindex);
  }
  // Those of the stored tokens that a put of this member has.
  static std::set<uint16_t> VersionsOf(const store::PutMember& put) {
    std::set<uint16_t> versions;
    for (const auto& token : put.tokens) versions.insert(token.index_version);
    return versions;
  }
  std::vector<uint64_t> IndexRecords() {
    std::vector<uint64_t> records;
    const KeysStatus status = *rotation().Status();
    for (const KeyVersion& version : status.versions) {
      if (version.info.kind == crypto::KeyKind::kIndex) {
        records.push_back(*version.records);
      }
    }
    return records;
  }
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_ACCESS_INDEX_ROTATION_FIXTURE_H_
