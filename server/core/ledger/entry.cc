#include "server/core/ledger/entry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/aead.h"
#include "crypto/drawn_at_once.h"
#include "crypto/keyed_hash.h"
#include "crypto/random.h"
#include "crypto/sealed_blob.h"
#include "crypto/sha256.h"
#include "server/core/byte_builder.h"

namespace sodality::core {
namespace {

// A member's ledger key never changes: there is one version of it.
constexpr uint32_t kMemberKeyVersion = 1;
constexpr size_t kSaltBytes = 32;

crypto::BlobSealer PartSealer(const crypto::MemberLedgerKey& key) {
  return crypto::BlobSealer(
      crypto::Versioned<crypto::MemberLedgerKey>{kMemberKeyVersion, key},
      "ledger-part");
}

crypto::AssociatedData PartPlace(const store::LedgerTag& tag) {
  crypto::AssociatedData data("sodality/ledger-part/1");
  data.Add(tag.bytes);
  return data;
}

using ActionAndName = std::pair<Action, std::string_view>;
constexpr auto kActionNames = std::to_array<ActionAndName>({
    {Action::kSearch, "SEARCH"},
    {Action::kGet, "GET"},
    {Action::kCreateMember, "CREATE_MEMBER"},
    {Action::kUpdateMember, "UPDATE_MEMBER"},
    {Action::kEraseMember, "ERASE_MEMBER"},
    {Action::kPushRoster, "PUSH_ROSTER"},
    {Action::kGetSelf, "GET_SELF"},
    {Action::kUpdateSelf, "UPDATE_SELF"},
    {Action::kEraseSelf, "ERASE_SELF"},
    {Action::kReadLedger, "READ_LEDGER"},
    {Action::kCreateInvite, "CREATE_INVITE"},
    {Action::kRedeemInvite, "REDEEM_INVITE"},
    {Action::kRefuseInvite, "REFUSE_INVITE"},
    {Action::kRenewCertificate, "RENEW_CERTIFICATE"},
    {Action::kSuspendPrincipal, "SUSPEND_PRINCIPAL"},
    {Action::kLiftSuspension, "LIFT_SUSPENSION"},
    {Action::kRevokeDevice, "REVOKE_DEVICE"},
    {Action::kCreateGrant, "CREATE_GRANT"},
    {Action::kRevokeGrant, "REVOKE_GRANT"},
    {Action::kInitialise, "INITIALISE"},
    {Action::kUnseal, "UNSEAL"},
    {Action::kSeal, "SEAL"},
    {Action::kRotateKey, "ROTATE_KEY"},
    {Action::kActivateKey, "ACTIVATE_KEY"},
    {Action::kRewrapRecords, "REWRAP_RECORDS"},
    {Action::kFinishRotation, "FINISH_ROTATION"},
    {Action::kReencryptRecords, "REENCRYPT_RECORDS"},
    {Action::kResealRecords, "RESEAL_RECORDS"},
    {Action::kReindexRecords, "REINDEX_RECORDS"},
    {Action::kPrepareKey, "PREPARE_KEY"},
    {Action::kAbandonRotation, "ABANDON_ROTATION"},
    {Action::kBackUp, "BACK_UP"},
    {Action::kRestore, "RESTORE"},
    {Action::kRegisterApprovalKey, "REGISTER_APPROVAL_KEY"},
    {Action::kProposeAct, "PROPOSE_ACT"},
    {Action::kApproveAct, "APPROVE_ACT"},
    {Action::kRefuseAct, "REFUSE_ACT"},
    {Action::kTrimKeys, "TRIM_KEYS"},
});

}  // namespace

std::string_view ActionName(Action action) {
  const auto known =
      std::ranges::find(kActionNames, action, &ActionAndName::first);
  return known == kActionNames.end() ? "UNKNOWN" : known->second;
}

Concerned WhoIsConcerned(const EntryHeader& header) {
  Concerned concerned{.actor = header.actor, .members = {}};
  concerned.members.reserve(header.parts.size());
  for (const auto& part : header.parts) concerned.members.push_back(part.tag);
  return concerned;
}

store::LedgerTag MemberTag(const crypto::MemberLedgerKey& key) {
  return {crypto::KeyedHash16(key,
                              crypto::AssociatedData("sodality/ledger-tag/1"))};
}

MemberPart MakeMemberPart(const MemberId& member,
                          const crypto::MemberLedgerKey& key,
                          const std::vector<uint16_t>& fields) {
  crypto::DrawnAtOnce random(crypto::SystemRandom(),
                             kSaltBytes + crypto::kNonceSize);
  std::array<uint8_t, kSaltBytes> salt{};
  random.Fill(salt);
  ByteBuilder content;
  content.Raw(salt).Raw(member.bytes);
  content.Put(static_cast<uint16_t>(fields.size()));
  for (const uint16_t field : fields) content.Put(field);
  MemberPart part;
  part.tag = MemberTag(key);
  part.commitment = crypto::Sha256(content.bytes());
  // The content is far below the blob's limit, the one error that Seal has.
  part.sealed = PartSealer(key)
                    .Seal(PartPlace(part.tag), content.TakeSecret(), random)
                    .value();
  return part;
}

absl::StatusOr<OpenedPart> OpenMemberPart(const Entry& entry, size_t index,
                                          const crypto::MemberLedgerKey& key) {
  if (index >= entry.header.parts.size()) {
    return absl::NotFoundError("the entry has no such part");
  }
  const auto& header = entry.header.parts[index];
  auto opened =
      PartSealer(key).Open(PartPlace(header.tag), entry.sealed_parts[index]);
  if (!opened.ok()) return opened.status();
  const auto bytes = opened->Expose(crypto::AllowSecretAccess());
  if (crypto::Sha256(bytes) != header.commitment) {
    return absl::DataLossError("a ledger entry's part is not the one hashed");
  }
  crypto::ByteReader in(bytes);
  in.GetBytes(kSaltBytes);
  OpenedPart part;
  part.member.bytes = in.GetArray<16>();
  const size_t count = in.Get<uint16_t>();
  for (size_t i = 0; i < count && in.ok(); ++i) {
    part.fields.push_back(in.Get<uint16_t>());
  }
  if (!in.AtEnd()) return absl::DataLossError("a ledger part is damaged");
  return part;
}

}  // namespace sodality::core
