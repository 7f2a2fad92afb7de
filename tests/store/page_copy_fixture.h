// A store that is copied under another page key.
#ifndef SODALITY_TESTS_STORE_PAGE_COPY_FIXTURE_H_
#define SODALITY_TESTS_STORE_PAGE_COPY_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "server/store/sqlcipher/store_file.h"
#include "tests/faults/fault_vfs.h"
#include "tests/store/sample.h"
#include "tests/store/sqlcipher_fixture.h"

namespace sodality::store {

inline constexpr uint32_t kMembers = 1500;

inline absl::Status Nothing() { return absl::OkStatus(); }

class PageCopyFixture : public SqlcipherFixture {
 protected:
  void SetUp() override {
    other_key_[0] ^= 0xff;
    other_key_[40] ^= 0xff;
    OpenWith({1, key_}, /*create=*/true);
    for (uint32_t i = 0; i < kMembers; ++i) Put(i);
  }
  void TearDown() override { faults::FaultVfs::Installed().Disarm(); }

  SqlcipherStore::Options OptionsFor(const PageKeyVersion& key) {
    SqlcipherStore::Options options = Options();
    options.key = key.key;
    options.page_version = key.version;
    options.copy_reserve_bytes = 0;
    return options;
  }
  void OpenWith(const PageKeyVersion& key, bool create = false) {
    store_.reset();
    SqlcipherStore::Options options = OptionsFor(key);
    options.create = create;
    auto opened = SqlcipherStore::Open(options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  static Write WriteNew(uint32_t i, uint64_t expected = 0) {
    PutMember put = PutOf(i, expected);
    put.sealed.resize(3000);
    return WriteOf(std::move(put));
  }
  void Put(uint32_t i) {
    const auto put = Apply(*store_, WriteNew(i));
    if (put.ok()) members_.insert(i);
    last_ = put.status();
  }
  // How many it takes to put a member.
  int WritesOf(uint32_t i) {
    faults::FaultVfs::Installed().ResetCounts();
    Put(i);
    return faults::FaultVfs::Installed().writes();
  }
  // The member whose key in the store is the largest, and no tenth one.
  static uint32_t Last() {
    uint32_t last = 1;
    for (uint32_t i = 0; i < kMembers; ++i) {
      if (MemberOf(last) < MemberOf(i)) last = i;
    }
    return last;
  }
  PageKeyVersion Second() const { return {2, other_key_}; }

  // Steps to the end; between two of them something else happens.
  absl::Status Copy(const std::function<void()>& between = [] {}) {
    while (true) {
      const auto progress = store_->CopyOn(Second());
      if (!progress.ok()) return progress.status();
      EXPECT_LE(progress->done, progress->total);
      if (progress->whole) return absl::OkStatus();
      between();
    }
  }
  absl::Status Replace() {
    if (auto s = Copy(); !s.ok()) return s;
    if (auto s = store_->CheckCopy(); !s.ok()) return s;
    return store_->SwitchToCopy(Nothing);
  }
  void ExpectAll() {
    EXPECT_EQ(store_->Counts()->members, members_.size());
    for (const uint32_t i : members_) {
      EXPECT_TRUE(store_->Get(MemberOf(i)).ok()) << i;
    }
    EXPECT_THAT(store_->CheckIntegrity().value(), testing::IsEmpty());
  }
  [[nodiscard]] bool Exists(uint32_t version) const {
    return std::filesystem::exists(PathOf(path_, version));
  }

  std::vector<uint8_t> other_key_ = sqlcipher::TestKey();
  std::set<uint32_t> members_;
  absl::Status last_;
};

}  // namespace sodality::store

#endif  // SODALITY_TESTS_STORE_PAGE_COPY_FIXTURE_H_
