#include <algorithm>
#include <cmath>

#include "server/rpc/convert.h"

namespace sodality::rpc {
namespace {

uint64_t SecondsLeft(const core::RotationProgress& progress) {
  if (progress.per_second <= 0 || progress.done >= progress.total) return 0;
  const auto left = static_cast<double>(progress.total - progress.done);
  return static_cast<uint64_t>(std::ceil(left / progress.per_second));
}

bool IsKind(std::string_view name) {
  const auto& made = crypto::kGeneratedKinds;
  return name == crypto::KeyKindName(crypto::KeyKind::kCa) ||
         std::any_of(made.begin(), made.end(), [&](crypto::KeyKind kind) {
           return crypto::KeyKindName(kind) == name;
         });
}

}  // namespace

absl::StatusOr<core::RotationWork> ParseRotatedKind(std::string_view name) {
  using core::RotationWork;
  for (const auto work : {RotationWork::kRewrap, RotationWork::kReindex,
                          RotationWork::kRekeyPages, RotationWork::kRekeyLedger,
                          RotationWork::kRekeyRoot}) {
    if (core::KindName(core::KindOf(work)) == name) return work;
  }
  if (!IsKind(name)) return InvalidValue("kind", "no such kind of key");
  if (name == core::KindName(crypto::KeyKind::kLedgerSign)) {
    return InvalidValue("kind", "it is rotated with the ledger key");
  }
  return InvalidValue(
      "kind", "the " + std::string(name) + " key cannot be rotated yet");
}

void FillKeyVersion(const core::KeyVersion& version, v1::KeyVersion& out) {
  out.set_kind(std::string(crypto::KeyKindName(version.info.kind)));
  out.set_version(version.info.version);
  out.set_state(std::string(crypto::KeyStateName(version.info.state)));
  out.set_created(platform::FormatTimestamp(version.info.created));
  if (version.records) out.set_records(*version.records);
}

void FillRotation(const core::RotationProgress& progress, v1::Rotation& out) {
  const core::Rotation& rotation = progress.rotation;
  out.set_id(FormatId(rotation.id.bytes));
  out.set_work(std::string(core::RotationWorkName(rotation.work)));
  out.set_kind(std::string(core::KindName(rotation.kind)));
  out.set_given_up(rotation.given_up);
  out.set_from(rotation.from);
  out.set_to(rotation.to);
  out.set_phase(std::string(core::RotationPhaseName(rotation.phase)));
  out.set_done(progress.done);
  out.set_total(progress.total);
  out.set_per_second(progress.per_second);
  out.set_seconds_left(SecondsLeft(progress));
  out.set_problem(progress.problem);
  out.set_started(platform::FormatTimestamp(rotation.started));
}

}  // namespace sodality::rpc
