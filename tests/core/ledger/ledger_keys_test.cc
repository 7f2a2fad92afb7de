// The ledger's keys are replaced while it is written: what is sealed and signed
// under which version, and what is told of it.
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "crypto/aad.h"
#include "crypto/sealed_blob.h"
#include "server/core/keys/rotation.h"
#include "server/core/ledger/entry_codec.h"
#include "server/core/ledger/head_signer.h"
#include "server/core/ledger/segment.h"
#include "tests/core/ledger/ledger_fixture.h"

namespace sodality::core {
namespace {

using testing::HasSubstr;

class LedgerKeysTest : public LedgerFixture {
 protected:
  // The keyring with the next version; the ledger does not have it yet.
  uint32_t MakeVersion() {
    auto next = std::make_shared<crypto::Keyring>(keyring_->Clone());
    const uint32_t version =
        next->RotateLedger(clock_.Now(), crypto::SystemRandom());
    keyring_ = std::move(next);
    return version;
  }
  static EntryDraft Starting(uint32_t version) {
    EntryDraft draft;
    draft.action = Action::kActivateKey;
    draft.subject = WriteKeySubject({crypto::KeyKind::kLedger, version});
    return draft;
  }
  // As a rotation does; returns the number of the entry that says so.
  uint64_t Rotate() {
    const uint32_t version = MakeVersion();
    EXPECT_TRUE(ledger_->UseKeys(keyring_).ok());
    return *Append(Starting(version), 0);
  }
  SignedHead Signed() { return ledger_->SignHead(ledger_->head(), {}); }
  crypto::PublicKey KeyOf(uint32_t version) {
    return crypto::Signer(**keyring_->Find<crypto::LedgerSignKey>(version))
        .public_key();
  }
  static bool Verifies(const crypto::Keyring& keyring,
                       const SignedHead::KeyChange& change) {
    crypto::AssociatedData message("sodality/ledger-sign-keys/1");
    message.Add(keyring.chapter_id()).Add(change.old_key.bytes);
    message.Add(change.new_key.bytes).AddU64(change.number);
    return crypto::VerifySignature(change.old_key, message.bytes(),
                                   change.old_signature) &&
           crypto::VerifySignature(change.new_key, message.bytes(),
                                   change.new_signature);
  }
  uint32_t DraftVersion() {
    return *crypto::BlobKeyVersion(ledger_->SealDraft(Look({0})));
  }
};

TEST_F(LedgerKeysTest, WhatIsNewIsUnderTheNewVersionAndTheRestStaysReadable) {
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  const store::Bytes early = ledger_->SealDraft(Look({1}));
  EXPECT_EQ(Rotate(), 2u);
  EXPECT_EQ(DraftVersion(), 2u);
  ASSERT_TRUE(Release(Look({0})).ok());
  ExpectWhole();
  // An entry that waited in the outbox.
  EXPECT_TRUE(ledger_->OpenDraft(early).ok());
  ASSERT_TRUE(Reopen().ok());
  ExpectWhole();
  EXPECT_EQ(ledger_->head().number, 3u);
  EXPECT_EQ(ledger_->Read(3)->header.parts.at(0).sequence, 2u);
  EXPECT_TRUE(ledger_->OpenDraft(early).ok());
  EXPECT_EQ(DraftVersion(), 2u);
}

TEST_F(LedgerKeysTest, AKeyringWithoutTheVersionIsRefusedByName) {
  const auto old = keyring_;
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  Rotate();
  keyring_ = old;
  const absl::Status refused = Reopen();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("ledger key version 2 is unknown"));
}

TEST_F(LedgerKeysTest, HeadsAreSignedUnderTheVersionOfTheirNumber) {
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  const SignedHead first = Signed();
  EXPECT_EQ(first.public_key, KeyOf(1));
  EXPECT_TRUE(first.key_changes.empty());
  // Sealed under it already, but nothing that clients know says so yet.
  MakeVersion();
  ASSERT_TRUE(ledger_->UseKeys(keyring_).ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  EXPECT_EQ(Signed().public_key, KeyOf(1));
  EXPECT_EQ(*Append(Starting(2), 0), 3u);
  for (int i = 0; i < 2; ++i) {
    const SignedHead head = Signed();
    EXPECT_EQ(head.public_key, KeyOf(2));
    ASSERT_EQ(head.key_changes.size(), 1u);
    EXPECT_EQ(head.key_changes[0].number, 3u);
    EXPECT_EQ(head.key_changes[0].old_key, KeyOf(1));
    EXPECT_EQ(head.key_changes[0].new_key, KeyOf(2));
    EXPECT_TRUE(Verifies(*keyring_, head.key_changes[0]));
    // Of a stream that was begun before.
    const SignedHead again = ledger_->SignHead(first.head, {});
    EXPECT_EQ(again.signature, first.signature);
    EXPECT_EQ(again.public_key, KeyOf(1));
    EXPECT_TRUE(again.key_changes.empty());
    ASSERT_TRUE(Reopen().ok());
  }
}

// A crash between the keyring's file and the entry.
TEST_F(LedgerKeysTest, AStartBeforeTheEntrySignsUnderTheOldVersion) {
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  MakeVersion();
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(DraftVersion(), 2u);
  EXPECT_EQ(Signed().public_key, KeyOf(1));
  EXPECT_EQ(*Append(Starting(2), 0), 2u);
  EXPECT_EQ(Signed().public_key, KeyOf(2));
}

TEST_F(LedgerKeysTest, OnlyTheNewestChangesAreTold) {
  ASSERT_TRUE(Create().ok());
  for (size_t n = 1; n <= kMostKeyChanges + 2; ++n) EXPECT_EQ(Rotate(), n);
  ASSERT_TRUE(Reopen().ok());
  const SignedHead head = Signed();
  ASSERT_EQ(head.key_changes.size(), kMostKeyChanges);
  crypto::PublicKey key = KeyOf(3);
  uint64_t number = 2;
  for (const SignedHead::KeyChange& change : head.key_changes) {
    EXPECT_EQ(change.old_key, key);
    EXPECT_EQ(change.number, ++number);
    EXPECT_TRUE(Verifies(*keyring_, change));
    key = change.new_key;
  }
  EXPECT_EQ(head.public_key, key);
}

TEST_F(LedgerKeysTest, AnEntryOfAVersionThatIsNotThereStopsIt) {
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  EXPECT_FALSE(Append(Starting(2), 0).ok());
  EXPECT_EQ(GetErrorInfo(Release(Look({0})).status()).reason,
            Reason::kStoreStopped);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, 1u);
}

// Whoever has the old keys and the files, and none of the new ones, makes an
// entry that follows the newest.
TEST_F(LedgerKeysTest, WhatIsSealedUnderAReplacedKeyIsNotTakenForNew) {
  const auto old = keyring_;
  ASSERT_TRUE(Create().ok());
  ASSERT_TRUE(Release(Look({0})).ok());
  Rotate();
  const Head head = ledger_->head();
  ledger_.reset();
  const auto forger = EntrySealer::Create(old, crypto::SystemRandom());
  EntryHeader header;
  header.number = head.number + 1;
  header.previous = head.leaf;
  header.action = Action::kGet;
  auto blob = (*forger)->Seal(MakeEntry(header, {}));
  ASSERT_TRUE(blob.ok());
  auto segment =
      Segment::Open(platform::PosixFileSystem(), folder_, Segment::Name(1));
  ASSERT_TRUE(segment.ok());
  ASSERT_TRUE(
      segment->Scan(true, [](const auto&) { return absl::OkStatus(); }).ok());
  ASSERT_TRUE(segment->Append(header.number, std::array{*blob}).ok());
  const absl::Status refused = Reopen();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(refused.message()),
            "entry 3 of the ledger is under a key that was replaced");
}

TEST_F(LedgerKeysTest, NoVersionIsLeftOut) {
  MakeVersion();
  MakeVersion();
  using Starts = std::vector<SignKeyStart>;
  const auto code = [&](Starts starts) {
    return HeadSigner::Create(keyring_, std::move(starts)).status().code();
  };
  EXPECT_EQ(code({{4, 2}, {7, 3}}), absl::StatusCode::kOk);
  EXPECT_EQ(code({{4, 3}}), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code({{4, 2}, {5, 2}}), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code({{4, 2}, {7, 3}, {9, 4}}),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(LedgerKeysTest, KeysOfAnotherKindStartNothing) {
  EntryHeader header;
  header.number = 5;
  header.action = Action::kActivateKey;
  header.subject = WriteKeySubject({crypto::KeyKind::kWrap, 2});
  EXPECT_FALSE(FindSignKeyStart(header));
  header.subject = WriteKeySubject({crypto::KeyKind::kLedger, 2});
  ASSERT_TRUE(FindSignKeyStart(header));
  EXPECT_EQ(FindSignKeyStart(header)->number, 5u);
  EXPECT_EQ(FindSignKeyStart(header)->version, 2u);
  header.action = Action::kFinishRotation;
  EXPECT_FALSE(FindSignKeyStart(header));
}

// While everybody looks, none is lost and none does not open.
TEST_F(LedgerKeysTest, ChangesBetweenTwoGroups) {
  ASSERT_TRUE(Create().ok());
  constexpr int kThreads = 3;
  constexpr int kEach = 100;
  std::vector<std::thread> threads;
  std::atomic<int> released{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const auto number = Release(Look({static_cast<size_t>(t)}));
        if (number.ok()) ++released;
        const Head head = ledger_->head();
        EXPECT_EQ(ledger_->SignHead(head, {}).head.number, head.number);
      }
    });
  }
  for (int i = 0; i < 5; ++i) Rotate();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(released, kThreads * kEach);
  ExpectWhole();
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, uint64_t{kThreads * kEach + 5});
  EXPECT_EQ(Signed().key_changes.size(), 5u);
  ExpectWhole();
}

}  // namespace
}  // namespace sodality::core
