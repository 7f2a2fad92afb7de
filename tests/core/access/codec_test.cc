#include "server/core/access/codec.h"

#include <gtest/gtest.h>

#include "crypto/keyring.h"
#include "crypto/random.h"

namespace sodality::core {
namespace {

std::vector<AccessFact> Facts() {
  Principal p;
  p.id = PrincipalId{{1}};
  p.name = "Núria";
  p.role = Role::kMember;
  p.suspended = true;
  p.member = MemberId{{2}};
  p.created = {123};
  Device d;
  d.id = DeviceId{{3}};
  d.principal = p.id;
  d.certificates = {{Fingerprint{4}, {5}}, {Fingerprint{6}, {7}}};
  d.enrolled = {8};
  Grant g;
  g.id = GrantId{{9}};
  g.principal = p.id;
  g.role = Role::kAuditor;
  g.scopes = {{5, "North", "north"}, {6, "Housing", "housing"}};
  g.classes = {FieldClass::kBasic, FieldClass::kSensitive};
  g.purpose = "audit of the year";
  g.created = {1};
  g.not_after = {2};
  g.budget = {3, 4, 5};
  g.granted_by = PrincipalId{{10}};
  Invite i;
  i.id = InviteId{{11}};
  i.principal = p.id;
  i.fingerprint = {12};
  i.spki = {13};
  i.expires = {14};
  i.used = true;
  i.used_by = {15};
  i.device = d.id;
  i.certificate_pem = "-----BEGIN";
  Rotation rewrap{.id = {{17}}, .from = 1, .to = 2};
  rewrap.phase = RotationPhase::kSweeping;
  rewrap.cursor = {{18}};
  Rotation reindex = rewrap;
  reindex.kind = crypto::KeyKind::kIndex;
  reindex.work = RotationWork::kReindex;
  reindex.done = 19;
  Rotation reencrypt = rewrap;
  reencrypt.work = RotationWork::kReencrypt;
  Rotation root{.id = {{20}}, .kind = kRootKind};
  root.work = RotationWork::kRekeyRoot;
  root.phase = RotationPhase::kSteppingBack;
  Rotation ledger{.id = {{21}}, .kind = crypto::KeyKind::kLedger};
  ledger.work = RotationWork::kRekeyLedger;
  ledger.phase = RotationPhase::kSweeping;
  return {p,      d,       g,         i,    Suppression{{16}},
          rewrap, reindex, reencrypt, root, ledger};
}

store::AccessRow RowOf(const AccessFact& fact) {
  return {TableOf(fact), IdOf(fact), VersionOf(fact) + 1, {}};
}

TEST(AccessCodecTest, EveryFactComesBackWithItsVersionCountedUp) {
  for (const AccessFact& fact : Facts()) {
    const auto back = DecodeFact(RowOf(fact), EncodeFact(fact));
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->index(), fact.index());
    EXPECT_EQ(IdOf(*back), IdOf(fact));
    EXPECT_TRUE(EncodeFact(*back).Equals(EncodeFact(fact)));
  }
}

// So that a server from before other work came reads what it knows.
TEST(AccessCodecTest, ARotationThatRewrapsKeepsTheFirstLayout) {
  Rotation rotation{.id = {{1}}, .from = 1, .to = 2};
  const auto layout = [&] {
    return EncodeFact(rotation).Expose(crypto::AllowSecretAccess())[0];
  };
  EXPECT_EQ(layout(), 1);
  rotation.work = RotationWork::kReencrypt;
  EXPECT_EQ(layout(), 2);
}

TEST(AccessCodecTest, ARotationOfAnotherWorkIsANewerServers) {
  Rotation rotation{.id = {{1}}, .from = 1, .to = 2};
  rotation.work = RotationWork::kReindex;  // Of the wrap key: there is none.
  const auto unknown = DecodeFact(RowOf(rotation), EncodeFact(rotation));
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kFailedPrecondition);
}

// 7 is none; stepping back is a root key's alone.
TEST(AccessCodecTest, ARotationOfAnUnknownWorkOrPhaseIsANewerServers) {
  Rotation rotation{.id = {{1}}, .kind = kRootKind};
  const auto code = [&] {
    return DecodeFact(RowOf(rotation), EncodeFact(rotation)).status().code();
  };
  rotation.work = RotationWork::kRekeyRoot;
  EXPECT_EQ(code(), absl::StatusCode::kOk);
  rotation.phase = RotationPhase::kCopying;
  EXPECT_EQ(code(), absl::StatusCode::kFailedPrecondition);
  rotation = {.id = {{1}}, .from = 1, .to = 2};
  rotation.phase = RotationPhase::kSteppingBack;
  EXPECT_EQ(code(), absl::StatusCode::kFailedPrecondition);
  rotation.phase = RotationPhase::kStarting;
  rotation.work = static_cast<RotationWork>(7);
  EXPECT_EQ(code(), absl::StatusCode::kFailedPrecondition);
}

TEST(AccessCodecTest, CutAtAnyByteIsRefused) {
  for (const AccessFact& fact : Facts()) {
    const auto whole = EncodeFact(fact);
    for (size_t size = 0; size < whole.size(); ++size) {
      auto cut = whole.Clone();
      cut.Truncate(size);
      EXPECT_FALSE(DecodeFact(RowOf(fact), cut).ok()) << size;
    }
  }
}

TEST(AccessCodecTest, SealedRowOpensInItsPlaceAlone) {
  const auto keyring = crypto::Keyring::Create(
      {.chapter_id = {1}, .index = {}, .now = {}}, crypto::SystemRandom());
  const crypto::RowSealer sealer({1}, *keyring.Active<crypto::StateKey>());
  for (const AccessFact& fact : Facts()) {
    const auto put = SealFact(fact, sealer, crypto::SystemRandom());
    ASSERT_TRUE(put.ok());
    const store::AccessRow row{put->table, put->id, put->expected + 1,
                               put->sealed};
    EXPECT_TRUE(OpenFact(row, sealer).ok());
    store::AccessRow moved = row;
    moved.id[0] ^= 1;
    EXPECT_FALSE(OpenFact(moved, sealer).ok());
    moved = row;
    ++moved.version;
    EXPECT_FALSE(OpenFact(moved, sealer).ok());
    moved = row;
    moved.table = row.table == store::AccessTable::kGrants
                      ? store::AccessTable::kInvites
                      : store::AccessTable::kGrants;
    EXPECT_FALSE(OpenFact(moved, sealer).ok());
  }
}

}  // namespace
}  // namespace sodality::core
