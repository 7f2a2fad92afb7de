#include "server/store/group_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/store/limits.h"

namespace sodality::store {
namespace {

// Each of its commits costs every reader the pages in its cache.
constexpr std::chrono::seconds kHousekeepingDelay{3};
constexpr size_t kRowsWorthACommit = 65536;
constexpr size_t kMaxWaitingRows = 1 << 20;

std::chrono::steady_clock::time_point Now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

void Housekeeping::Append(Housekeeping later) {
  outbox_through = std::max(outbox_through, later.outbox_through);
  indexed_through = std::max(indexed_through, later.indexed_through);
  if (!expire_before ||
      (later.expire_before && *later.expire_before > *expire_before)) {
    expire_before = later.expire_before;
  }
  index_rows.insert(index_rows.end(), later.index_rows.begin(),
                    later.index_rows.end());
}

GroupWriter::GroupWriter(GroupTarget& target, GroupLimits limits)
    : target_(target), limits_(limits), thread_([this] { Loop(); }) {}

GroupWriter::~GroupWriter() {
  {
    const platform::MutexLock lock(mutex_);
    stopping_ = true;
  }
  work_.NotifyOne();
  thread_.join();
}

void GroupWriter::Submit(Write write, WriteDone done) {
  const platform::MutexLock lock(mutex_);
  queue_.push_back({std::move(write), std::move(done), nullptr});
  work_.NotifyOne();
}

void GroupWriter::Run(const std::function<void()>& command) {
  platform::Mutex mutex;
  platform::CondVar ended;
  bool ran = false;
  {
    const platform::MutexLock lock(mutex_);
    queue_.push_back({{}, nullptr, [&] {
                        command();
                        const platform::MutexLock inner(mutex);
                        ran = true;
                        ended.NotifyOne();
                      }});
  }
  work_.NotifyOne();
  const platform::MutexLock lock(mutex);
  while (!ran) ended.Wait(mutex);
}

void GroupWriter::Add(Housekeeping housekeeping) {
  const platform::MutexLock lock(mutex_);
  const size_t before = pending_.index_rows.size();
  const size_t after = before + housekeeping.index_rows.size();
  if (after > kMaxWaitingRows) indexing_ = false;
  if (!indexing_) {
    // What is indexed stays without a gap, so nothing behind one may follow.
    housekeeping.index_rows.clear();
    housekeeping.indexed_through = 0;
  }
  const bool full = before < kRowsWorthACommit && after >= kRowsWorthACommit;
  if (housekeeping.indexed_through != 0 && (full || !due_)) {
    due_ = full ? Now() : Now() + kHousekeepingDelay;
    work_.NotifyOne();
  }
  pending_.Append(std::move(housekeeping));
}

void GroupWriter::WaitForWork() {
  while (queue_.empty() && !stopping_) {
    if (!due_) {
      work_.Wait(mutex_);
      continue;
    }
    const auto left = *due_ - Now();
    if (left.count() <= 0) return;
    (void)work_.WaitFor(mutex_, left);
  }
}

GroupWriter::Batch GroupWriter::Take() {
  const platform::MutexLock lock(mutex_);
  WaitForWork();
  Batch batch;
  batch.housekeeping = std::exchange(pending_, {});
  due_.reset();
  size_t bytes = 0;
  while (!queue_.empty() && !queue_.front().command) {
    Item& item = queue_.front();
    bytes += SizeOf(item.write);
    const bool fits =
        bytes <= limits_.bytes && batch.writes.size() < limits_.writes;
    if (!fits && !batch.writes.empty()) return batch;
    batch.writes.push_back(std::move(item.write));
    batch.done.push_back(std::move(item.done));
    queue_.pop_front();
  }
  if (!queue_.empty()) {
    batch.command = std::move(queue_.front().command);
    queue_.pop_front();
  }
  batch.last = stopping_ && queue_.empty();
  return batch;
}

void GroupWriter::Commit(Batch& batch) {
  if (batch.writes.empty() && batch.housekeeping.empty()) return;
  GroupOutcome outcome = target_.CommitGroup(batch.writes, batch.housekeeping);
  if (!outcome.housekept && !batch.housekeeping.empty()) {
    const platform::MutexLock lock(mutex_);
    batch.housekeeping.Append(std::exchange(pending_, {}));
    pending_ = std::move(batch.housekeeping);
    due_ = Now() + kHousekeepingDelay;
  }
  for (size_t i = 0; i < batch.done.size(); ++i) {
    batch.done[i](std::move(outcome.writes[i]));
  }
  target_.AfterAnswers();
}

void GroupWriter::Loop() {
  bool last = false;
  while (!last) {
    Batch batch = Take();
    Commit(batch);
    if (batch.command) batch.command();
    last = batch.last;
  }
}

}  // namespace sodality::store
