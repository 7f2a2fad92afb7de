// Stores of every released schema open and hold what they held.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "server/store/sqlcipher/sqlcipher_store.h"
#include "tests/compat/store_v1.h"
#include "tests/scratch.h"
#include "tests/store/sample.h"

namespace sodality::store {
namespace {

using compat::StoreV1Id;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class StoreV1 : public testing::Test {
 protected:
  void SetUp() override {
    // A copy: opening may migrate.
    std::filesystem::copy_file(SODALITY_COMPAT_DIR "/store_v1.db", path_);
    std::filesystem::permissions(path_,
                                 std::filesystem::perms::owner_read |
                                     std::filesystem::perms::owner_write);
    SqlcipherStore::Options options;
    options.path = path_;
    options.key = key_;
    auto store = SqlcipherStore::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  Scratch scratch_{Scratch::On::kMemory};
  const std::string path_ = scratch_ / "members.db";
  const std::vector<uint8_t> key_ = compat::StoreV1Key();
  std::unique_ptr<SqlcipherStore> store_;
};

TEST_F(StoreV1, HoldsItsMembersAndFindsThem) {
  EXPECT_EQ(store_->Counts()->members, 3u);
  EXPECT_THAT(store_->Counts()->members_by_wrap_version,
              ElementsAre(std::pair(1u, 2u), std::pair(2u, 1u)));
  for (const uint8_t first : compat::kStoreV1Members) {
    const auto record = store_->Get({StoreV1Id(first)});
    ASSERT_TRUE(record.ok()) << record.status();
    EXPECT_EQ(record->sealed, BytesOf("sealed record"));
    EXPECT_EQ(record->revision, first == 0x80 ? 2u : 1u);
    EXPECT_THAT(
        *store_->Find({{{{1, 4, first}}, {{1, 8, 5}}}}, std::nullopt, 9),
        SizeIs(1));
  }
}

TEST_F(StoreV1, HoldsEverythingElse) {
  EXPECT_EQ(store_->LastRevision().value(), 2u);
  EXPECT_EQ(store_->ReadDigest().value(), BytesOf("digest at 2"));
  EXPECT_THAT(store_->ReadOutbox().value(), SizeIs(2));
  const auto rows = store_->ReadAccessRows().value();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].id, StoreV1Id(1));
  EXPECT_EQ(rows[0].sealed, BytesOf("grant"));
  EXPECT_EQ(store_->FindRequest({StoreV1Id(2)}).value(), BytesOf("outcome"));
  EXPECT_EQ(store_->LedgerIndexedThrough().value(), 9u);
  EXPECT_THAT(store_->FindLedgerEntries({StoreV1Id(3)}, 0, 9).value(),
              ElementsAre(7));
  EXPECT_THAT(store_->CheckIntegrity().value(), IsEmpty());
}

TEST_F(StoreV1, TakesWrites) {
  PutMember put;
  put.id = {StoreV1Id(0x80)};
  put.expected = 2;
  put.wrap_version = 3;
  put.tokens = {{1, 4, 99}};
  EXPECT_EQ(Apply(*store_, WriteOf(put)).value(), 3u);
  EXPECT_THAT(*store_->Find({{{{1, 4, 99}}}}, std::nullopt, 9), SizeIs(1));
  EXPECT_THAT(*store_->Find({{{{1, 4, 0x80}}}}, std::nullopt, 9), IsEmpty());
  EXPECT_THAT(store_->CheckIntegrity().value(), IsEmpty());
}

}  // namespace
}  // namespace sodality::store
