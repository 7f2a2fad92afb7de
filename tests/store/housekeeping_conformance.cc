// What a store keeps besides members and access: requests, entries for the
// ledger, the index of the ledger.
#include <gmock/gmock.h>

#include <vector>

#include "tests/store/conformance.h"
#include "tests/store/sample.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreConformance, ARequestIsRememberedOnceUntilItExpires) {
  const auto write = [](int64_t expires) {
    Write one = EmptyWrite();
    one.request =
        PutRequest{IdOf<RequestKey>(1), {expires}, BytesOf("outcome")};
    return one;
  };
  ASSERT_TRUE(Apply(*store_, write(1000)).ok());
  EXPECT_EQ(CodeOf(Apply(*store_, write(2000))), StatusCode::kAlreadyExists);
  EXPECT_EQ(store_->FindRequest(IdOf<RequestKey>(1)).value(),
            BytesOf("outcome"));
  EXPECT_EQ(store_->FindRequest(IdOf<RequestKey>(2)).status().code(),
            StatusCode::kNotFound);
  store_->ExpireRequests({1000});
  ASSERT_TRUE(Apply(*store_, EmptyWrite()).ok());
  EXPECT_TRUE(store_->FindRequest(IdOf<RequestKey>(1)).ok());
  store_->ExpireRequests({1001});
  ASSERT_TRUE(Apply(*store_, EmptyWrite()).ok());
  EXPECT_EQ(store_->FindRequest(IdOf<RequestKey>(1)).status().code(),
            StatusCode::kNotFound);
  EXPECT_TRUE(Apply(*store_, write(3000)).ok());
}

TEST_P(StoreConformance, TheOutboxKeepsEntriesUntilAcknowledged) {
  for (const char* entry : {"a", "b", "c"}) {
    Write write;
    write.outbox = BytesOf(entry);
    ASSERT_TRUE(Apply(*store_, write).ok());
  }
  const auto rows = store_->ReadOutbox().value();
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0].revision, 1u);
  EXPECT_EQ(rows[2].entry, BytesOf("c"));
  store_->AcknowledgeOutbox(2);
  ASSERT_TRUE(Apply(*store_, EmptyWrite()).ok());
  const auto left = store_->ReadOutbox().value();
  ASSERT_THAT(left, SizeIs(2));
  EXPECT_EQ(left[0].revision, 3u);
  EXPECT_EQ(left[1].revision, 4u);
}

TEST_P(StoreConformance, LedgerEntriesAreFoundNewestFirst) {
  const auto tag = IdOf<LedgerTag>(1);
  const auto other = IdOf<LedgerTag>(2);
  // Far enough apart to lie in different runs of the index.
  std::vector<LedgerIndexRow> rows = {
      {tag, 3}, {other, 4}, {tag, 70000}, {tag, 70001}, {tag, 500000}};
  store_->AppendLedgerIndex(rows, 500001);
  ASSERT_TRUE(Apply(*store_, EmptyWrite()).ok());
  EXPECT_EQ(store_->LedgerIndexedThrough().value(), 500001u);
  const auto find = [&](LedgerTag which, uint64_t before, size_t limit) {
    return store_->FindLedgerEntries(which, before, limit).value();
  };
  EXPECT_THAT(find(tag, 0, 10), ElementsAre(500000, 70001, 70000, 3));
  EXPECT_THAT(find(tag, 0, 2), ElementsAre(500000, 70001));
  EXPECT_THAT(find(tag, 70001, 10), ElementsAre(70000, 3));
  EXPECT_THAT(find(tag, 3, 10), IsEmpty());
  EXPECT_THAT(find(tag, 600000, 1), ElementsAre(500000));
  EXPECT_THAT(find(other, 0, 10), ElementsAre(4));
  EXPECT_THAT(find(IdOf<LedgerTag>(3), 0, 10), IsEmpty());

  store_->AppendLedgerIndex({{tag, 70000}, {tag, 500002}}, 500002);
  ASSERT_TRUE(Apply(*store_, EmptyWrite()).ok());
  EXPECT_THAT(find(tag, 0, 3), ElementsAre(500002, 500000, 70001));
  EXPECT_EQ(store_->LedgerIndexedThrough().value(), 500002u);
}

}  // namespace
}  // namespace sodality::store
