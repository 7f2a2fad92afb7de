#include "server/core/keys/rotation_answers.h"

#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/core/access/codec.h"
#include "server/core/error.h"

namespace sodality::core {

absl::Status RotationRunning(const Rotation& rotation) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat(
          rotation.work == RotationWork::kReencrypt
              ? "every record is being encrypted anew"
              : absl::StrCat("the ", std::string(KindName(rotation.kind)),
                             " key is being rotated"),
          ": one rotation at a time"),
      {.reason = Reason::kRotationRunning,
       .hint = "see how far it is: sodality keys status"});
}

absl::Status NotActiveYet(const absl::Status& cause) {
  const bool full = absl::IsResourceExhausted(cause);
  return MakeError(
      full ? absl::StatusCode::kResourceExhausted
           : absl::StatusCode::kUnavailable,
      "the rotation has begun, and its key is not written yet",
      {.reason = full ? Reason::kDiskFull : Reason::kStoreStopped,
       .hint = "the server goes on with it: sodality keys status"});
}

absl::Status CheckRoom(const crypto::Keyring& keyring, RotationWork work) {
  const bool of_ledger = work == RotationWork::kRekeyLedger;
  if (of_ledger && keyring.NextVersion(crypto::KeyKind::kLedger) !=
                       keyring.NextVersion(crypto::KeyKind::kLedgerSign)) {
    return absl::FailedPreconditionError(
        "the ledger's two keys are not of one version");
  }
  const size_t needed = of_ledger ? 2 : 1;
  if (keyring.Infos().size() + needed <= crypto::Keyring::kMaxVersions) {
    return absl::OkStatus();
  }
  return InvalidValue("kind", "the keyring holds 4,096 versions: no more fit");
}

// Nobody's request: the zero principal asks for nothing.
Act GivenUpAct(const store::RotationId& id, const RequestLog& requests) {
  return {.principal = {},
          .request = {id.bytes},
          .content = requests.Digest("rotation-given-up").Finish()};
}

absl::StatusOr<Rotation> DecodeAnswer(const store::RotationId& id,
                                      const crypto::SecretBytes& answer) {
  const auto fact = DecodeFact(
      {store::AccessTable::kRotations, id.bytes, /*version=*/1, {}}, answer);
  if (!fact.ok()) return fact.status();
  return std::get<Rotation>(*fact);
}

}  // namespace sodality::core
