// What the ledger's service answers, over real connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "sodality/v1/ledger.grpc.pb.h"
#include "tests/rpc/services_fixture.h"

namespace sodality::rpc {
namespace {

using testing::IsEmpty;
using testing::Not;

using LedgerServiceTest = ServicesFixture;

TEST_F(LedgerServiceTest, ReadingTheLedgerIsItselfRecorded) {
  v1::ListEntriesResponse first;
  Context one;
  ASSERT_TRUE(ledger_->ListEntries(one.get(), {}, &first).ok());
  v1::ListEntriesResponse second;
  Context two;
  ASSERT_TRUE(ledger_->ListEntries(two.get(), {}, &second).ok());
  ASSERT_GE(second.entries_size(), 1);
  EXPECT_EQ(second.entries(0).action(), "READ_LEDGER");
  EXPECT_EQ(second.entries(0).number(), first.entries(0).number() + 1);
}

TEST_F(LedgerServiceTest, EntriesOfAMemberSayWhichFields) {
  const auto id = AddMaria();
  v1::ListEntriesRequest request;
  request.set_member_id(FormatId(id.bytes));
  v1::ListEntriesResponse response;
  Context context;
  const auto status = ledger_->ListEntries(context.get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.entries_size(), 1);
  EXPECT_EQ(response.entries(0).action(), "CREATE_MEMBER");
  EXPECT_EQ(response.entries(0).member_sequence(), 1u);
  EXPECT_THAT(response.entries(0).fields(), testing::Contains("phone"));
}

TEST_F(LedgerServiceTest, PagesOfTheLedgerJoinWithoutGap) {
  for (int i = 0; i < 5; ++i) AddMaria();
  std::vector<uint64_t> numbers;
  v1::ListEntriesRequest request;
  request.set_actor("Ada Admin");
  request.set_page_size(2);
  v1::ListEntriesResponse page;
  do {
    Context context;
    ASSERT_TRUE(ledger_->ListEntries(context.get(), request, &page).ok());
    for (const auto& entry : page.entries()) numbers.push_back(entry.number());
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  ASSERT_GE(numbers.size(), 5u);
  for (size_t i = 1; i < numbers.size(); ++i) {
    EXPECT_LT(numbers[i], numbers[i - 1]);
  }
}

TEST_F(LedgerServiceTest, APageTokenOfAnotherQuestionIsRefused) {
  for (int i = 0; i < 3; ++i) AddMaria();
  v1::ListEntriesRequest request;
  request.set_page_size(1);
  v1::ListEntriesResponse page;
  Context first;
  ASSERT_TRUE(ledger_->ListEntries(first.get(), request, &page).ok());
  ASSERT_THAT(page.next_page_token(), Not(IsEmpty()));
  request.set_page_token(page.next_page_token());
  request.set_actor("Ada Admin");
  Context second;
  EXPECT_EQ(ReasonOf(ledger_->ListEntries(second.get(), request, &page)),
            "BAD_PAGE_TOKEN");
}

TEST_F(LedgerServiceTest, LeavesComeInOrderToTheSignedHead) {
  for (int i = 0; i < 5; ++i) AddMaria();
  Context context;
  const auto stream = ledger_->StreamLeaves(context.get(), {});
  v1::StreamLeavesResponse message;
  uint64_t next = 1;
  while (stream->Read(&message)) {
    for (const v1::Leaf& leaf : message.leaves()) {
      EXPECT_EQ(leaf.number(), next++);
    }
  }
  ASSERT_TRUE(stream->Finish().ok());
  EXPECT_EQ(message.head().number(), next - 1);
  EXPECT_EQ(message.head().leaf().size(), 32u);
  EXPECT_EQ(message.head().signature().size(), 64u);
}

}  // namespace
}  // namespace sodality::rpc
