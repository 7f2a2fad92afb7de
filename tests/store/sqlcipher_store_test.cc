#include "server/store/sqlcipher/sqlcipher_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <filesystem>

#include "tests/store/sqlcipher_fixture.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using testing::HasSubstr;
using testing::SizeIs;

using SqlcipherStoreTest = SqlcipherFixture;

// All pages as they lie under the encryption, free space included: AES-256-CBC,
// its vector in the 80 bytes at each page's end.
std::string DecryptPages(const std::string& file,
                         const std::vector<uint8_t>& key) {
  constexpr size_t kPage = 4096;
  constexpr size_t kContent = kPage - 80;
  const auto* bytes = reinterpret_cast<const uint8_t*>(file.data());
  std::string plain(file.size(), '\0');
  EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
  for (size_t page = 0; page + kPage <= file.size(); page += kPage) {
    const size_t skip = page == 0 ? 16 : 0;  // The salt.
    int size = 0;
    EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), nullptr, key.data(),
                       bytes + page + kContent);
    EVP_CIPHER_CTX_set_padding(context, 0);
    EVP_DecryptUpdate(context, reinterpret_cast<uint8_t*>(&plain[page]), &size,
                      bytes + page + skip, static_cast<int>(kContent - skip));
  }
  EVP_CIPHER_CTX_free(context);
  return plain;
}

TEST_F(SqlcipherStoreTest, WhatIsWrittenIsThereAfterReopening) {
  Open();
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {7}))).ok());
  store_->AppendLedgerIndex({{IdOf<LedgerTag>(1), 12}}, 12);
  Close();
  Open();
  EXPECT_EQ(store_->Get(MemberOf(1))->sealed, BytesOf("sealed 1 at 1"));
  EXPECT_THAT(*store_->Find({{{TokenOf(7)}}}, std::nullopt, 9), SizeIs(1));
  EXPECT_EQ(store_->LastRevision().value(), 1u);
  EXPECT_EQ(store_->LedgerIndexedThrough().value(), 12u);
  EXPECT_EQ(Apply(*store_, EmptyWrite()).value(), 2u);
}

TEST_F(SqlcipherStoreTest, WhoWasReadIsRecalledUntilTheNextWrite) {
  Open();
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 0))).ok());
  EXPECT_FALSE(store_->Recall(MemberOf(1)));
  ASSERT_TRUE(store_->Get(MemberOf(1)).ok());
  ASSERT_TRUE(store_->Get(MemberOf(2)).ok());
  EXPECT_EQ(store_->Recall(MemberOf(1))->sealed, BytesOf("sealed 1 at 1"));
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 1))).ok());
  EXPECT_FALSE(store_->Recall(MemberOf(1)));
  EXPECT_EQ(store_->Recall(MemberOf(2))->sealed, BytesOf("sealed 2 at 1"));
}

TEST_F(SqlcipherStoreTest, AnAbsentStoreIsMadeOnlyWhenAsked) {
  EXPECT_EQ(OpenStatus().code(), StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(SqlcipherStoreTest, OptionsOutOfRangeAreRefused) {
  for (const int readers : {0, -1, 17}) {
    SqlcipherStore::Options options = Options();
    options.create = true;
    options.readers = readers;
    EXPECT_EQ(SqlcipherStore::Open(options).status().code(),
              StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(SqlcipherStoreTest, AWrongKeyIsToldFromAnotherFilesKey) {
  Open();
  Close();
  SqlcipherStore::Options options = Options();
  std::vector<uint8_t> wrong = key_;
  wrong[0] ^= 1;
  options.key = wrong;
  EXPECT_EQ(SqlcipherStore::Open(options).status().code(),
            StatusCode::kDataLoss);
  wrong = key_;
  wrong[47] ^= 1;
  options.key = wrong;
  EXPECT_EQ(SqlcipherStore::Open(options).status().code(),
            StatusCode::kPermissionDenied);
  EXPECT_TRUE(OpenStatus().ok());
}

TEST_F(SqlcipherStoreTest, ANewerSchemaIsRefusedByName) {
  Open();
  Close();
  Tamper("PRAGMA user_version=9");
  const absl::Status refused = OpenStatus();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("version 9"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("newer"));
  Tamper("PRAGMA user_version=1");
  EXPECT_TRUE(OpenStatus().ok());
}

TEST_F(SqlcipherStoreTest, AnotherProgramsDatabaseIsRefused) {
  Open();
  Close();
  Tamper("PRAGMA application_id=7");
  EXPECT_EQ(OpenStatus().code(), StatusCode::kFailedPrecondition);
  Tamper("PRAGMA application_id=1399809121; PRAGMA user_version=0");
  EXPECT_THAT(std::string(OpenStatus().message()),
              HasSubstr("no member store"));
}

TEST_F(SqlcipherStoreTest, AnEmptyDatabaseIsFilledOnlyWhenAsked) {
  {
    auto raw = sqlcipher::Connection::Open(
        {path_, key_, sqlcipher::OpenMode::kCreate});
    ASSERT_TRUE(raw.ok());
  }
  EXPECT_EQ(OpenStatus().code(), StatusCode::kFailedPrecondition);
  Open();
  EXPECT_TRUE(Apply(*store_, EmptyWrite()).ok());
}

TEST_F(SqlcipherStoreTest, IdsThatBeginAlikeAreRefusedAndNeverConfused) {
  Open();
  PutMember first = PutOf(1, 0, {7});
  PutMember second = first;
  second.id.bytes[15] ^= 1;
  ASSERT_TRUE(Apply(*store_, WriteOf(first)).ok());
  const absl::Status refused = Apply(*store_, WriteOf(second)).status();
  EXPECT_EQ(refused.code(), StatusCode::kAborted);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("draw another id"));
  EXPECT_EQ(store_->Get(second.id).status().code(), StatusCode::kNotFound);
  second.expected = 1;
  EXPECT_EQ(Apply(*store_, WriteOf(second)).status().code(),
            StatusCode::kAborted);
  EXPECT_EQ(Apply(*store_, WriteOf(EraseMember{second.id, 1})).status().code(),
            StatusCode::kAborted);
  EXPECT_TRUE(store_->Get(first.id).ok());
}

// A roster's order leaks initials: two orders of writing must leave the same.
TEST_F(SqlcipherStoreTest, NoTableKeepsTheOrderOfInsertion) {
  const auto keys = [&](const std::vector<uint32_t>& order) {
    std::filesystem::remove(path_);
    Open();
    Write write = EmptyWrite();
    for (const uint32_t number : order) {
      write.put_members.push_back(PutOf(number, 0, {number % 5}));
    }
    EXPECT_TRUE(Apply(*store_, write).ok());
    Close();
    auto raw = sqlcipher::Connection::Open(
        {path_, key_, sqlcipher::OpenMode::kReadOnly});
    EXPECT_TRUE(raw.ok());
    std::vector<std::string> rows =
        raw->QueryTexts("SELECT rowid || hex(id) FROM members").value();
    const auto tokens =
        raw->QueryTexts("SELECT key || ' ' || member FROM tokens").value();
    rows.insert(rows.end(), tokens.begin(), tokens.end());
    return rows;
  };
  std::vector<uint32_t> order(200);
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto forward = keys(order);
  std::ranges::reverse(order);
  EXPECT_EQ(keys(order), forward);
  EXPECT_THAT(forward, SizeIs(400));
}

TEST_F(SqlcipherStoreTest, CheckpointEmptiesTheLogAndWritesGoOn) {
  Open();
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  EXPECT_GT(std::filesystem::file_size(path_ + "-wal"), 0u);
  ASSERT_TRUE(store_->Checkpoint().ok());
  EXPECT_EQ(std::filesystem::file_size(path_ + "-wal"), 0u);
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 0))).ok());
  EXPECT_EQ(store_->Counts()->members, 2u);
}

TEST_F(SqlcipherStoreTest, WhatIsErasedGoesFromTheLogToo) {
  Open();
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 0))).ok());
  EXPECT_GT(std::filesystem::file_size(path_ + "-wal"), 0u);
  Write erase = EmptyWrite();
  erase.erase_members.push_back({PutOf(1, 0).id, 1});
  ASSERT_TRUE(Apply(*store_, erase).ok());
  // Waits for its turn on the writer's thread, and leaves the log as it is.
  ASSERT_TRUE(store_->CheckRoomForCopy().ok());
  EXPECT_EQ(std::filesystem::file_size(path_ + "-wal"), 0u);
}

TEST_F(SqlcipherStoreTest, TheLogIsFoldedInAsItGrows) {
  SqlcipherStore::Options options = Options();
  options.create = true;
  options.checkpoint_bytes = 64 << 10;
  store_ = SqlcipherStore::Open(options).value();
  for (uint32_t i = 0; i < 400; ++i) {
    ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(i, 0, {i}))).ok());
  }
  EXPECT_LT(std::filesystem::file_size(path_ + "-wal"), 1u << 20);
  EXPECT_EQ(store_->Counts()->members, 400u);
}

TEST_F(SqlcipherStoreTest, TheLogStaysShortUnderGroupsLargerThanItsLimit) {
  SqlcipherStore::Options options = Options();
  options.create = true;
  options.checkpoint_bytes = 64 << 10;
  store_ = SqlcipherStore::Open(options).value();
  uint64_t second = 0;
  for (uint64_t round = 0; round < 8; ++round) {
    Write write = EmptyWrite();
    for (uint32_t i = 0; i < 300; ++i) {
      write.put_members.push_back(PutOf(i, round));
      write.put_members.back().sealed.resize(1500);
    }
    ASSERT_TRUE(Apply(*store_, write).ok());
    // The next group is queued behind the checkpoint that this one brings.
    if (round == 1) second = std::filesystem::file_size(path_ + "-wal");
  }
  EXPECT_LT(std::filesystem::file_size(path_ + "-wal"), second * 3 / 2);
}

TEST_F(SqlcipherStoreTest, AnErasedRecordLeavesNoBytesBehindInAnyPage) {
  Open();
  PutMember put = PutOf(1, 0);
  put.sealed = Bytes(300, 0xe5);
  const std::string marker(16, '\xe5');
  ASSERT_TRUE(Apply(*store_, WriteOf(put)).ok());
  Close();
  ASSERT_NE(DecryptPages(ReadAll(path_), key_).find(marker), std::string::npos);
  Open();
  ASSERT_TRUE(Apply(*store_, WriteOf(EraseMember{MemberOf(1), 1})).ok());
  Close();
  EXPECT_EQ(DecryptPages(ReadAll(path_), key_).find(marker), std::string::npos);
}

}  // namespace
}  // namespace sodality::store
