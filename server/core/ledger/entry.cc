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

}  // namespace

std::string_view ActionName(Action action) {
  switch (action) {
    case Action::kSearch:
      return "SEARCH";
    case Action::kGet:
      return "GET";
    case Action::kCreateMember:
      return "CREATE_MEMBER";
    case Action::kUpdateMember:
      return "UPDATE_MEMBER";
    case Action::kEraseMember:
      return "ERASE_MEMBER";
    case Action::kPushRoster:
      return "PUSH_ROSTER";
    case Action::kGetSelf:
      return "GET_SELF";
    case Action::kUpdateSelf:
      return "UPDATE_SELF";
    case Action::kEraseSelf:
      return "ERASE_SELF";
    case Action::kReadLedger:
      return "READ_LEDGER";
    case Action::kCreateInvite:
      return "CREATE_INVITE";
    case Action::kRedeemInvite:
      return "REDEEM_INVITE";
    case Action::kRefuseInvite:
      return "REFUSE_INVITE";
    case Action::kRenewCertificate:
      return "RENEW_CERTIFICATE";
    case Action::kSuspendPrincipal:
      return "SUSPEND_PRINCIPAL";
    case Action::kLiftSuspension:
      return "LIFT_SUSPENSION";
    case Action::kRevokeDevice:
      return "REVOKE_DEVICE";
    case Action::kCreateGrant:
      return "CREATE_GRANT";
    case Action::kRevokeGrant:
      return "REVOKE_GRANT";
    case Action::kInitialise:
      return "INITIALISE";
    case Action::kUnseal:
      return "UNSEAL";
    case Action::kSeal:
      return "SEAL";
    case Action::kRotateKey:
      return "ROTATE_KEY";
    case Action::kActivateKey:
      return "ACTIVATE_KEY";
    case Action::kRewrapRecords:
      return "REWRAP_RECORDS";
    case Action::kFinishRotation:
      return "FINISH_ROTATION";
    case Action::kReencryptRecords:
      return "REENCRYPT_RECORDS";
    case Action::kResealRecords:
      return "RESEAL_RECORDS";
    case Action::kReindexRecords:
      return "REINDEX_RECORDS";
  }
  return "UNKNOWN";
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
