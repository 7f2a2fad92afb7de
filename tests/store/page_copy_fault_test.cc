// What may go wrong with a copy that is to take the store's place.
#include <fstream>
#include <string>

#include "tests/store/page_copy_fixture.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using faults::FaultKind;
using faults::FaultVfs;
using faults::Operation;

class PageCopyFaultTest : public PageCopyFixture {};

TEST_F(PageCopyFaultTest, ADamagedCopyIsNoCopy) {
  ASSERT_TRUE(Copy().ok());
  {
    std::fstream file(PathOf(path_, 2),
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(200'000);
    file.write("xyz", 3);
  }
  const absl::Status checked = store_->CheckCopy();
  EXPECT_EQ(checked.code(), StatusCode::kDataLoss);
  EXPECT_THAT(std::string(checked.message()), testing::HasSubstr("page"));
  EXPECT_FALSE(Exists(2));
  ExpectAll();
  ASSERT_TRUE(Replace().ok());
  ExpectAll();
}

TEST_F(PageCopyFaultTest, WhereLittleRoomIsLeftNothingIsBegun) {
  store_.reset();
  SqlcipherStore::Options options = OptionsFor({1, key_});
  options.copy_reserve_bytes = uint64_t{1} << 60;
  store_ = *SqlcipherStore::Open(options);
  EXPECT_EQ(store_->CopyOn(Second()).status().code(),
            StatusCode::kResourceExhausted);
  EXPECT_FALSE(Exists(2));
}

TEST_F(PageCopyFaultTest, EveryFaultLeavesAStore) {
  store_.reset();
  const auto image = scratch_ / "image.db";
  std::filesystem::copy_file(path_, image);
  for (const FaultKind kind :
       {FaultKind::kDiskFull, FaultKind::kInputOutput, FaultKind::kTornWrite}) {
    bool struck = true;
    for (int after = 0; struck; after += 97) {
      SCOPED_TRACE(testing::Message()
                   << "kind " << static_cast<int>(kind) << " after " << after);
      store_.reset();
      for (const uint32_t version : {1, 2}) {
        ASSERT_TRUE(sqlcipher::RemoveDatabase(PathOf(path_, version)).ok());
      }
      std::filesystem::copy_file(image, path_);
      members_.clear();
      for (uint32_t i = 0; i < kMembers; ++i) members_.insert(i);
      OpenWith({1, key_});
      FaultVfs::Installed().Arm({kind, Operation::kWriteOrSync, after, true});
      bool switched = false;
      uint32_t next = kMembers;
      absl::Status status = Copy([&] { Put(next++); });
      if (status.ok()) Put(next++);
      if (status.ok()) status = store_->CheckCopy();
      if (status.ok()) {
        status = store_->SwitchToCopy([&] {
          switched = true;
          return absl::OkStatus();
        });
      }
      if (status.ok()) Put(next++);
      struck = FaultVfs::Installed().struck();
      EXPECT_EQ(struck, !status.ok() || !last_.ok()) << status;
      store_.reset();
      FaultVfs::Installed().Disarm();
      OpenWith(switched ? Second() : PageKeyVersion{1, key_});
      EXPECT_GE(store_->Counts()->members, members_.size());
      for (const uint32_t i : members_) {
        ASSERT_TRUE(store_->Get(MemberOf(i)).ok()) << i;
      }
      EXPECT_THAT(store_->CheckIntegrity().value(), testing::IsEmpty());
    }
  }
}

TEST_F(PageCopyFaultTest, AfterASwitchThatFailedBothFilesAreKeptUp) {
  ASSERT_TRUE(Copy().ok());
  ASSERT_TRUE(store_->CheckCopy().ok());
  EXPECT_EQ(store_
                ->SwitchToCopy([] {
                  return absl::UnavailableError("the keyring's sync failed");
                })
                .code(),
            StatusCode::kUnavailable);
  Put(kMembers);
  ASSERT_TRUE(last_.ok()) << last_;
  for (const auto& key : {Second(), PageKeyVersion{1, key_}}) {
    OpenWith(key);
    ExpectAll();
  }
}

TEST_F(PageCopyFaultTest, AFileThatCannotBeKeptUpStopsTheStore) {
  int stopped = 0;
  bool struck = true;
  for (int after = 0; struck; ++after) {
    SCOPED_TRACE(testing::Message() << "after " << after);
    OpenWith({1, key_});
    ASSERT_TRUE(Copy().ok());
    ASSERT_TRUE(store_->CheckCopy().ok());
    EXPECT_FALSE(
        store_->SwitchToCopy([] { return absl::UnavailableError("no"); }).ok());
    const auto next = static_cast<uint32_t>(kMembers + after);
    FaultVfs::Installed().Arm({FaultKind::kDiskFull, Operation::kWrite, after});
    Put(next);
    struck = FaultVfs::Installed().struck();
    FaultVfs::Installed().Disarm();
    EXPECT_EQ(struck, !last_.ok()) << last_;
    if (absl::IsUnavailable(last_)) {
      ++stopped;
      EXPECT_FALSE(store_->WriterStatus().ok());
      Put(next);
      EXPECT_TRUE(absl::IsUnavailable(last_)) << last_;
    }
    const std::set<uint32_t> told = members_;
    for (const auto& key : {Second(), PageKeyVersion{1, key_}}) {
      OpenWith(key);
      for (const uint32_t i : told) {
        ASSERT_TRUE(store_->Get(MemberOf(i)).ok()) << i;
      }
    }
    // It may be there without having been acknowledged.
    if (store_->Get(MemberOf(next)).ok()) members_.insert(next);
  }
  EXPECT_GT(stopped, 2);
}

}  // namespace
}  // namespace sodality::store
