#include "server/core/ledger/ledger_reader.h"

#include "server/store/memory/memory_store.h"
#include "tests/core/ledger/ledger_fixture.h"

namespace sodality::core {
namespace {

class LedgerReaderTest : public LedgerFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Create().ok());
    reader_ = *LedgerReader::Create(store_, *ledger_, *keyring_);
  }
  void TearDown() override { reader_.reset(); }
  std::vector<uint64_t> Numbers(const EntryQuery& query) {
    std::vector<uint64_t> numbers;
    const auto page = reader_->List(query);
    EXPECT_TRUE(page.ok()) << page.status();
    for (const auto& entry : page->entries) {
      numbers.push_back(entry.header.number);
    }
    return numbers;
  }

  store::MemoryStore store_;
  std::unique_ptr<LedgerReader> reader_;
};

TEST_F(LedgerReaderTest, MemberSeesTheirOwnEntriesIndexedOrNot) {
  ASSERT_TRUE(Release(Look({0, 1})).ok());
  ASSERT_TRUE(Release(Look({1})).ok());
  ASSERT_TRUE(reader_->UpdateIndex().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  EXPECT_EQ(Numbers({.member = &members_[0].key}),
            (std::vector<uint64_t>{3, 1}));
  const auto page = reader_->List({.member = &members_[0].key});
  EXPECT_EQ(page->entries[0].fields, (std::vector<uint16_t>{1, 7}));
  EXPECT_EQ(page->entries[0].member_sequence, 2u);
  EXPECT_TRUE(Numbers({.member = &members_[4].key}).empty());
}

TEST_F(LedgerReaderTest, PagesBackwardsWithoutGapOrRepeat) {
  for (int i = 0; i < 25; ++i) {
    ASSERT_TRUE(Release(Look({static_cast<size_t>(i % 2)})).ok());
  }
  ASSERT_TRUE(reader_->UpdateIndex().ok());
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(Release(Look({0})).ok());
  std::vector<uint64_t> seen;
  EntryQuery query{.member = &members_[0].key, .limit = 4};
  do {
    const auto page = reader_->List(query);
    ASSERT_TRUE(page.ok());
    for (const auto& entry : page->entries) {
      seen.push_back(entry.header.number);
    }
    query.before = page->next_before;
  } while (query.before != 0);
  EXPECT_EQ(seen.size(), 13u + 6u);
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST_F(LedgerReaderTest, ListsByActorAndSince) {
  ASSERT_TRUE(Release(Look({0})).ok());
  clock_.Advance(std::chrono::hours(1));
  const Timestamp later = clock_.Now();
  EntryDraft other = Look({0});
  other.actor.bytes = {77};
  ASSERT_TRUE(Release(other).ok());
  ASSERT_TRUE(Release(Look({1})).ok());
  ASSERT_TRUE(reader_->UpdateIndex().ok());
  EXPECT_EQ(Numbers({.actor = PrincipalId{{77}}}), (std::vector<uint64_t>{2}));
  EXPECT_EQ(Numbers({.since = later}), (std::vector<uint64_t>{3, 2}));
  EXPECT_EQ(Numbers({}), (std::vector<uint64_t>{3, 2, 1}));
}

TEST_F(LedgerReaderTest, IndexIsBuiltAnewByAnotherReader) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Release(Look({0})).ok());
  ASSERT_TRUE(reader_->UpdateIndex().ok());
  reader_ = *LedgerReader::Create(store_, *ledger_, *keyring_);
  ASSERT_TRUE(Release(Look({0})).ok());
  ASSERT_TRUE(reader_->UpdateIndex().ok());
  EXPECT_EQ(Numbers({.member = &members_[0].key}),
            (std::vector<uint64_t>{4, 3, 2, 1}));
}

}  // namespace
}  // namespace sodality::core
