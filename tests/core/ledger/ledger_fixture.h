// A ledger in a folder of the test's own, with one grant and some members.
#ifndef SODALITY_TESTS_CORE_LEDGER_LEDGER_FIXTURE_H_
#define SODALITY_TESTS_CORE_LEDGER_LEDGER_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/keyring.h"
#include "crypto/random.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/core/error.h"
#include "server/core/ledger/ledger.h"
#include "server/core/waiter.h"
#include "tests/scratch.h"

namespace sodality::core {

class OpenAuthority final : public ReleaseAuthority {
 public:
  absl::StatusOr<Budget> CheckRelease(const EntryDraft&, Timestamp) override {
    if (!status.ok()) return status;
    return budget;
  }
  absl::Status status;
  Budget budget;
};

// A member as the ledger knows one.
struct TestMember {
  explicit TestMember(uint8_t n)
      : id{{n}},
        key(crypto::MemberLedgerKey::Generate(crypto::SystemRandom())) {}
  MemberId id;
  crypto::MemberLedgerKey key;
  MemberPart Part() const { return MakeMemberPart(id, key, {1, 7}); }
};

class LedgerFixture : public testing::Test {
 protected:
  LedgerFixture()
      : keyring_(std::make_shared<const crypto::Keyring>(
            crypto::Keyring::Create({.chapter_id = {9}, .index = {}, .now = {}},
                                    crypto::SystemRandom()))),
        clock_(Timestamp{1'700'000'000'000}) {
    for (uint8_t n = 1; n <= 5; ++n) members_.emplace_back(n);
  }

  absl::Status Open(bool create, platform::FileSystem& fs) {
    ledger_.reset();
    auto opened = Ledger::Open({.folder = folder_,
                                .fs = fs,
                                .clock = clock_,
                                .segment_bytes = segment_bytes_},
                               keyring_, create);
    if (!opened.ok()) return opened.status();
    ledger_ = *std::move(opened);
    ledger_->SetAuthority(authority_);
    return absl::OkStatus();
  }
  absl::Status Create() { return Open(true, platform::PosixFileSystem()); }
  absl::Status Reopen() { return Open(false, platform::PosixFileSystem()); }

  EntryDraft Look(const std::vector<size_t>& members) const {
    EntryDraft draft;
    draft.action = Action::kSearch;
    draft.actor.bytes = {3};
    draft.device.bytes = {4};
    draft.grant = GrantUse{grant_, 2};
    for (const size_t m : members) draft.members.push_back(members_[m].Part());
    return draft;
  }
  absl::StatusOr<uint64_t> Release(EntryDraft draft) {
    Waiter<uint64_t> waiter;
    ledger_->Release(std::move(draft), [&](absl::StatusOr<uint64_t> n) {
      waiter.Set(std::move(n));
    });
    return waiter.Wait();
  }
  absl::StatusOr<uint64_t> Append(EntryDraft draft, store::Revision revision) {
    Waiter<uint64_t> waiter;
    ledger_->Append(
        std::move(draft), revision,
        [&](absl::StatusOr<uint64_t> n) { waiter.Set(std::move(n)); });
    return waiter.Wait();
  }
  // Every entry that the head promises reads back and follows the one before.
  void ExpectWhole() {
    Hash previous{};
    for (uint64_t n = 1; n <= ledger_->head().number; ++n) {
      const auto entry = ledger_->Read(n);
      ASSERT_TRUE(entry.ok()) << entry.status();
      EXPECT_EQ(entry->header.number, n);
      EXPECT_EQ(entry->header.previous, previous);
      previous = entry->leaf;
    }
    EXPECT_EQ(ledger_->head().leaf, previous);
  }

  const Scratch scratch_;
  const std::string folder_ = scratch_ / "ledger";
  std::shared_ptr<const crypto::Keyring> keyring_;
  platform::FakeClock clock_;
  uint64_t segment_bytes_ = 64 * 1024;
  GrantId grant_{{8}};
  std::vector<TestMember> members_;
  OpenAuthority authority_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_LEDGER_LEDGER_FIXTURE_H_
