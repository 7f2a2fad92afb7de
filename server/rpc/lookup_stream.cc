#include "server/rpc/lookup_stream.h"

#include <grpcpp/alarm.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "crypto/secret.h"
#include "platform/mutex.h"
#include "server/core/error.h"
#include "server/rpc/convert.h"
#include "server/rpc/status.h"

namespace sodality::rpc {
namespace {

using core::MakeError;
using core::Reason;

// How soon an idle stream learns that it has to end.
constexpr std::chrono::milliseconds kWatchPause(250);
// What queries may weigh that are being answered or wait to be sent.
constexpr int kMaxWeight = 64;
constexpr int kSearchWeight = 8;
constexpr size_t kMaxUnsentBytes = 1 << 20;
// A message is no larger, but for its first answer.
constexpr size_t kMaxMessageBytes = 1 << 20;

using Result =
    std::variant<absl::Status, core::ProjectedMember, core::SearchResult>;

// What an answer belongs to.
struct Asked {
  uint64_t tag = 0;
  int weight = 0;
};

struct Answer {
  Asked asked;
  size_t bytes = 0;  // Nearly.
  Result result;
};

size_t BytesOfMember(const core::ProjectedMember& member) {
  size_t bytes = 64;
  for (const auto& field : member.fields) {
    bytes += field.values.encoded().size();
  }
  return bytes;
}

size_t BytesOf(const Result& result) {
  if (const auto* member = std::get_if<core::ProjectedMember>(&result)) {
    return BytesOfMember(*member);
  }
  const auto* found = std::get_if<core::SearchResult>(&result);
  if (found == nullptr) return 0;
  size_t bytes = 0;
  for (const auto& member : found->members) bytes += BytesOfMember(member);
  return bytes;
}

// A search may open many records, and show up to 2 MiB.
int WeightOf(const v1::LookupQuery& query) {
  return query.has_search() ? kSearchWeight : 1;
}

void FillError(const absl::Status& status, v1::LookupError& error) {
  const grpc::Status outer = ToGrpcStatus(status);
  error.set_code(outer.error_code());
  error.set_message(outer.error_message());
  if (!outer.error_details().empty()) {
    error.mutable_detail()->ParseFromString(outer.error_details());
  }
}

void Fill(const Answer& answer, v1::LookupAnswer& out) {
  out.set_tag(answer.asked.tag);
  if (const auto* status = std::get_if<absl::Status>(&answer.result)) {
    return FillError(*status, *out.mutable_error());
  }
  if (const auto* member = std::get_if<core::ProjectedMember>(&answer.result)) {
    return FillMember(*member, *out.mutable_get()->mutable_member());
  }
  FillSearch(std::get<core::SearchResult>(answer.result),
             *out.mutable_search());
}

absl::Status GrantNamedLate() {
  return InvalidValue("grant_id", "a stream's first message names its grant");
}

absl::Status Failed() { return absl::InternalError("a stream failed"); }

absl::Status CallerIsGone() {
  return absl::CancelledError("the caller is gone");
}

// What queries hold that are being answered or wait to be sent.
struct Load {
  int weight = 0;
  size_t bytes = 0;  // Of answers.

  [[nodiscard]] bool HasRoom() const {
    return weight < kMaxWeight && bytes < kMaxUnsentBytes;
  }
};

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
  void Ask(absl::StatusOr<Query> query, Look<Query, Value> look, Asked asked)
      SODALITY_EXCLUDES(mutex_);
  // Must not throw: it is called on threads of the ledger, and by destructors.
  void Answered(Asked asked, Result result) noexcept SODALITY_EXCLUDES(mutex_);
  void Send() noexcept SODALITY_EXCLUDES(mutex_);
  std::vector<Answer> NextBatch() SODALITY_EXCLUDES(mutex_);
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
  std::deque<Answer> ready_ SODALITY_GUARDED_BY(mutex_);
  Load load_ SODALITY_GUARDED_BY(mutex_);
  Load sending_ SODALITY_GUARDED_BY(mutex_);  // The part of it in response_.
  std::optional<absl::Status> ending_ SODALITY_GUARDED_BY(mutex_);
  bool finished_ SODALITY_GUARDED_BY(mutex_) = false;
};

// ---- Queries in

void LookupStream::OnReadDone(bool ok) {
  {
    const platform::MutexLock lock(mutex_);
    reading_ = false;
    next_ = 0;
    if (!ok) half_closed_ = true;
    if (const absl::Status accepted = ok ? Accept() : absl::OkStatus();
        !accepted.ok()) {
      End(accepted);
    }
  }
  Serve();
}

absl::Status LookupStream::Accept() {
  if (ending_) return *ending_;
  if (request_.queries_size() > kMaxQueriesPerMessage) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "more than 64 queries in a message",
                     {.reason = Reason::kTooLarge});
  }
  const absl::Status allowed = call_->Recheck(grant_);
  if (!allowed.ok()) return allowed;
  if (grant_) {
    return request_.grant_id().empty() ? absl::OkStatus() : GrantNamedLate();
  }
  const auto named = ParseGrant(request_.grant_id());
  if (!named.ok()) return named.status();
  const auto grant = call_->SelectGrant(*named);
  if (!grant.ok()) return grant.status();
  grant_ = *grant;
  return absl::OkStatus();
}

void LookupStream::Serve() {
  crypto::WipingStack([this] {
    try {
      if (BeginServing()) {
        while (const v1::LookupQuery* query = NextQuery()) Ask(*query);
      }
    } catch (...) {
      const platform::MutexLock lock(mutex_);
      serving_ = false;
      End(Failed());
    }
  });
  FinishIfDone();
}

bool LookupStream::BeginServing() {
  const platform::MutexLock lock(mutex_);
  if (serving_ || reading_ || half_closed_ || ending_) return false;
  return serving_ = true;
}

const v1::LookupQuery* LookupStream::NextQuery() {
  const platform::MutexLock lock(mutex_);
  const bool more = next_ < request_.queries_size();
  if (more && !ending_ && load_.HasRoom()) {
    const v1::LookupQuery& query = request_.queries(next_++);
    load_.weight += WeightOf(query);
    return &query;
  }
  serving_ = false;
  if (more || ending_) return nullptr;
  request_ = {};  // Frees what it held; Clear() would keep it.
  reading_ = true;
  StartRead(&request_);
  return nullptr;
}

// A query under way: answered once, at the latest when nobody holds it any
// more, so that a stream never waits for an answer that does not come.
class LookupStream::Pending final {
 public:
  Pending(std::shared_ptr<LookupStream> stream, Asked asked)
      : stream_(std::move(stream)), asked_(asked) {
    const platform::MutexLock lock(stream_->mutex_);
    ++stream_->in_flight_;
  }
  ~Pending() {
    if (stream_ != nullptr) Answer(absl::InternalError("a look-up was lost"));
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  void Answer(Result result) {
    std::exchange(stream_, nullptr)->Answered(asked_, std::move(result));
  }

 private:
  std::shared_ptr<LookupStream> stream_;
  const Asked asked_;
};

void LookupStream::Ask(const v1::LookupQuery& query) {
  const Asked asked{query.tag(), WeightOf(query)};
  switch (query.query_case()) {
    case v1::LookupQuery::kGet:
      return Ask(ParseGet(query.get()), &core::Directory::Get, asked);
    case v1::LookupQuery::kSearch:
      return Ask(ParseSearch(query.search()), &core::Directory::Search, asked);
    case v1::LookupQuery::QUERY_NOT_SET:
      break;
  }
  Ask<core::GetQuery>(InvalidValue("query", "nothing is asked"),
                      &core::Directory::Get, asked);
}

template <class Query, class Value>
void LookupStream::Ask(absl::StatusOr<Query> query, Look<Query, Value> look,
                       Asked asked) {
  const auto pending = std::make_shared<Pending>(shared_from_this(), asked);
  if (query.ok() && query->grant) query = GrantNamedLate();
  core::Chapter* chapter = nullptr;
  {
    const platform::MutexLock lock(mutex_);
    const absl::Status charged = call_->Charge();
    if (query.ok() && !charged.ok()) query = charged;
    if (query.ok()) query->grant = grant_->id;
    chapter = &call_->chapter();
  }
  if (!query.ok()) return pending->Answer(query.status());
  (chapter->directory().*look)(
      caller_, *query, [pending](absl::StatusOr<Value> value) {
        pending->Answer(value.ok() ? Result(*std::move(value))
                                   : Result(value.status()));
      });
}

// ---- Answers out

void LookupStream::Answered(Asked asked, Result result) noexcept {
  try {
    const auto* status = std::get_if<absl::Status>(&result);
    if (status != nullptr) ReportDamage(on_damage_, *status);
    const platform::MutexLock lock(mutex_);
    --in_flight_;
    if (!ending_) {
      const size_t bytes = BytesOf(result);
      ready_.push_back({asked, bytes, std::move(result)});
      load_.bytes += bytes;
    }
  } catch (...) {
    const platform::MutexLock lock(mutex_);
    End(Failed());
  }
  Send();
  FinishIfDone();
}

void LookupStream::Send() noexcept {
  try {
    const std::vector<Answer> batch = NextBatch();
    if (batch.empty()) return;
    for (const Answer& answer : batch) Fill(answer, *response_.add_answers());
    StartWrite(&response_);
  } catch (...) {
    const platform::MutexLock lock(mutex_);
    writing_ = false;
    End(Failed());
  }
}

std::vector<Answer> LookupStream::NextBatch() {
  const platform::MutexLock lock(mutex_);
  std::vector<Answer> batch;
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

// ---- The end

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
    End(Failed());
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

}  // namespace

LookupReactor* StartLookupStream(grpc::CallbackServerContext& context,
                                 Call call, const OnDamage& on_damage) {
  const auto stream =
      std::make_shared<LookupStream>(context, std::move(call), on_damage);
  stream->Start();
  return stream.get();
}

}  // namespace sodality::rpc
