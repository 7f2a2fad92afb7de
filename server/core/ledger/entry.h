// What one ledger entry says, before and after it is numbered. The byte layout
// is docs/formats.md "Ledger". Read next: ledger/ledger.h.
#ifndef SODALITY_SERVER_CORE_LEDGER_ENTRY_H_
#define SODALITY_SERVER_CORE_LEDGER_ENTRY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/signing.h"
#include "server/core/access/types.h"
#include "server/store/ids.h"
#include "server/store/member_store.h"

namespace sodality::core {

using Hash = std::array<uint8_t, 32>;

enum class Action : uint16_t {
  kSearch = 1,
  kGet = 2,
  kCreateMember = 3,
  kUpdateMember = 4,
  kEraseMember = 5,
  kPushRoster = 6,
  kGetSelf = 7,
  kUpdateSelf = 8,
  kEraseSelf = 9,
  kReadLedger = 10,
  kCreateInvite = 20,
  kRedeemInvite = 21,
  kRefuseInvite = 22,
  kRenewCertificate = 23,
  kSuspendPrincipal = 24,
  kLiftSuspension = 28,
  kRevokeDevice = 25,
  kCreateGrant = 26,
  kRevokeGrant = 27,
  kInitialise = 40,
  kUnseal = 41,
  kSeal = 42,
  // Subject: which version of which key (keys/rotation.h).
  kRotateKey = 43,
  kActivateKey = 44,
  kRewrapRecords = 45,
  kFinishRotation = 46,
  kReencryptRecords = 47,
  kResealRecords = 48,
  kReindexRecords = 49,
  kPrepareKey = 50,
  // 51 is kept for the ledger's key.
  kAbandonRotation = 52,
  // Subject: the backup's id (backup/backup.h).
  kBackUp = 53,
  kRestore = 54,
  // 55 is kept.
  // Subject: the device.
  kRegisterApprovalKey = 56,
  // Subject: the act (access/acts.h).
  kProposeAct = 57,
  kApproveAct = 58,
  kRefuseAct = 59,
  // Subject: kind, and the version below which all are destroyed.
  kTrimKeys = 60,
};
std::string_view ActionName(Action action);  // "SEARCH", "CREATE_MEMBER", ...

enum class Outcome : uint8_t { kDone = 0, kRefused = 1 };

// The part of an entry about one member, sealed under that member's own ledger
// key by MakeMemberPart, away from the ledger's thread.
struct MemberPart {
  store::LedgerTag tag;  // Of the member, under their ledger key.
  Hash commitment{};     // Salted, of `sealed`'s plaintext.
  store::Bytes sealed;   // Which member, and which fields.
};

// `fields` are schema field ids, shown or written.
MemberPart MakeMemberPart(const MemberId& member,
                          const crypto::MemberLedgerKey& key,
                          const std::vector<uint16_t>& fields);
store::LedgerTag MemberTag(const crypto::MemberLedgerKey& key);

struct EntryDraft {
  Action action = Action::kGet;
  Outcome outcome = Outcome::kDone;
  PrincipalId actor;
  DeviceId device;
  std::optional<GrantUse> grant;
  store::IdBytes subject{};  // Device, grant, invite or principal acted on.
  std::vector<MemberPart> members;
};

// The canonical header's content; what an auditor reads.
struct EntryHeader {
  uint64_t number = 0;  // From 1 without gaps.
  Hash previous{};      // The leaf of number - 1; zero for the first.
  Timestamp time;
  store::Revision revision = 0;  // The store's newest committed one it knows.
  Action action = Action::kGet;
  Outcome outcome = Outcome::kDone;
  PrincipalId actor;
  DeviceId device;
  GrantId grant;  // Zero when none.
  uint64_t grant_version = 0;
  store::IdBytes subject{};
  // Per member part: tag, the member's own sequence number from 1, commitment.
  struct Part {
    store::LedgerTag tag;
    uint64_t sequence = 0;
    Hash commitment{};
  };
  std::vector<Part> parts;
};

// Whom an entry concerns: all that an index needs of it.
struct Concerned {
  PrincipalId actor;
  std::vector<store::LedgerTag> members;
};
Concerned WhoIsConcerned(const EntryHeader& header);

struct Entry {
  EntryHeader header;
  store::Bytes canonical;                  // The header's bytes as hashed.
  std::vector<store::Bytes> sealed_parts;  // Beside header.parts.
  Hash leaf{};
};

// What a member part says once opened with the member's key.
struct OpenedPart {
  MemberId member;
  std::vector<uint16_t> fields;
};
// DATA_LOSS when it does not open or its commitment does not hold.
absl::StatusOr<OpenedPart> OpenMemberPart(const Entry& entry, size_t index,
                                          const crypto::MemberLedgerKey& key);

struct Head {
  uint64_t number = 0;
  Hash leaf{};
  store::Revision revision = 0;  // Newest committed revision the ledger names.
};

// Which life of the chapter's a head is of, and of which that was restored
// (incarnation.h); zeros: it never was.
struct Descent {
  store::IncarnationId incarnation;
  store::IncarnationId parent;
};

// Ed25519 over docs/formats-ledger.md "Ledger head".
struct SignedHead {
  Head head;
  Descent descent;
  crypto::Signature signature;
  crypto::PublicKey public_key;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_ENTRY_H_
