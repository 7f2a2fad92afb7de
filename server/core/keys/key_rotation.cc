#include "server/core/keys/key_rotation.h"

#include <algorithm>
#include <utility>

#include "crypto/random.h"
#include "platform/mutex.h"
#include "server/core/access/change_rules.h"
#include "server/core/access/codec.h"
#include "server/core/chapter.h"
#include "server/core/error.h"
#include "server/core/keys/keys.h"
#include "server/core/keys/rotation_answers.h"
#include "server/core/keys/rotation_plan.h"
#include "server/core/keys/rotation_state.h"
#include "server/core/keys/rotation_steps.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

// What a chapter outgrows takes weeks.
constexpr std::chrono::milliseconds kBetweenLooks = std::chrono::hours(1);

// The store keeps an index version in 15 bits of a token.
static_assert(crypto::Keyring::kMaxVersions <= 0x7fff);
// The rest is for those that an admin asks for.
constexpr size_t kMostByItself = crypto::Keyring::kMaxVersions / 2;

bool IsStarting(const std::optional<Rotation>& rotation,
                const store::RotationId& id) {
  return rotation && rotation->id == id && IsStarting(*rotation);
}

}  // namespace

class KeyRotation::Impl {
 public:
  Impl(const AccessParts& parts, Keys& keys, LiveIndex& index,
       const std::optional<Rotation>& unfinished)
      : parts_(parts),
        keys_(keys),
        state_(unfinished),
        steps_(parts.base, keys, index, parts.requests, state_),
        looked_(parts.base.clock.Now()) {}

  absl::StatusOr<KeysStatus> Status() const;
  absl::StatusOr<Rotation> Start(const Caller& caller, RotationWork work,
                                 const RequestId& request);
  absl::Status CheckRootFree() const;
  absl::Status ChangeKeys(const std::function<absl::Status()>& change,
                          store::Write write, EntryDraft entry);
  absl::StatusOr<bool> Step();
  absl::StatusOr<std::optional<Rotation>> FindGivenUp(
      const store::RotationId& id) const;
  RotationState& state() { return state_; }
  void Interrupt() {
    auto* const files = parts_.base.store.maintenance();
    if (files != nullptr) files->Interrupt();
  }

 private:
  store::RotationId IdOf(const Act& act) const;
  absl::StatusOr<Rotation> Answer(const store::RotationId& id,
                                  const crypto::SecretBytes& kept) const;
  absl::StatusOr<Rotation> Begin(const Caller& caller,
                                 const store::RotationId& id, RotationWork work,
                                 const Act& act) SODALITY_REQUIRES(work_);
  // Whether it has begun one.
  absl::StatusOr<bool> BeginIfOutgrown() SODALITY_REQUIRES(work_);

  const AccessParts parts_;
  Keys& keys_;
  RotationState state_;
  // Held by whoever begins a rotation or takes it a step on.
  mutable platform::Mutex work_;
  RotationSteps steps_ SODALITY_GUARDED_BY(work_);
  // When the index was last compared with the members.
  platform::Timestamp looked_ SODALITY_GUARDED_BY(work_);
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
  status.versions = ListVersions(*keys_.Current(), *counts, ran);
  return status;
}

absl::StatusOr<Rotation> KeyRotation::Impl::Start(const Caller& caller,
                                                  RotationWork work,
                                                  const RequestId& request) {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  const MutexLock changes(parts_.base.access.changes());
  if (auto s = CheckStillLive(parts_.base, caller); !s.ok()) return s;
  KeyedDigest content = parts_.requests.Digest("rotate-key");
  content.AddNumber(static_cast<uint64_t>(KindOf(work)));
  if (work == RotationWork::kReencrypt) {
    content.AddNumber(static_cast<uint64_t>(work));
  }
  const Act act{caller.principal, request, content.Finish()};
  const auto before = parts_.requests.Find(parts_.base.store, act);
  if (!before.ok()) return FromStore(before.status());
  const store::RotationId id = IdOf(act);
  const auto running = state_.running();
  // Not behind a step of it; nobody else begins one meanwhile.
  if (!before->has_value() && running) return RotationRunning(*running);
  // A new index key is there before writes change to it: not behind that. Of
  // pages no more is promised than that it was begun.
  const bool stands = !IsStarting(running, id) ||
                      work == RotationWork::kRekeyPages ||
                      work == RotationWork::kRekeyRoot ||
                      (work == RotationWork::kReindex &&
                       keys_.Current()->Info(running->kind, running->to).ok());
  if (before->has_value() && stands) return Answer(id, **before);
  const MutexLock lock(work_);
  if (!before->has_value()) {
    // But the server itself, perhaps.
    if (const auto now = state_.running()) return RotationRunning(*now);
  }
  auto begun = before->has_value() ? DecodeAnswer(id, **before)
                                   : Begin(caller, id, work, act);
  if (!begun.ok()) return FromStore(begun.status());
  // A step that was waited for may have got it on, or even to its end.
  const auto now = state_.running();
  const absl::Status active =
      IsStarting(now, id) ? steps_.Advance(*now) : absl::OkStatus();
  state_.Wake();
  if (!active.ok()) return NotActiveYet(active);
  return begun;
}

absl::StatusOr<std::optional<Rotation>> KeyRotation::Impl::FindGivenUp(
    const store::RotationId& id) const {
  const auto kept =
      parts_.requests.Find(parts_.base.store, GivenUpAct(id, parts_.requests));
  if (!kept.ok()) return FromStore(kept.status());
  if (!kept->has_value()) return std::nullopt;
  auto rotation = DecodeAnswer(id, **kept);
  if (!rotation.ok()) return rotation.status();
  rotation->given_up = true;
  return *rotation;
}

// As it was given first, or that it has been given up since.
absl::StatusOr<Rotation> KeyRotation::Impl::Answer(
    const store::RotationId& id, const crypto::SecretBytes& kept) const {
  auto rotation = DecodeAnswer(id, kept);
  if (!rotation.ok() || rotation->work != RotationWork::kRekeyRoot) {
    return rotation;
  }
  const auto given_up = FindGivenUp(id);
  if (!given_up.ok()) return given_up.status();
  rotation->given_up = given_up->has_value();
  return rotation;
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
                                                  const store::RotationId& id,
                                                  RotationWork work,
                                                  const Act& act) {
  auto rotation = PlanRotation(parts_.base, id, work);
  if (!rotation.ok()) return rotation;
  auto kept = parts_.requests.Make(act, EncodeFact(*rotation));
  if (!kept.ok()) return kept.status();
  store::Write write;
  write.request = *std::move(kept);
  const Action action = work == RotationWork::kReencrypt
                            ? Action::kReencryptRecords
                            : Action::kRotateKey;
  const auto subject = WriteKeySubject({rotation->kind, rotation->to});
  const absl::Status begun = steps_.CommitRow(
      *rotation, std::move(write), EntryFor(caller, action, subject));
  if (!begun.ok()) return begun;
  return rotation;
}

absl::StatusOr<bool> KeyRotation::Impl::BeginIfOutgrown() {
  const auto now = parts_.base.clock.Now();
  const int64_t since = now.millis - looked_.millis;
  // A clock that was set back begins anew.
  if (since >= 0 && since < kBetweenLooks.count()) return false;
  looked_ = now;
  if (since < 0 || keys_.Current()->Infos().size() >= kMostByItself) {
    return false;
  }
  auto rotation =
      PlanRotation(parts_.base, {crypto::RandomId(parts_.base.random)},
                   RotationWork::kReindex);
  if (!rotation.ok()) return rotation.status();
  const auto info = keys_.Current()->Info(rotation->kind, rotation->from);
  if (!info.ok()) return info.status();
  const auto counts = parts_.base.store.Counts();
  if (!counts.ok()) return counts.status();
  const uint64_t members = parts_.base.schema.PlannedFor(counts->members);
  if (!info->index || !IsOutgrown(*info->index, members)) return false;
  const absl::Status begun = steps_.CommitRow(
      *rotation, {}, ServersEntry(Action::kRotateKey, *rotation));
  if (!begun.ok()) return begun;
  return true;
}

absl::Status KeyRotation::Impl::CheckRootFree() const {
  if (const auto now = state_.running()) return RotationRunning(*now);
  return PlanRoot(parts_.base, {}).status();
}

absl::Status KeyRotation::Impl::ChangeKeys(
    const std::function<absl::Status()>& change, store::Write write,
    EntryDraft entry) {
  const MutexLock lock(work_);
  if (const auto now = state_.running()) return RotationRunning(*now);
  if (auto s = change(); !s.ok()) return s;
  const auto root =
      PlanRoot(parts_.base, {crypto::RandomId(parts_.base.random)});
  if (!root.ok()) {
    return parts_.base.committer.Commit(std::move(write), std::move(entry))
        .status();
  }
  const absl::Status begun =
      steps_.CommitRow(*root, std::move(write), std::move(entry));
  state_.Wake();
  return begun;
}

absl::StatusOr<bool> KeyRotation::Impl::Step() {
  const MutexLock lock(work_);
  const auto rotation = state_.running();
  if (!rotation) return BeginIfOutgrown();
  if (auto s = steps_.Advance(*rotation); !s.ok()) return s;
  return true;
}

KeyRotation::KeyRotation(const AccessParts& parts, Keys& keys, LiveIndex& index,
                         std::optional<Rotation> unfinished)
    : impl_(std::make_unique<Impl>(parts, keys, index, unfinished)) {}
KeyRotation::~KeyRotation() = default;

absl::StatusOr<KeysStatus> KeyRotation::Status() const {
  return impl_->Status();
}
absl::StatusOr<Rotation> KeyRotation::Start(const Caller& caller,
                                            RotationWork work,
                                            const RequestId& request) {
  return impl_->Start(caller, work, request);
}
absl::StatusOr<std::optional<Rotation>> KeyRotation::FindGivenUp(
    const store::RotationId& id) const {
  return impl_->FindGivenUp(id);
}
absl::Status KeyRotation::CheckRootFree() const {
  return impl_->CheckRootFree();
}
absl::Status KeyRotation::ChangeKeys(
    const std::function<absl::Status()>& change, store::Write write,
    EntryDraft entry) {
  return impl_->ChangeKeys(change, std::move(write), std::move(entry));
}
absl::StatusOr<bool> KeyRotation::Step() { return impl_->Step(); }
void KeyRotation::AwaitWork(std::chrono::milliseconds most) {
  impl_->state().Await(most);
}
void KeyRotation::Wake() { impl_->state().Wake(); }
void KeyRotation::Interrupt() { impl_->Interrupt(); }

}  // namespace sodality::core
