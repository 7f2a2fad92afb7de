#include "server/core/ledger/entry.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/random.h"
#include "crypto/sha256.h"
#include "server/core/ledger/entry_codec.h"

namespace sodality::core {
namespace {

crypto::MemberLedgerKey NewKey() {
  return crypto::MemberLedgerKey::Generate(crypto::SystemRandom());
}

Entry OneEntry(const MemberPart& part) {
  EntryHeader header;
  header.number = 5;
  header.previous = {1, 2, 3};
  header.time = {1'700'000'000'123};
  header.revision = 77;
  header.action = Action::kGet;
  header.actor.bytes = {4};
  header.grant.bytes = {6};
  header.grant_version = 3;
  header.parts = {{part.tag, 9, part.commitment}};
  return MakeEntry(header, {part.sealed});
}

TEST(EntryTest, MemberPartOpensUnderTheMembersOwnKeyAlone) {
  const auto key = NewKey();
  const MemberId member{{7}};
  const Entry entry = OneEntry(MakeMemberPart(member, key, {3, 900}));
  const auto part = OpenMemberPart(entry, 0, key);
  ASSERT_TRUE(part.ok()) << part.status();
  EXPECT_EQ(part->member, member);
  EXPECT_EQ(part->fields, (std::vector<uint16_t>{3, 900}));
  EXPECT_EQ(OpenMemberPart(entry, 0, NewKey()).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(OpenMemberPart(entry, 1, key).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(EntryTest, PartOfAnotherCommitmentIsRefused) {
  const auto key = NewKey();
  MemberPart part = MakeMemberPart({{7}}, key, {3});
  part.commitment = MakeMemberPart({{7}}, key, {3}).commitment;
  EXPECT_EQ(OpenMemberPart(OneEntry(part), 0, key).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(EntryTest, SameRevealHasAnotherCommitmentEachTime) {
  const auto key = NewKey();
  std::set<Hash> commitments;
  for (int i = 0; i < 20; ++i) {
    commitments.insert(MakeMemberPart({{7}}, key, {3}).commitment);
  }
  EXPECT_EQ(commitments.size(), 20u);
}

TEST(EntryTest, HeaderComesBackAndIsCanonical) {
  const Entry entry = OneEntry(MakeMemberPart({{7}}, NewKey(), {3}));
  const auto header = DecodeHeader(entry.canonical);
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->number, 5u);
  EXPECT_EQ(header->revision, 77u);
  EXPECT_EQ(header->parts.at(0).sequence, 9u);
  EXPECT_EQ(EncodeHeader(*header), entry.canonical);
  for (size_t size = 0; size < entry.canonical.size(); ++size) {
    const std::span<const uint8_t> all(entry.canonical);
    EXPECT_FALSE(DecodeHeader(all.first(size)).ok()) << size;
  }
}

// The formula of docs/formats-ledger.md, spelled out.
TEST(EntryTest, LeafIsTheHashOfHeaderAndCommitments) {
  const Entry entry = OneEntry(MakeMemberPart({{7}}, NewKey(), {3}));
  store::Bytes input = {0};
  input.insert(input.end(), entry.canonical.begin(), entry.canonical.end());
  const Hash& commitment = entry.header.parts[0].commitment;
  input.insert(input.end(), commitment.begin(), commitment.end());
  EXPECT_EQ(entry.leaf, crypto::Sha256(input));
}

TEST(EntryTest, EveryActionHasANameOfItsOwn) {
  std::set<std::string_view> names;
  int known = 0;
  for (uint16_t value = 0; value < 100; ++value) {
    const auto name = ActionName(static_cast<Action>(value));
    if (name == "UNKNOWN") continue;
    ++known;
    names.insert(name);
  }
  EXPECT_EQ(static_cast<int>(names.size()), known);
  EXPECT_EQ(known, 38);
}

TEST(EntryTest, WhatCouldNotBeReadAgainIsNotSealed) {
  const auto keyring =
      std::make_shared<const crypto::Keyring>(crypto::Keyring::Create(
          {.chapter_id = {9}, .index = {}, .now = {}}, crypto::SystemRandom()));
  const auto sealer = *EntrySealer::Create(keyring, crypto::SystemRandom());
  const MemberPart part = MakeMemberPart({{7}}, NewKey(), {3});
  EntryHeader header = OneEntry(part).header;
  header.parts.resize(kMaxEntryParts, header.parts[0]);
  EntryDraft draft;
  draft.members.assign(kMaxEntryParts, part);
  const std::vector<store::Bytes> sealed(kMaxEntryParts + 1, part.sealed);
  const auto blob =
      sealer->Seal(MakeEntry(header, {sealed.begin(), sealed.end() - 1}));
  ASSERT_TRUE(blob.ok()) << blob.status();
  EXPECT_TRUE(sealer->Open(header.number, *blob).ok());
  EXPECT_TRUE(sealer->OpenDraft(*sealer->SealDraft(draft)).ok());

  header.parts.push_back(header.parts[0]);
  draft.members.push_back(part);
  EXPECT_TRUE(absl::IsInvalidArgument(
      sealer->Seal(MakeEntry(header, sealed)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(sealer->SealDraft(draft).status()));
}

}  // namespace
}  // namespace sodality::core
