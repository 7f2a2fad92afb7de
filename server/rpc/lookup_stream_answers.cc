#include <chrono>
#include <memory>
#include <utility>

#include "server/rpc/lookup_stream_impl.h"
#include "server/rpc/status.h"

namespace sodality::rpc {
namespace {

// How soon an idle stream learns that it has to end.
constexpr std::chrono::milliseconds kWatchPause(250);

absl::Status CallerIsGone() {
  return absl::CancelledError("the caller is gone");
}

}  // namespace

void LookupStream::Answered(AskedQuery asked, LookupResult result) noexcept {
  try {
    const auto* status = std::get_if<absl::Status>(&result);
    if (status != nullptr) ReportDamage(on_damage_, *status);
    const platform::MutexLock lock(mutex_);
    --in_flight_;
    if (!ending_) {
      load_.bytes += ready_.emplace_back(asked, std::move(result)).bytes;
    }
  } catch (...) {
    const platform::MutexLock lock(mutex_);
    End(StreamFailed());
  }
  Send();
  FinishIfDone();
}

void LookupStream::Send() noexcept {
  try {
    const std::vector<LookupReply> batch = NextBatch();
    if (batch.empty()) return;
    for (const LookupReply& answer : batch)
      FillReply(answer, *response_.add_answers());
    StartWrite(&response_);
  } catch (...) {
    const platform::MutexLock lock(mutex_);
    writing_ = false;
    End(StreamFailed());
  }
}

std::vector<LookupReply> LookupStream::NextBatch() {
  const platform::MutexLock lock(mutex_);
  std::vector<LookupReply> batch;
  if (writing_ || ending_) return batch;
  while (!ready_.empty() &&
         (batch.empty() ||
          sending_.bytes + ready_.front().bytes <= kMaxMessageBytes)) {
    batch.push_back(std::move(ready_.front()));
    ready_.pop_front();
    sending_.weight += batch.back().asked.weight;
    sending_.bytes += batch.back().bytes;
  }
  writing_ = !batch.empty();
  return batch;
}

void LookupStream::OnWriteDone(bool ok) {
  response_ = {};
  {
    const platform::MutexLock lock(mutex_);
    writing_ = false;
    load_.weight -= sending_.weight;
    load_.bytes -= sending_.bytes;
    sending_ = {};
    if (!ok) End(CallerIsGone());
  }
  Send();
  Serve();
}

void LookupStream::OnCancel() {
  {
    const platform::MutexLock lock(mutex_);
    End(CallerIsGone());
  }
  FinishIfDone();
}

// A stream that is silent, or whose client does not read, ends here.
void LookupStream::Watch() noexcept {
  if (MustCancel()) context_.TryCancel();
  try {
    const platform::MutexLock lock(mutex_);
    cancelling_ = false;
    if (finished_) return;
    if (!ending_) {
      const absl::Status allowed = call_->Recheck(grant_);
      if (!allowed.ok()) End(allowed);
    }
    alarm_ = std::make_unique<grpc::Alarm>();
    alarm_->Set(std::chrono::system_clock::now() + kWatchPause,
                [self = shared_from_this()](bool rang) {
                  if (rang) self->Watch();
                });
  } catch (...) {
    const platform::MutexLock lock(mutex_);
    End(StreamFailed());
  }
  FinishIfDone();
}

// The context is there as long as the stream has not finished, which it does
// not while this is under way. One alarm at a time, so one of these too.
bool LookupStream::MustCancel() {
  const platform::MutexLock lock(mutex_);
  return cancelling_ = !finished_ && ending_ && writing_;
}

void LookupStream::End(const absl::Status& status) {
  if (!ending_) ending_ = status;
}

bool LookupStream::IsDone() const {
  if (serving_ || writing_ || cancelling_ || in_flight_ > 0) return false;
  return ending_ || (half_closed_ && ready_.empty());
}

// Lets go of the call before the stream's end is told, after which the server
// may be gone.
void LookupStream::FinishIfDone() {
  absl::Status status;
  std::unique_ptr<grpc::Alarm> alarm;
  {
    const platform::MutexLock lock(mutex_);
    if (finished_ || !IsDone()) return;
    finished_ = true;
    status = ending_.value_or(absl::OkStatus());
    ready_.clear();
    call_.reset();
    alarm = std::move(alarm_);
  }
  Finish(ToGrpcStatus(status));
}

}  // namespace sodality::rpc
