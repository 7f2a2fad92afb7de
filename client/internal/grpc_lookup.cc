#include <grpcpp/support/sync_stream.h>

#include <functional>
#include <future>
#include <utility>

#include "client/internal/convert.h"
#include "client/internal/grpc_connection.h"
#include "client/internal/transport.h"

namespace sodality::internal {
namespace {

// What a server takes in one message.
constexpr int kMaxQueries = 64;
constexpr size_t kMaxMessageBytes = 256 * 1024;

// Does it on every way out.
class WhenLeft final {
 public:
  explicit WhenLeft(std::function<void()> act) : act_(std::move(act)) {}
  ~WhenLeft() { act_(); }
  WhenLeft(const WhenLeft&) = delete;
  WhenLeft& operator=(const WhenLeft&) = delete;

 private:
  const std::function<void()> act_;
};

using Stream =
    grpc::ClientReaderWriterInterface<v1::LookupRequest, v1::LookupResponse>;

// Questions on their way out; each goes with its number.
class Asker final {
 public:
  Asker(Stream& stream, const std::string& grant_id) : stream_(stream) {
    request_.set_grant_id(grant_id);
  }

  // All of them; an error is the source's.
  absl::Status AskAll(LookupQueries& queries) {
    for (;;) {
      const auto some = queries.Next();
      if (!some.ok()) return some.status();
      if (some->empty()) return absl::OkStatus();
      for (const LookupQuery& query : *some) {
        if (!Add(query)) return absl::OkStatus();
      }
      // What has been asked so far does not wait for the next questions.
      if (!Flush()) return absl::OkStatus();
    }
  }

 private:
  // False when the server has ended the stream; Finish tells why.
  bool Add(const LookupQuery& query) {
    v1::LookupQuery& added = *request_.add_queries();
    added.set_tag(next_++);
    if (const auto* get = std::get_if<MemberRequest>(&query)) {
      *added.mutable_get() = FromMemberRequest(*get);
    } else {
      *added.mutable_search() = FromMemberQuery(std::get<MemberQuery>(query));
    }
    bytes_ += added.ByteSizeLong();
    const bool full =
        request_.queries_size() == kMaxQueries || bytes_ >= kMaxMessageBytes;
    return !full || Flush();
  }

  bool Flush() {
    if (request_.queries().empty()) return true;
    const bool written = stream_.Write(request_);
    request_.Clear();
    bytes_ = 0;
    return written;
  }

  Stream& stream_;
  v1::LookupRequest request_;
  size_t bytes_ = 0;
  uint64_t next_ = 0;
};

absl::StatusOr<LookupAnswer> ToLookupAnswer(v1::LookupAnswer& message) {
  if (message.has_get()) {
    return ToMember(*message.mutable_get()->mutable_member());
  }
  if (message.has_search()) return ToMemberPage(*message.mutable_search());
  const v1::LookupError& error = message.error();
  if (error.code() == grpc::StatusCode::OK) {
    return absl::InternalError("the server answered nothing");
  }
  return FromGrpc({static_cast<grpc::StatusCode>(error.code()), error.message(),
                   error.detail().SerializeAsString()});
}

// An error is the visitor's.
absl::Status VisitAll(Stream& stream, const LookupVisitor& visit) {
  v1::LookupResponse response;
  while (stream.Read(&response)) {
    for (v1::LookupAnswer& answer : *response.mutable_answers()) {
      const absl::Status seen = visit(answer.tag(), ToLookupAnswer(answer));
      if (!seen.ok()) return seen;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status GrpcConnection::LookUp(const std::string& grant_id,
                                    LookupQueries& queries,
                                    const LookupVisitor& visit) {
  absl::Status asked;
  absl::Status seen;
  const absl::Status status = Stream(
      [&](grpc::ClientContext& context) {
        const auto stream = directory_.Lookup(&context);
        // The server stops reading while answers wait, so both at once. What
        // either throws comes out of here, when both have ended.
        auto asking = std::async(std::launch::async, [&] {
          const WhenLeft done([&] { stream->WritesDone(); });
          asked = absl::UnknownError("the questions' source threw");
          asked = Asker(*stream, grant_id).AskAll(queries);
          if (!asked.ok()) context.TryCancel();
        });
        {
          const WhenLeft done([&] {
            if (!seen.ok()) context.TryCancel();
          });
          seen = absl::UnknownError("the visitor threw");
          seen = VisitAll(*stream, visit);
        }
        asking.get();
        return stream->Finish();
      },
      Effect::kReads);
  if (!asked.ok()) return asked;
  return seen.ok() ? status : seen;
}

}  // namespace sodality::internal
