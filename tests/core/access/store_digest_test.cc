#include "server/core/store_digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <vector>

#include "crypto/keyring.h"
#include "crypto/random.h"
#include "server/core/waiter.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlcipher/sqlcipher_store.h"
#include "tests/scratch.h"

namespace sodality::core {
namespace {

class StoreDigestTest : public testing::Test {
 protected:
  std::unique_ptr<StoreDigest> NewDigest() {
    return *StoreDigest::Create(
        keyring_, crypto::SystemRandom(), [this] { return head_; },
        [this] { return generation_; });
  }
  static store::PutMember Member(uint8_t n, uint64_t expected) {
    store::PutMember put;
    put.id.bytes = {n};
    put.expected = expected;
    put.wrap_version = 1;
    put.sealed = {1, 2, 3};
    return put;
  }
  static store::Revision Submit(store::MemberStore& store, store::Write write) {
    write.outbox = {1};
    Waiter<store::Revision> waiter;
    store.Submit(std::move(write), [&](absl::StatusOr<store::Revision> r) {
      waiter.Set(std::move(r));
    });
    return *waiter.Wait();
  }

  const crypto::Keyring keyring_ = crypto::Keyring::Create(
      {.chapter_id = {4}, .index = {}, .now = {}}, crypto::SystemRandom());
  Head head_{9, {7}, 3};
  uint64_t generation_ = 5;
};

TEST_F(StoreDigestTest, FollowsEveryWriteAndComesBack) {
  const auto digest = NewDigest();
  store::MemoryStore store;
  store.SetDigestSealer(*digest);
  store::Write write;
  write.put_members = {Member(1, 0), Member(2, 0)};
  write.put_rows = {{store::AccessTable::kGrants, {5}, 0, {1}}};
  Submit(store, write);
  store::Write change;
  change.put_members = {Member(1, 1)};
  change.erase_members = {{MemberId{{2}}, 1}};
  const store::Revision last = Submit(store, change);
  EXPECT_TRUE(digest->CheckMembers(store).ok());
  EXPECT_TRUE(digest->CheckAccessRows(*store.ReadAccessRows()).ok());

  const auto again = NewDigest();
  ASSERT_TRUE(again->Load(*store.ReadDigest(), last).ok());
  EXPECT_TRUE(again->CheckMembers(store).ok());
  EXPECT_EQ(again->facts().ledger.number, 9u);
  EXPECT_EQ(again->facts().keyring_generation, 5u);
}

// The check reads a thousand at a time.
TEST_F(StoreDigestTest, TheLastOfManyMembersIsCheckedToo) {
  const auto digest = NewDigest();
  store::MemoryStore store;
  store.SetDigestSealer(*digest);
  const auto numbered = [](size_t n, uint64_t expected) {
    store::PutMember put = Member(0, expected);
    put.id.bytes = {static_cast<uint8_t>(n >> 8), static_cast<uint8_t>(n)};
    return put;
  };
  for (size_t n = 1; n <= 2100;) {
    store::Write write;
    for (const size_t end = n + 100; n < end; ++n) {
      write.put_members.push_back(numbered(n, 0));
    }
    Submit(store, write);
  }
  EXPECT_TRUE(digest->CheckMembers(store).ok());
  // Another's digest is of no use to a store that goes on alone.
  const auto other = NewDigest();
  ASSERT_TRUE(other->Load(*store.ReadDigest(), *store.LastRevision()).ok());
  store::Write write;
  write.put_members = {numbered(2100, 1)};
  Submit(store, write);
  EXPECT_TRUE(digest->CheckMembers(store).ok());
  EXPECT_EQ(other->CheckMembers(store).code(), absl::StatusCode::kDataLoss);
}

TEST_F(StoreDigestTest, RowsOfAnotherHistoryAreNoticed) {
  const auto digest = NewDigest();
  store::MemoryStore store;
  store.SetDigestSealer(*digest);
  store::Write write;
  write.put_members = {Member(1, 0)};
  write.put_rows = {{store::AccessTable::kDevices, {5}, 0, {1}}};
  Submit(store, write);
  // The same, but the member is at an older version, a row is missing.
  const auto other_digest = NewDigest();
  store::MemoryStore other;
  other.SetDigestSealer(*other_digest);
  store::Write twice;
  twice.put_members = {Member(1, 0)};
  Submit(other, twice);
  store::Write again;
  again.put_members = {Member(1, 1)};
  Submit(other, again);
  EXPECT_EQ(digest->CheckMembers(other).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(digest->CheckAccessRows(*other.ReadAccessRows()).code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(StoreDigestTest, ForeignMissingOrStaleRowIsRefused) {
  const auto digest = NewDigest();
  store::MemoryStore store;
  store.SetDigestSealer(*digest);
  store::Write write;
  write.put_members = {Member(1, 0)};
  const store::Revision last = Submit(store, write);
  store::Bytes row = *store.ReadDigest();
  const auto load = [&](const store::Bytes& bytes, store::Revision revision) {
    return NewDigest()->Load(bytes, revision).code();
  };
  EXPECT_EQ(load(row, last), absl::StatusCode::kOk);
  EXPECT_EQ(load(row, last + 1), absl::StatusCode::kDataLoss);
  EXPECT_EQ(load({}, last), absl::StatusCode::kDataLoss);
  EXPECT_EQ(load({}, 0), absl::StatusCode::kOk);
  for (uint8_t& byte : row) {
    byte ^= 1;
    EXPECT_NE(load(row, last), absl::StatusCode::kOk);
    byte ^= 1;
  }
}

// Whatever a group changes can be read before Resolve says that it was
// committed.
class ChecksInBetween final : public store::DigestSealer {
 public:
  ChecksInBetween(StoreDigest& digest, store::MemberStore& store)
      : digest_(digest), store_(store) {}
  absl::StatusOr<store::Bytes> SealAfter(
      std::span<const store::RowChange> changes,
      store::Revision revision) override {
    return digest_.SealAfter(changes, revision);
  }
  void Resolve(bool committed) override {
    found_.push_back(digest_.CheckMembers(store_).code());
    digest_.Resolve(committed);
  }
  const std::vector<absl::StatusCode>& found() const { return found_; }

 private:
  StoreDigest& digest_;
  store::MemberStore& store_;
  std::vector<absl::StatusCode> found_;
};

TEST_F(StoreDigestTest, ACheckDuringACommitFindsNoDamage) {
  const Scratch folder;
  const std::vector<uint8_t> key(48, 7);
  const auto digest = NewDigest();
  const auto store =
      store::SqlcipherStore::Open(
          {.path = folder / "members.db", .key = key, .create = true})
          .value();
  ChecksInBetween sealer(*digest, *store);
  store->SetDigestSealer(sealer);
  for (const uint64_t expected : {0u, 1u}) {
    store::Write write;
    write.put_members = {Member(1, expected)};
    Submit(*store, write);
    EXPECT_TRUE(digest->CheckMembers(*store).ok());
  }
  EXPECT_THAT(sealer.found(), testing::Each(absl::StatusCode::kAborted));
}

}  // namespace
}  // namespace sodality::core
