#include "server/core/keys/key_rotation.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/sealed_blob.h"
#include "platform/mutex.h"
#include "server/core/access/change_rules.h"
#include "server/core/access/codec.h"
#include "server/core/chapter.h"
#include "server/core/error.h"
#include "server/core/keys/keys.h"
#include "server/core/keys/rewrap.h"
#include "server/core/keys/rotation_answers.h"
#include "server/core/keys/rotation_state.h"
#include "server/core/waiter.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

bool IsStarting(const std::optional<Rotation>& rotation,
                const store::RotationId& id) {
  return rotation && rotation->id == id &&
         rotation->phase == RotationPhase::kStarting;
}

EntryDraft ServersEntry(Action action, const Rotation& rotation) {
  return {.action = action,
          .subject = WriteKeySubject({rotation.kind, rotation.to})};
}

}  // namespace

class KeyRotation::Impl {
 public:
  Impl(const AccessParts& parts, Keys& keys,
       const std::optional<Rotation>& unfinished)
      : parts_(parts),
        keys_(keys),
        rewrapper_(parts.base.store, keys, parts.base.random),
        state_(unfinished) {}

  absl::StatusOr<KeysStatus> Status() const;
  absl::StatusOr<Rotation> Start(const Caller& caller, crypto::KeyKind kind,
                                 const RequestId& request);
  absl::StatusOr<bool> Step();
  RotationState& state() { return state_; }

 private:
  // What was met on a way through all members; the first may begin at a cursor.
  struct Pass {
    bool whole = false;
    uint64_t rewrapped = 0;
    uint64_t damaged = 0;
  };

  store::RotationId IdOf(const Act& act) const;
  absl::StatusOr<Rotation> Begin(const Caller& caller, Rotation rotation,
                                 const Act& act) SODALITY_REQUIRES(work_);
  absl::Status Advance(const Rotation& rotation) SODALITY_REQUIRES(work_);
  absl::Status Activate(Rotation rotation) SODALITY_REQUIRES(work_);
  absl::Status Sweep(Rotation rotation) SODALITY_REQUIRES(work_);
  absl::Status Finish(const Rotation& rotation) SODALITY_REQUIRES(work_);
  // Commits `write` with the row as `rotation` is, one version on. Calls
  // `meanwhile` before it waits.
  absl::Status CommitRow(
      Rotation rotation, store::Write write, EntryDraft entry,
      const std::function<void()>& meanwhile = [] {}) SODALITY_REQUIRES(work_);

  const AccessParts parts_;
  Keys& keys_;
  // Held by whoever begins a rotation or takes it a step on.
  mutable platform::Mutex work_;
  Pass pass_ SODALITY_GUARDED_BY(work_);
  Rewrapper rewrapper_;  // Used by whoever holds work_.

  RotationState state_;
};

absl::StatusOr<KeysStatus> KeyRotation::Impl::Status() const {
  KeysStatus status;
  // Counted again when the rotation has ended meanwhile: they are to agree.
  std::optional<Rotation> ran;
  absl::StatusOr<store::StoreCounts> counts;
  do {
    ran = state_.running();
    counts = parts_.base.store.Counts();
    if (!counts.ok()) return counts.status();
    status.rotation = state_.Progress(*counts, parts_.base.clock.Now());
  } while (ran && !status.rotation);
  status.versions = ListVersions(*keys_.Current(), *counts);
  return status;
}

absl::StatusOr<Rotation> KeyRotation::Impl::Start(const Caller& caller,
                                                  crypto::KeyKind kind,
                                                  const RequestId& request) {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  if (kind != crypto::KeyKind::kWrap) {
    return InvalidValue("kind", "only wrap keys can be rotated so far");
  }
  const MutexLock changes(parts_.base.access.changes());
  if (auto s = CheckStillLive(parts_.base, caller); !s.ok()) return s;
  KeyedDigest content = parts_.requests.Digest("rotate-key");
  content.AddNumber(static_cast<uint64_t>(kind));
  const Act act{caller.principal, request, content.Finish()};
  const auto before = parts_.requests.Find(parts_.base.store, act);
  if (!before.ok()) return FromStore(before.status());
  const store::RotationId id = IdOf(act);
  const auto running = state_.running();
  // Not behind a step of it; nobody else begins one meanwhile.
  if (!before->has_value() && running) return RotationRunning(*running);
  if (before->has_value() && !IsStarting(running, id)) {
    return DecodeAnswer(id, **before);
  }
  const MutexLock lock(work_);
  auto begun = before->has_value()
                   ? DecodeAnswer(id, **before)
                   : Begin(caller, {.id = id, .kind = kind}, act);
  if (!begun.ok()) return FromStore(begun.status());
  // A step that was waited for may have got it on, or even to its end.
  const auto now = state_.running();
  const absl::Status active =
      IsStarting(now, id) ? Advance(*now) : absl::OkStatus();
  state_.Wake();
  if (!active.ok()) return NotActiveYet(active);
  return begun;
}

// The same for the same request, and nobody's to choose.
store::RotationId KeyRotation::Impl::IdOf(const Act& act) const {
  KeyedDigest digest = parts_.requests.Digest("rotation-id");
  digest.Add(act.principal.bytes).Add(act.request.bytes);
  const auto bytes = digest.Finish();
  store::RotationId id;
  std::copy_n(bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

absl::StatusOr<Rotation> KeyRotation::Impl::Begin(const Caller& caller,
                                                  Rotation rotation,
                                                  const Act& act) {
  const auto keyring = keys_.Current();
  const auto active = keyring->Active<crypto::WrapKey>();
  if (!active.ok()) return active.status();
  rotation.from = active->version;
  rotation.to = keyring->NextVersion(rotation.kind);
  rotation.started = parts_.base.clock.Now();
  auto kept = parts_.requests.Make(act, EncodeFact(rotation));
  if (!kept.ok()) return kept.status();
  store::Write write;
  write.request = *std::move(kept);
  const auto subject = WriteKeySubject({rotation.kind, rotation.to});
  const absl::Status begun =
      CommitRow(rotation, std::move(write),
                EntryFor(caller, Action::kRotateKey, subject));
  if (!begun.ok()) return begun;
  return rotation;
}

absl::Status KeyRotation::Impl::CommitRow(
    Rotation rotation, store::Write write, EntryDraft entry,
    const std::function<void()>& meanwhile) {
  const auto keyring = keys_.Current();
  const auto key = keyring->Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  const crypto::RowSealer sealer(parts_.base.info.id.bytes, *key);
  auto row = SealFact(rotation, sealer, parts_.base.random);
  if (!row.ok()) return row.status();
  write.put_rows.push_back(*std::move(row));
  Waiter<store::Revision> waiter;
  parts_.base.committer.Submit(std::move(write), std::move(entry),
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

absl::StatusOr<bool> KeyRotation::Impl::Step() {
  const MutexLock lock(work_);
  const auto rotation = state_.running();
  if (!rotation) return false;
  if (auto s = Advance(*rotation); !s.ok()) return s;
  return true;
}

absl::Status KeyRotation::Impl::Advance(const Rotation& rotation) {
  const absl::Status done =
      IsStarting(rotation, rotation.id) ? Activate(rotation) : Sweep(rotation);
  state_.SetProblem(done);
  return done;
}

// The row stands. A crash between the file and the next row leaves a version
// that seals already: it is found and named.
absl::Status KeyRotation::Impl::Activate(Rotation rotation) {
  if (!keys_.Current()->Info(rotation.kind, rotation.to).ok()) {
    const absl::Status changed = keys_.Change([&](crypto::Keyring& keyring) {
      keyring.Rotate(rotation.kind, parts_.base.clock.Now(),
                     parts_.base.random);
    });
    if (!changed.ok()) return changed;
  }
  rotation.phase = RotationPhase::kSweeping;
  return CommitRow(rotation, {}, ServersEntry(Action::kActivateKey, rotation));
}

absl::Status KeyRotation::Impl::Sweep(Rotation rotation) {
  if (!state_.IsCounted()) {
    const auto counts = parts_.base.store.Counts();
    if (!counts.ok()) return counts.status();
    state_.CountFrom(*counts, parts_.base.clock.Now());
  }
  auto batch = rewrapper_.Take(rotation);
  if (!batch.ok()) return batch.status();
  const size_t rewrapped = batch->members.size();
  if (batch->last != store::MemberId{}) rotation.cursor = batch->last;
  if (rewrapped == 0) {
    state_.Set(rotation);
  } else {
    store::Write write;
    write.rewrap_members = std::move(batch->members);
    const absl::Status done =
        CommitRow(rotation, std::move(write),
                  ServersEntry(Action::kRewrapRecords, rotation), [&] {
                    if (!batch->end) rewrapper_.Prepare(rotation);
                  });
    if (!done.ok()) return done;
  }
  pass_.damaged += batch->damaged;
  pass_.rewrapped += rewrapped;
  return batch->end ? Finish(*state_.running()) : absl::OkStatus();
}

absl::Status KeyRotation::Impl::Finish(const Rotation& rotation) {
  store::Write write;
  write.erase_rows.push_back(
      {store::AccessTable::kRotations, rotation.id.bytes, rotation.version});
  write.retire_wrap_below = rotation.to;
  const auto committed = parts_.base.committer.Commit(
      std::move(write), ServersEntry(Action::kFinishRotation, rotation));
  if (committed.ok()) {
    pass_ = {};
    state_.Set(std::nullopt);
    return absl::OkStatus();
  }
  if (!absl::IsAborted(committed.status())) return committed.status();
  // Somebody is under an older version: written late, or damaged.
  const Pass pass = std::exchange(pass_, Pass{.whole = true});
  Rotation again = rotation;
  again.cursor = {};
  state_.Set(again);
  if (pass.damaged != 0) {
    return absl::DataLossError(
        absl::StrCat(pass.damaged, " records do not open"));
  }
  if (!pass.whole || pass.rewrapped != 0) return absl::OkStatus();
  return absl::DataLossError("the store's counts are not those of its records");
}

KeyRotation::KeyRotation(const AccessParts& parts, Keys& keys,
                         std::optional<Rotation> unfinished)
    : impl_(std::make_unique<Impl>(parts, keys, unfinished)) {}
KeyRotation::~KeyRotation() = default;

absl::StatusOr<KeysStatus> KeyRotation::Status() const {
  return impl_->Status();
}
absl::StatusOr<Rotation> KeyRotation::Start(const Caller& caller,
                                            crypto::KeyKind kind,
                                            const RequestId& request) {
  return impl_->Start(caller, kind, request);
}
absl::StatusOr<bool> KeyRotation::Step() { return impl_->Step(); }
void KeyRotation::AwaitWork(std::chrono::milliseconds most) {
  impl_->state().Await(most);
}
void KeyRotation::Wake() { impl_->state().Wake(); }

}  // namespace sodality::core
