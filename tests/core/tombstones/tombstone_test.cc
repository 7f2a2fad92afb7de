#include "server/core/tombstones/tombstone.h"

#include <gtest/gtest.h>

#include "tests/core/tombstones/some_tombstones.h"

namespace sodality::core {
namespace {

using crypto::SecretBytes;

std::string BytesOf(const TombstoneEntry& entry) {
  const auto encoded = EncodeTombstones(entry);
  return std::string(
      crypto::AsText(encoded.Expose(crypto::AllowSecretAccess())));
}
absl::StatusOr<TombstoneEntry> Decode(std::string bytes) {
  return DecodeTombstones(SecretBytes::FromString(std::move(bytes)));
}

TEST(TombstoneTest, EntriesComeBack) {
  const auto entry = At(
      1234, {{EndedKind::kErased, {1}}, {EndedKind::kSuspensionLifted, {2}}});
  const auto decoded = Decode(BytesOf(entry));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->time, entry.time);
  EXPECT_EQ(decoded->ended, entry.ended);
  EXPECT_TRUE(Decode(BytesOf(At(5, {})))->ended.empty());
}

TEST(TombstoneTest, WhatIsNoEntryIsRefused) {
  const std::string good = BytesOf(At(1234, {{EndedKind::kDevice, {1}}}));
  std::string newer = good;
  newer[0] = 2;
  EXPECT_EQ(Decode(newer).status().code(),
            absl::StatusCode::kFailedPrecondition);
  std::string kind = good;
  kind[13] = 7;
  EXPECT_EQ(Decode(kind).status().code(),
            absl::StatusCode::kFailedPrecondition);
  kind[13] = 0;
  EXPECT_EQ(Decode(kind).status().code(), absl::StatusCode::kDataLoss);
  std::string many = good;
  many[12] = 1;
  for (const std::string& other :
       {std::string(), good.substr(0, good.size() - 1), good + "x", many,
        std::string(1, '\0') + good.substr(1)}) {
    EXPECT_EQ(Decode(other).status().code(), absl::StatusCode::kDataLoss);
  }
  const TombstoneEntry full = At(1, std::vector<Tombstone>(2048));
  TombstoneEntry over = full;
  over.ended.emplace_back();
  for (auto* entry : {&over}) {
    for (Tombstone& one : entry->ended) one.kind = EndedKind::kGrant;
    EXPECT_EQ(Decode(BytesOf(*entry)).status().code(),
              absl::StatusCode::kDataLoss);
  }
}

TEST(TombstoneTest, FactsThatEndedAreNamed) {
  Device device;
  device.id.bytes = {1};
  EXPECT_TRUE(TombstonesOf(device).empty());
  device.revoked = true;
  EXPECT_EQ(TombstonesOf(device),
            (std::vector<Tombstone>{{EndedKind::kDevice, {1}}}));
  Grant grant;
  grant.id.bytes = {2};
  EXPECT_TRUE(TombstonesOf(grant).empty());
  grant.revoked = true;
  EXPECT_EQ(TombstonesOf(grant),
            (std::vector<Tombstone>{{EndedKind::kGrant, {2}}}));
  Invite invite;
  invite.id.bytes = {3};
  EXPECT_TRUE(TombstonesOf(invite).empty());
  invite.used = true;
  EXPECT_EQ(TombstonesOf(invite),
            (std::vector<Tombstone>{{EndedKind::kInvite, {3}}}));
  Principal principal;
  principal.id.bytes = {4};
  EXPECT_EQ(TombstonesOf(principal),
            (std::vector<Tombstone>{{EndedKind::kSuspensionLifted, {4}}}));
  principal.suspended = true;
  EXPECT_EQ(TombstonesOf(principal),
            (std::vector<Tombstone>{{EndedKind::kSuspended, {4}}}));
  EXPECT_EQ(TombstonesOf(Suppression{{5}}),
            (std::vector<Tombstone>{{EndedKind::kErased, {5}}}));
  EXPECT_TRUE(TombstonesOf(Rotation{}).empty());
  EXPECT_TRUE(TombstonesOf(Incarnation{}).empty());
}

TEST(EndedTest, WhatEndsForGoodAddsUp) {
  Ended ended;
  ended.Add(At(9, {{EndedKind::kGrant, {2}}, {EndedKind::kErased, {1}}}));
  Ended more;
  more.Add(At(1, {{EndedKind::kGrant, {3}}, {EndedKind::kGrant, {2}}}));
  ended.Add(more);
  EXPECT_TRUE(ended.Holds({EndedKind::kGrant, {3}}));
  EXPECT_FALSE(ended.Holds({EndedKind::kDevice, {3}}));
  EXPECT_EQ(ended.ForGood(),
            (std::vector<Tombstone>{{EndedKind::kErased, {1}},
                                    {EndedKind::kGrant, {2}},
                                    {EndedKind::kGrant, {3}}}));
}

TEST(EndedTest, OfSuspensionsTheLatestHoldsHoweverTheyAreAdded) {
  const auto suspended = At(5, {{EndedKind::kSuspended, {1}}});
  const auto lifted = At(7, {{EndedKind::kSuspensionLifted, {1}}});
  for (const bool turned : {false, true}) {
    Ended ended, other;
    ended.Add(turned ? lifted : suspended);
    other.Add(turned ? suspended : lifted);
    ended.Add(other);
    EXPECT_EQ(ended.IsSuspended({1}), false);
    EXPECT_TRUE(ended.Holds({EndedKind::kSuspensionLifted, {1}}));
  }
  Ended ended;
  ended.Add(lifted);
  ended.Add(At(7, {{EndedKind::kSuspended, {1}}}));
  EXPECT_EQ(ended.IsSuspended({1}), true);
  EXPECT_EQ(ended.IsSuspended({2}), std::nullopt);
  EXPECT_FALSE(ended.Holds({EndedKind::kSuspended, {2}}));
  EXPECT_TRUE(ended.Holds({EndedKind::kSuspensionLifted, {2}}));
}

}  // namespace
}  // namespace sodality::core
