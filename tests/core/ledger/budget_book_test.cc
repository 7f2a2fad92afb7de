#include "server/core/ledger/budget_book.h"

#include <gtest/gtest.h>

#include "server/core/error.h"

namespace sodality::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Timestamp kStart{1'700'000'000'000};
const GrantId kGrant{{1}};

std::vector<store::LedgerTag> Tags(std::initializer_list<uint8_t> members) {
  std::vector<store::LedgerTag> tags;
  for (const uint8_t m : members) tags.push_back({{m}});
  return tags;
}

TEST(BudgetBookTest, ZeroMeansWithoutLimit) {
  BudgetBook book;
  for (uint8_t m = 0; m < 200; ++m) book.Note(kGrant, Tags({m}), kStart);
  EXPECT_TRUE(book.Check(kGrant, {}, Tags({250}), kStart).ok());
}

TEST(BudgetBookTest, GrantsDoNotShareABudget) {
  BudgetBook book;
  book.Note(kGrant, Tags({1}), kStart);
  EXPECT_FALSE(book.Check(kGrant, {.per_day = 1}, Tags({2}), kStart).ok());
  EXPECT_TRUE(book.Check(GrantId{{2}}, {.per_day = 1}, Tags({2}), kStart).ok());
}

TEST(BudgetBookTest, HourSlidesMemberByMember) {
  BudgetBook book;
  book.Note(kGrant, Tags({1}), kStart);
  book.Note(kGrant, Tags({2}), kStart + minutes(30));
  const Budget two{.per_hour = 2};
  const auto full = book.Check(kGrant, two, Tags({3}), kStart + minutes(40));
  EXPECT_EQ(GetErrorInfo(full).retry_at, kStart + hours(1));
  EXPECT_TRUE(book.Check(kGrant, two, Tags({3}), kStart + hours(1)).ok());
  EXPECT_FALSE(book.Check(kGrant, two, Tags({3, 4}), kStart + hours(1)).ok());
  EXPECT_EQ(book.Left(kGrant, two, kStart + hours(1)).per_hour, 1u);
}

TEST(BudgetBookTest, MemberSeenAgainIsFreeAndStaysLonger) {
  BudgetBook book;
  book.Note(kGrant, Tags({1}), kStart);
  const Budget one{.per_hour = 1};
  EXPECT_TRUE(book.Check(kGrant, one, Tags({1}), kStart + minutes(59)).ok());
  book.Note(kGrant, Tags({1}), kStart + minutes(59));
  const auto full = book.Check(kGrant, one, Tags({2}), kStart + minutes(61));
  EXPECT_EQ(GetErrorInfo(full).retry_at, kStart + minutes(59) + hours(1));
}

TEST(BudgetBookTest, InAllNeverRefills) {
  BudgetBook book;
  book.Note(kGrant, Tags({1}), kStart);
  const auto full =
      book.Check(kGrant, {.in_all = 1}, Tags({2}), kStart + hours(1000));
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_FALSE(GetErrorInfo(full).retry_at.has_value());
}

TEST(BudgetBookTest, UsedUpBudgetAnswersAbsentLikeSomebodyNew) {
  for (const Budget& one :
       {Budget{.per_hour = 1}, Budget{.per_day = 1}, Budget{.in_all = 1}}) {
    BudgetBook book;
    EXPECT_TRUE(book.Check(kGrant, one, {}, kStart).ok());
    book.Note(kGrant, Tags({1}), kStart);
    const auto absent = book.Check(kGrant, one, {}, kStart);
    EXPECT_EQ(absent, book.Check(kGrant, one, Tags({2}), kStart));
    EXPECT_FALSE(absent.ok());
    EXPECT_TRUE(book.Check(kGrant, one, Tags({1}), kStart).ok());
  }
}

TEST(BudgetBookTest, MoreThanTheWholeBudgetAtOnceIsRefused) {
  for (const Budget& limits : {Budget{.per_hour = 2, .per_day = 9},
                               Budget{.per_day = 2}, Budget{.in_all = 2}}) {
    BudgetBook book;
    const auto refused = book.Check(kGrant, limits, Tags({1, 2, 3}), kStart);
    EXPECT_EQ(GetErrorInfo(refused).reason, Reason::kBudgetExhausted);
    // Waiting does not help.
    EXPECT_EQ(GetErrorInfo(refused).retry_at, std::nullopt);
    EXPECT_TRUE(book.Check(kGrant, limits, Tags({1, 2}), kStart).ok());
  }
}

}  // namespace
}  // namespace sodality::core
