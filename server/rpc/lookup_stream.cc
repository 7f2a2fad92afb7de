#include "server/rpc/lookup_stream.h"

#include <memory>
#include <utility>

#include "crypto/secret.h"
#include "server/core/error.h"
#include "server/rpc/convert.h"
#include "server/rpc/lookup_stream_impl.h"

namespace sodality::rpc {
namespace {

using core::MakeError;
using core::Reason;

absl::Status GrantNamedLate() {
  return InvalidValue("grant_id", "a stream's first message names its grant");
}

}  // namespace

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
      End(StreamFailed());
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
  Pending(std::shared_ptr<LookupStream> stream, AskedQuery asked)
      : stream_(std::move(stream)), asked_(asked) {
    const platform::MutexLock lock(stream_->mutex_);
    ++stream_->in_flight_;
  }
  ~Pending() {
    if (stream_ != nullptr) Answer(absl::InternalError("a look-up was lost"));
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  void Answer(LookupResult result) {
    std::exchange(stream_, nullptr)->Answered(asked_, std::move(result));
  }

 private:
  std::shared_ptr<LookupStream> stream_;
  const AskedQuery asked_;
};

void LookupStream::Ask(const v1::LookupQuery& query) {
  const AskedQuery asked{query.tag(), WeightOf(query)};
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
                       AskedQuery asked) {
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
        pending->Answer(value.ok() ? LookupResult(*std::move(value))
                                   : LookupResult(value.status()));
      });
}

LookupReactor* StartLookupStream(grpc::CallbackServerContext& context,
                                 Call call, const OnDamage& on_damage) {
  const auto stream =
      std::make_shared<LookupStream>(context, std::move(call), on_damage);
  stream->Start();
  return stream.get();
}

}  // namespace sodality::rpc
