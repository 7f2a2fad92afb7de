#include "server/app/rotation_worker.h"

#include "crypto/secret.h"
#include "server/app/log.h"

namespace sodality::app {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kUntilWoken = std::chrono::minutes(20);
// What a step itself adds to the ledger.
constexpr uint64_t kOwnEntries = 2;

}  // namespace

RotationWorker::RotationWorker(core::Chapter& chapter, RotationPace pace)
    : chapter_(chapter), pace_(pace), thread_([this] { Loop(); }) {}

RotationWorker::~RotationWorker() {
  end_ = true;
  chapter_.key_rotation().Interrupt();
  chapter_.key_rotation().Wake();
  thread_.join();
}

void RotationWorker::Loop() {
  while (!end_) {
    const milliseconds rest = Step();
    if (rest.count() > 0) chapter_.key_rotation().AwaitWork(rest);
  }
}

milliseconds RotationWorker::Step() {
  const uint64_t head = chapter_.ledger().head().number;
  const auto began = Clock::now();
  // A step opens and seals what members have told.
  const auto worked = crypto::WipingStack(
      [this] { return chapter_.key_rotation().Step(); }, crypto::kBatchStack);
  if (!worked.ok()) {
    if (end_) return milliseconds(0);
    Log(Event::kRotationFailed, {LogField::Error(worked.status())});
    return absl::IsDataLoss(worked.status()) ? pace_.retry_damaged
                                             : pace_.retry;
  }
  if (!*worked) return kUntilWoken;
  const bool in_use = chapter_.ledger().head().number > head + kOwnEntries;
  if (!in_use) return milliseconds(0);
  const auto took =
      std::chrono::duration_cast<milliseconds>(Clock::now() - began);
  return took * pace_.rest_percent / 100 + milliseconds(1);
}

}  // namespace sodality::app
