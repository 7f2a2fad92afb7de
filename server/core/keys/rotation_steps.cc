#include "server/core/keys/rotation_steps.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/sealed_blob.h"
#include "server/core/access/codec.h"
#include "server/core/waiter.h"

namespace sodality::core {
namespace {

// A write that is on its way for as long is none.
constexpr uint64_t kMostWholePasses = 3;

Action BatchAction(const Rotation& rotation) {
  switch (rotation.work) {
    case RotationWork::kReencrypt:
      return Action::kResealRecords;
    case RotationWork::kReindex:
      return Action::kReindexRecords;
    case RotationWork::kRewrap:
    case RotationWork::kRekeyPages:   // Has no batches.
    case RotationWork::kRekeyLedger:  // Likewise.
    case RotationWork::kRekeyRoot:    // Likewise.
      break;
  }
  return Action::kRewrapRecords;
}

}  // namespace

EntryDraft ServersEntry(Action action, const Rotation& rotation) {
  return {.action = action,
          .subject = WriteKeySubject({rotation.kind, rotation.to})};
}

RotationSteps::RotationSteps(const DirectoryParts& parts, Keys& keys,
                             LiveIndex& index, const RequestLog& requests,
                             RotationState& state)
    : parts_(parts),
      keys_(keys),
      requests_(requests),
      state_(state),
      exchange_(parts.schema, index),
      sweeper_(parts) {}

absl::Status RotationSteps::CommitRow(Rotation rotation, store::Write write,
                                      EntryDraft entry,
                                      const std::function<void()>& meanwhile) {
  const auto keyring = keys_.Current();
  const auto key = keyring->Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  const crypto::RowSealer sealer(parts_.info.id.bytes, *key);
  auto row = SealFact(rotation, sealer, parts_.random);
  if (!row.ok()) return row.status();
  write.put_rows.push_back(*std::move(row));
  Waiter<store::Revision> waiter;
  parts_.committer.Submit(std::move(write), std::move(entry),
                          [&](absl::StatusOr<store::Revision> stored) {
                            waiter.Set(std::move(stored));
                          });
  meanwhile();
  const auto committed = waiter.Wait();
  if (!committed.ok()) return committed.status();
  ++rotation.version;
  state_.Set(rotation);
  return absl::OkStatus();
}

absl::Status RotationSteps::Advance(const Rotation& rotation) {
  absl::Status done;
  if (rotation.work == RotationWork::kRekeyPages) {
    done = AdvancePages(rotation);
  } else if (rotation.work == RotationWork::kRekeyRoot) {
    done = AdvanceRoot(rotation);
  } else if (rotation.work == RotationWork::kRekeyLedger) {
    done = IsStarting(rotation) ? Activate(rotation) : EraseRow(rotation);
  } else {
    done = IsStarting(rotation) ? Activate(rotation) : Sweep(rotation);
  }
  state_.SetProblem(done);
  return done;
}

// The row stands. A crash between the file and the next row leaves a version
// that is active already: it is found and named.
absl::Status RotationSteps::Activate(Rotation rotation) {
  if (!keys_.Current()->Info(rotation.kind, rotation.to).ok()) {
    if (auto s = MakeKey(rotation); !s.ok()) return s;
  }
  if (rotation.work == RotationWork::kReindex) {
    const auto begun = exchange_.Begin(*keys_.Current(), rotation);
    if (!begun.ok() || !*begun) return begun.status();
  }
  if (rotation.work == RotationWork::kRekeyLedger) {
    // Before the entry that says so, which is the first under the new keys.
    const absl::Status used = parts_.ledger.UseKeys(keys_.Current());
    if (!used.ok()) return used;
  }
  rotation.phase = RotationPhase::kSweeping;
  return CommitRow(rotation, {}, ServersEntry(Action::kActivateKey, rotation));
}

absl::Status RotationSteps::MakeKey(const Rotation& rotation) {
  const auto now = parts_.clock.Now();
  if (rotation.work == RotationWork::kRekeyLedger) {
    return keys_.Change([&](crypto::Keyring& keyring) {
      keyring.RotateLedger(now, parts_.random);
    });
  }
  if (rotation.work != RotationWork::kReindex) {
    return keys_.Change([&](crypto::Keyring& keyring) {
      keyring.Rotate(rotation.kind, now, parts_.random);
    });
  }
  const auto counts = parts_.store.Counts();
  if (!counts.ok()) return counts.status();
  const auto plan = PlanIndex(parts_.schema.PlannedFor(counts->members));
  return keys_.Change([&](crypto::Keyring& keyring) {
    keyring.RotateIndex(plan, now, parts_.random);
  });
}

absl::Status RotationSteps::Sweep(Rotation rotation) {
  if (!state_.IsCounted()) {
    const auto counts = parts_.store.Counts();
    if (!counts.ok()) return counts.status();
    state_.CountFrom(*counts, parts_.clock.Now());
  }
  auto batch = sweeper_.Take(rotation);
  if (!batch.ok()) return batch.status();
  if (batch->last != store::MemberId{}) rotation.cursor = batch->last;
  if (rotation.work == RotationWork::kReindex) rotation.done += batch->read;
  if (batch->renewed == 0) {
    state_.Set(rotation);
  } else {
    const absl::Status done =
        CommitRow(rotation, std::move(batch->write),
                  ServersEntry(BatchAction(rotation), rotation), [&] {
                    if (!batch->end) sweeper_.Prepare(rotation);
                  });
    if (!done.ok()) return done;
  }
  pass_.damaged += batch->damaged;
  pass_.renewed += batch->renewed;
  return batch->end ? Finish(*state_.running()) : absl::OkStatus();
}

absl::Status RotationSteps::Finish(const Rotation& rotation) {
  const uint64_t damaged = pass_.damaged;
  if (damaged == 0) {
    const absl::Status finished = EraseRow(rotation);
    if (!absl::IsAborted(finished)) return finished;
  }
  // Somebody is under an older version: written late, or damaged.
  const Pass pass = std::exchange(
      pass_, Pass{.whole_before = pass_.whole_before + (pass_.whole ? 1 : 0),
                  .whole = true});
  Rotation again = rotation;
  again.cursor = {};
  again.done = 0;
  state_.Set(again);
  if (damaged != 0) {
    return absl::DataLossError(absl::StrCat(damaged, " records do not open"));
  }
  const bool moves = !pass.whole || (pass.renewed != 0 &&
                                     pass.whole_before < kMostWholePasses);
  return moves ? absl::OkStatus()
               : absl::DataLossError(
                     "the store's counts are not those of its records");
}

absl::Status RotationSteps::EraseRow(const Rotation& rotation,
                                     store::Write write) {
  write.erase_rows.push_back(
      {store::AccessTable::kRotations, rotation.id.bytes, rotation.version});
  if (rotation.work == RotationWork::kReindex) {
    write.retire_index_below = static_cast<uint16_t>(rotation.to);
  } else if (rotation.kind == crypto::KeyKind::kWrap) {
    write.retire_wrap_below = rotation.to;
  }
  const auto committed = parts_.committer.Commit(
      std::move(write), ServersEntry(Action::kFinishRotation, rotation));
  if (!committed.ok()) return committed.status();
  pass_ = {};
  sweeper_.End();
  const absl::Status ended = rotation.work == RotationWork::kReindex
                                 ? exchange_.End(*keys_.Current(), rotation)
                                 : absl::OkStatus();
  state_.Set(std::nullopt);
  return ended;
}

}  // namespace sodality::core
