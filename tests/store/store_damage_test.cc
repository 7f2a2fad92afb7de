// A SQLCipher store whose rows or bytes somebody has changed: what its checks
// name, and what is served nevertheless.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "tests/store/sqlcipher_fixture.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using StoreDamageTest = SqlcipherFixture;

TEST_F(StoreDamageTest, ASoundStoreHasNothingToReport) {
  Open();
  for (uint32_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(i, 0, {i, 7}))).ok());
  }
  ASSERT_TRUE(Apply(*store_, WriteOf(EraseMember{MemberOf(3), 1})).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(4, 1, {9}))).ok());
  const auto found = store_->CheckIntegrity();
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found, IsEmpty());
}

TEST_F(StoreDamageTest, ChecksNameAnIndexOutOfStep) {
  const std::pair<const char*, const char*> kDamage[] = {
      {"DELETE FROM tokens WHERE member = (SELECT min(member) FROM tokens)",
       "incomplete for 1"},
      {"INSERT INTO tokens VALUES(5, 5)", "belong to no member"},
      {"UPDATE wrap_counts SET members = members + 1", "member counts"},
      {"DELETE FROM wrap_counts", "member counts"},
  };
  for (const auto& [sql, finding] : kDamage) {
    std::filesystem::remove(path_);
    Open();
    ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {1, 2}))).ok());
    ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 0, {1}))).ok());
    Close();
    Tamper(sql);
    Open();
    const auto found = store_->CheckIntegrity();
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_THAT(*found, ElementsAre(HasSubstr(finding)));
    Close();
  }
}

TEST_F(StoreDamageTest, ATokenOfAnAbsentMemberIsDataLoss) {
  Open();
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {1}))).ok());
  Close();
  Tamper("DELETE FROM members");
  Open();
  EXPECT_EQ(store_->Find({{{TokenOf(1)}}}, std::nullopt, 9).status().code(),
            StatusCode::kDataLoss);
  for (const std::vector<IndexSlot>& none_of :
       {std::vector<IndexSlot>{}, {{1, 2}}}) {
    EXPECT_EQ(
        store_
            ->VisitHolders({{TokenOf(1)}, none_of},
                           [](const MemberRecord&) { return absl::OkStatus(); })
            .code(),
        StatusCode::kDataLoss);
  }
}

class FlippedBits : public SqlcipherFixture {
 protected:
  void SetUp() override {
    Open();
    for (uint32_t i = 0; i < kMembers; ++i) {
      PutMember put = PutOf(i, 0, {i});
      put.sealed.resize(1500, 0x11);
      ASSERT_TRUE(Apply(*store_, WriteOf(put)).ok());
    }
    Close();
    sound_ = ReadAll(path_);
  }
  void WriteFlipped(size_t at) {
    std::string bytes = sound_;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  static constexpr uint32_t kMembers = 40;
  static constexpr size_t kPage = 4096;
  std::string sound_;
};

TEST_F(FlippedBits, AnyPageIsFoundAndTheRestIsServed) {
  ASSERT_GT(sound_.size(), 20 * kPage);
  for (size_t page = 0; page < sound_.size() / kPage; ++page) {
    // The file's first bytes are the salt, which comes with the key.
    WriteFlipped(page * kPage + 16 + (page * 997) % (kPage - 16));
    auto store = SqlcipherStore::Open(Options());
    if (!store.ok()) {
      EXPECT_TRUE(store.status().code() == StatusCode::kDataLoss ||
                  store.status().code() == StatusCode::kPermissionDenied)
          << store.status();
      continue;
    }
    const auto found = (*store)->CheckIntegrity();
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_THAT(*found, testing::Not(IsEmpty())) << "page " << page;
    for (uint32_t i = 0; i < kMembers; ++i) {
      const auto record = (*store)->Get(MemberOf(i));
      if (record.ok()) {
        EXPECT_EQ(record->sealed.size(), 1500u);
      } else {
        EXPECT_EQ(record.status().code(), StatusCode::kDataLoss);
      }
    }
  }
}

TEST_F(FlippedBits, AWriteThatMeetsDamageFailsAloneInItsGroup) {
  // The last page written is a leaf of some members, not a root.
  for (size_t page = 10; page < sound_.size() / kPage; ++page) {
    WriteFlipped(page * kPage + 99);
    auto store = SqlcipherStore::Open(Options());
    if (!store.ok()) continue;
    size_t damaged = 0;
    for (uint32_t i = 0; i < kMembers; ++i) {
      damaged += (*store)->Get(MemberOf(i)).ok() ? 0 : 1;
    }
    if (damaged == 0 || damaged > 4) continue;
    Answers answers(kMembers);
    for (uint32_t i = 0; i < kMembers; ++i) {
      (*store)->Submit(WriteOf(PutOf(i, 1, {i})), answers.For(i));
    }
    size_t failed = 0;
    for (const auto& answer : answers.Wait()) {
      failed += answer.ok() ? 0 : 1;
      EXPECT_TRUE(answer.ok() ||
                  answer.status().code() == StatusCode::kDataLoss)
          << answer.status();
    }
    EXPECT_EQ(failed, damaged);
    EXPECT_TRUE((*store)->WriterStatus().ok());
    return;
  }
  FAIL() << "no page of members found";
}

}  // namespace
}  // namespace sodality::store
