#include "server/app/housekeeper.h"

#include <algorithm>
#include <utility>

#include "platform/clock.h"
#include "server/app/log.h"
#include "text/normalise.h"

namespace sodality::app {

Housekeeper::Housekeeper(core::Chapter& chapter,
                         std::function<void()> on_damage, Pace pace)
    : chapter_(chapter),
      on_damage_(std::move(on_damage)),
      pace_(pace),
      thread_([this] { Loop(); }) {}

Housekeeper::~Housekeeper() {
  {
    const platform::MutexLock lock(mutex_);
    end_ = true;
  }
  ending_.NotifyAll();
  thread_.join();
}

void Housekeeper::Loop() {
  using Clock = std::chrono::steady_clock;
  auto expire_at = Clock::now();
  auto check_at = Clock::now();
  auto record_at = Clock::now();
  auto owed_at = record_at;
  bool checked = false;
  text::LoadTransliterators();
  do {
    UpdateIndex();
    if (!checked && Clock::now() >= check_at) {
      checked = CheckMembers();
      check_at = Clock::now() + pace_.check;
    }
    if (Clock::now() >= expire_at) {
      chapter_.store().ExpireRequests(platform::SystemClock().Now());
      expire_at = Clock::now() + pace_.expire;
    }
    const bool owes = chapter_.tombstones().owes();
    if (Clock::now() >= (owes ? std::min(record_at, owed_at) : record_at)) {
      RecordTombstones();
      record_at = Clock::now() + pace_.tombstones;
      owed_at = Clock::now() + pace_.owed;
    }
  } while (Pause());
}

bool Housekeeper::Pause() {
  const platform::MutexLock lock(mutex_);
  if (!end_) ending_.WaitFor(mutex_, pace_.index);
  return !end_;
}

bool Housekeeper::CheckMembers() {
  const absl::Status members = chapter_.CheckMembers();
  if (absl::IsAborted(members)) return false;
  if (members.ok()) {
    Log(Event::kMembersChecked);
    return true;
  }
  Log(Event::kDamageFound, {LogField::Error(members)});
  if (absl::IsDataLoss(members)) on_damage_();
  return true;
}

void Housekeeper::RecordTombstones() {
  const absl::Status recorded = chapter_.tombstones().Record({});
  if (!recorded.ok()) {
    Log(Event::kTombstonesFailed, {LogField::Error(recorded)});
  }
}

void Housekeeper::UpdateIndex() {
  const uint64_t head = chapter_.ledger().head().number;
  if (head == indexed_) return;
  const absl::Status updated = chapter_.ledger_reader().UpdateIndex();
  if (updated.ok()) {
    indexed_ = head;
  } else {
    Log(Event::kIndexFailed, {LogField::Error(updated)});
  }
}

}  // namespace sodality::app
