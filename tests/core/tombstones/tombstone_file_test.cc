#include "server/core/tombstones/tombstone_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/tombstones/some_tombstones.h"

namespace sodality::core {
namespace {

using absl::StatusCode;
using testing::HasSubstr;

class TombstoneFileTest : public testing::Test {
 protected:
  TombstoneFileTest() {
    file_ = codec_.Header();
    for (int64_t i = 0; i < 4; ++i) {
      ends_.push_back(file_.size());
      const auto entry =
          At(i, {{EndedKind::kDevice, {static_cast<uint8_t>(i)}}});
      const auto bytes = codec_.Seal(entry, crypto::SystemRandom(), chain_);
      file_.insert(file_.end(), bytes->begin(), bytes->end());
    }
    ends_.push_back(file_.size());
  }

  const crypto::Keyring keyring_ = SomeKeyring();
  const TombstoneCodec codec_ = *TombstoneCodec::Create(keyring_);
  store::Bytes file_;
  std::vector<size_t> ends_;  // Behind 0, 1, 2, ... entries.
  TombstoneChain chain_;
};

TEST_F(TombstoneFileTest, WhatWasWrittenIsRead) {
  const auto content = codec_.Read(file_);
  ASSERT_TRUE(content.ok()) << content.status();
  ASSERT_EQ(content->entries.size(), 4U);
  EXPECT_EQ(content->entries[2].ended.at(0).id, store::IdBytes{2});
  EXPECT_EQ(content->chain.number, chain_.number);
  EXPECT_EQ(content->chain.link, chain_.link);
  EXPECT_EQ(content->length, file_.size());
  EXPECT_EQ(content->torn_bytes, 0U);
  EXPECT_TRUE(codec_.Read(codec_.Header())->entries.empty());
}

TEST_F(TombstoneFileTest, AnotherGenerationOfTheKeyringReadsIt) {
  crypto::Keyring later = keyring_.Clone();
  for (const auto kind : {crypto::KeyKind::kState, crypto::KeyKind::kLedger,
                          crypto::KeyKind::kWrap}) {
    later.Rotate(kind, {2000}, crypto::SystemRandom());
  }
  EXPECT_TRUE(TombstoneCodec::Create(later)->Read(file_).ok());
}

TEST_F(TombstoneFileTest, CutOffAnywhereItsWholeEntriesAreRead) {
  for (size_t size = ends_[0]; size < file_.size(); ++size) {
    const auto content = codec_.Read(std::span(file_).first(size));
    ASSERT_TRUE(content.ok()) << size << content.status();
    const size_t whole = content->entries.size();
    EXPECT_EQ(content->length, ends_[whole]);
    EXPECT_LT(size, ends_[whole + 1]);
    EXPECT_EQ(content->torn_bytes, size - ends_[whole]);
  }
  for (size_t size = 0; size < ends_[0]; ++size) {
    EXPECT_EQ(codec_.Read(std::span(file_).first(size)).status().code(),
              StatusCode::kDataLoss);
  }
}

TEST_F(TombstoneFileTest, EveryFlippedBitIsNoticed) {
  for (size_t i = 0; i < file_.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      store::Bytes damaged = file_;
      damaged[i] ^= static_cast<uint8_t>(1 << bit);
      const auto content = codec_.Read(damaged);
      if (!content.ok()) continue;
      // What looks like an append that was cut off is counted, not hidden.
      EXPECT_GT(content->torn_bytes, 0U) << i;
      EXPECT_LT(content->entries.size(), 4U) << i;
    }
  }
}

TEST_F(TombstoneFileTest, DamageWithMoreBehindItIsNamed) {
  for (const size_t entry : {0U, 1U, 2U}) {
    store::Bytes damaged = file_;
    damaged[ends_[entry] + 60] ^= 1;
    const auto status = codec_.Read(damaged).status();
    EXPECT_EQ(status.code(), StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("entry " + std::to_string(entry + 1)));
  }
  // A length that no entry has.
  store::Bytes damaged = file_;
  damaged[ends_[1] + 3] = 1;
  EXPECT_EQ(codec_.Read(damaged).status().code(), StatusCode::kDataLoss);
}

TEST_F(TombstoneFileTest,
       AnAppendOfWhichTheSizeAloneWasDurableCountsForNothing) {
  for (const size_t zeros : {1U, 4U, 114U, 5000U}) {
    store::Bytes file = file_;
    file.resize(file.size() + zeros);
    const auto content = codec_.Read(file);
    ASSERT_TRUE(content.ok()) << content.status();
    EXPECT_EQ(content->entries.size(), 4U);
    EXPECT_EQ(content->torn_bytes, zeros);
  }
}

TEST_F(TombstoneFileTest, EntriesMovedTakenOutOrDoubledAreRefused) {
  const auto entry = [this](size_t i) {
    return store::Bytes(file_.begin() + static_cast<ptrdiff_t>(ends_[i]),
                        file_.begin() + static_cast<ptrdiff_t>(ends_[i + 1]));
  };
  for (const auto& order : std::vector<std::vector<size_t>>{
           {1, 2, 3}, {0, 2, 3}, {0, 2, 1, 3}, {0, 0, 1, 2}, {0, 1, 1, 2}}) {
    store::Bytes other = codec_.Header();
    for (const size_t i : order) {
      const auto bytes = entry(i);
      other.insert(other.end(), bytes.begin(), bytes.end());
    }
    EXPECT_EQ(codec_.Read(other).status().code(), StatusCode::kDataLoss);
  }
}

TEST_F(TombstoneFileTest, OtherChaptersNewerProgramsAndOtherFilesAreRefused) {
  const auto other = TombstoneCodec::Create(SomeKeyring(2));
  EXPECT_EQ(other->Read(file_).status().code(),
            StatusCode::kFailedPrecondition);
  store::Bytes newer = file_;
  newer[7] = '2';
  EXPECT_EQ(codec_.Read(newer).status().code(),
            StatusCode::kFailedPrecondition);
  newer[0] = 'X';
  EXPECT_EQ(codec_.Read(newer).status().code(), StatusCode::kDataLoss);
  // The same chapter, another key.
  const auto stranger = TombstoneCodec::Create(SomeKeyring(1));
  EXPECT_EQ(stranger->Read(file_).status().code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace sodality::core
