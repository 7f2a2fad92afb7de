// One stream of look-ups: queries in (lookup_stream.cc), answers out, and its
// end (lookup_stream_answers.cc).
#ifndef SODALITY_SERVER_RPC_LOOKUP_STREAM_IMPL_H_
#define SODALITY_SERVER_RPC_LOOKUP_STREAM_IMPL_H_

#include <grpcpp/alarm.h>

#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "platform/mutex.h"
#include "server/rpc/lookup_answer.h"
#include "server/rpc/lookup_stream.h"

namespace sodality::rpc {

// The end of a stream in which something threw.
inline absl::Status StreamFailed() {
  return absl::InternalError("a stream failed");
}

// Thread safety: safe. The reactor keeps itself alive until gRPC is done with
// it, each query until it has come back, and an alarm until it has rung.
class LookupStream final : public LookupReactor,
                           public std::enable_shared_from_this<LookupStream> {
 public:
  LookupStream(grpc::CallbackServerContext& context, Call call,
               OnDamage on_damage)
      : context_(context),
        on_damage_(std::move(on_damage)),
        caller_(call.caller()),
        call_(std::move(call)) {}
  ~LookupStream() override = default;
  LookupStream(const LookupStream&) = delete;
  LookupStream& operator=(const LookupStream&) = delete;

  void Start() {
    self_ = shared_from_this();
    StartRead(&request_);
    Watch();
  }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { const auto last = std::move(self_); }

 private:
  class Pending;
  template <class Query, class Value>
  using Look = void (core::Directory::*)(const core::Caller&, const Query&,
                                         core::Done<Value>) const;

  absl::Status Accept() SODALITY_REQUIRES(mutex_);
  void Watch() noexcept SODALITY_EXCLUDES(mutex_);
  // Whether the transport holds up a stream that has to end.
  bool MustCancel() SODALITY_EXCLUDES(mutex_);
  void Serve() SODALITY_EXCLUDES(mutex_);
  bool BeginServing() SODALITY_EXCLUDES(mutex_);
  // The next query that may be asked; null ends the serving, and reads the next
  // message when this one is worked through.
  const v1::LookupQuery* NextQuery() SODALITY_EXCLUDES(mutex_);
  void Ask(const v1::LookupQuery& query) SODALITY_EXCLUDES(mutex_);
  template <class Query, class Value>
  void Ask(absl::StatusOr<Query> query, Look<Query, Value> look,
           AskedQuery asked) SODALITY_EXCLUDES(mutex_);
  // Must not throw: it is called on threads of the ledger, and by destructors.
  void Answered(AskedQuery asked, LookupResult result) noexcept
      SODALITY_EXCLUDES(mutex_);
  void Send() noexcept SODALITY_EXCLUDES(mutex_);
  std::vector<LookupReply> NextBatch() SODALITY_EXCLUDES(mutex_);
  void End(const absl::Status& status) SODALITY_REQUIRES(mutex_);
  [[nodiscard]] bool IsDone() const SODALITY_REQUIRES(mutex_);
  void FinishIfDone() SODALITY_EXCLUDES(mutex_);

  grpc::CallbackServerContext& context_;
  const OnDamage on_damage_;
  const core::Caller caller_;
  std::shared_ptr<LookupStream> self_;
  v1::LookupRequest request_;    // Gets read, then served.
  v1::LookupResponse response_;  // Gets filled, then written.

  platform::Mutex mutex_;
  // Until the stream is done: queries under way need its chapter.
  std::optional<Call> call_ SODALITY_GUARDED_BY(mutex_);
  std::optional<core::GrantUse> grant_ SODALITY_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::Alarm> alarm_ SODALITY_GUARDED_BY(mutex_);
  bool reading_ SODALITY_GUARDED_BY(mutex_) = true;
  bool serving_ SODALITY_GUARDED_BY(mutex_) = false;
  bool writing_ SODALITY_GUARDED_BY(mutex_) = false;
  bool cancelling_ SODALITY_GUARDED_BY(mutex_) = false;
  bool half_closed_ SODALITY_GUARDED_BY(mutex_) = false;
  int next_ SODALITY_GUARDED_BY(mutex_) = 0;  // Of request_'s queries.
  int in_flight_ SODALITY_GUARDED_BY(mutex_) = 0;
  std::deque<LookupReply> ready_ SODALITY_GUARDED_BY(mutex_);
  LookupLoad load_ SODALITY_GUARDED_BY(mutex_);
  LookupLoad sending_
      SODALITY_GUARDED_BY(mutex_);  // The part of it in response_.
  std::optional<absl::Status> ending_ SODALITY_GUARDED_BY(mutex_);
  bool finished_ SODALITY_GUARDED_BY(mutex_) = false;
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_LOOKUP_STREAM_IMPL_H_
