#include "bench/load.h"

#include <algorithm>
#include <deque>
#include <map>
#include <thread>
#include <utility>

#include "bench/files.h"
#include "bench/latencies.h"

namespace sodality::bench {
namespace {

using Clock = std::chrono::steady_clock;
using v1::DirectoryService;

constexpr const char* kFields[] = {
    "given_name", "family_name", "pronouns", "email",  "phone", "street",
    "city",       "postal_code", "region",   "skills", "stage", "joined"};

struct Call {
  grpc::ClientContext context;
  v1::GetMemberRequest request;
  v1::GetMemberResponse response;
  grpc::Status status;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::GetMemberResponse>>
      reader;
  Clock::time_point begun;
};

// Look-up number `n` of a load.
void SetRequest(const LoadPlan& plan, uint64_t n,
                v1::GetMemberRequest& request) {
  request.set_member_id(plan.member_ids[n % plan.member_ids.size()]);
  for (const char* field : kFields) request.mutable_view()->add_fields(field);
}

double Seconds(Clock::duration d) {
  return std::chrono::duration<double>(d).count();
}

void SetLatencies(const Latencies& latencies, LoadResult& result) {
  result.p50_us = latencies.Percentile(0.5);
  result.p99_us = latencies.Percentile(0.99);
}

class Loop final {
 public:
  Loop(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
       const LoadPlan& plan)
      : plan_(plan), end_(Clock::now() + plan.length) {
    for (const auto& channel : channels) {
      stubs_.push_back(DirectoryService::NewStub(channel));
    }
  }

  LoadResult Run() {
    const auto begin = Clock::now();
    for (int i = 0; i < plan_.outstanding; ++i) Start();
    void* tag = nullptr;
    bool ok = false;
    while (outstanding_ > 0 && queue_.Next(&tag, &ok)) {
      Finish(std::unique_ptr<Call>(static_cast<Call*>(tag)));
      if (GoesOn()) Start();
    }
    const double seconds = Seconds(Clock::now() - begin);
    result_.per_second =
        static_cast<double>(result_.done - result_.errors) / seconds;
    SetLatencies(latencies_, result_);
    return result_;
  }

 private:
  [[nodiscard]] bool GoesOn() const {
    return Clock::now() < end_ && (plan_.over == nullptr || !*plan_.over);
  }

  void Start() {
    auto call = std::make_unique<Call>();
    const uint64_t n = started_++;
    SetRequest(plan_, n, call->request);
    call->context.set_deadline(std::chrono::system_clock::now() +
                               std::chrono::seconds(10));
    call->begun = Clock::now();
    call->reader = stubs_[n % stubs_.size()]->AsyncGetMember(
        &call->context, call->request, &queue_);
    Call* const raw = call.release();
    raw->reader->Finish(&raw->response, &raw->status, raw);
    ++outstanding_;
  }

  void Finish(std::unique_ptr<Call> call) {
    --outstanding_;
    ++result_.done;
    latencies_.Add(Clock::now() - call->begun);
    const bool whole =
        call->status.ok() && call->response.member().fields_size() >= 11;
    if (whole) return;
    if (++result_.errors == 1) {
      result_.first_error = call->status.ok() ? "an answer with fields missing"
                                              : call->status.error_message();
    }
  }

  const LoadPlan& plan_;
  const Clock::time_point end_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<DirectoryService::Stub>> stubs_;
  Latencies latencies_;
  uint64_t started_ = 0;
  int outstanding_ = 0;
  LoadResult result_;
};

// One stream's closed loop: as soon as a message is answered, the next is sent.
class StreamLoop final {
 public:
  StreamLoop(const std::shared_ptr<grpc::Channel>& channel,
             const LoadPlan& plan, uint64_t first)
      : stub_(DirectoryService::NewStub(channel)),
        plan_(plan),
        next_(first),
        end_(Clock::now() + plan.length) {}

  void Run() {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + plan_.length +
                         std::chrono::seconds(30));
    const auto stream = stub_->Lookup(&context);
    const int share = plan_.outstanding / plan_.connections;
    for (int i = 0; i < std::max(1, share / plan_.per_message); ++i) {
      Ask(*stream);
    }
    v1::LookupResponse response;
    while (!asked_.empty() && stream->Read(&response)) {
      for (const v1::LookupAnswer& answer : response.answers()) {
        if (Take(answer) && Clock::now() < end_) Ask(*stream);
      }
    }
    stream->WritesDone();
    const grpc::Status status = stream->Finish();
    if (!status.ok()) Fail(status.error_message());
  }

  LoadResult result;
  Latencies latencies;

 private:
  using Stream =
      grpc::ClientReaderWriter<v1::LookupRequest, v1::LookupResponse>;
  struct Asked {
    Clock::time_point begun;
    int left = 0;
  };

  void Ask(Stream& stream) {
    v1::LookupRequest request;
    for (int i = 0; i < plan_.per_message; ++i) {
      v1::LookupQuery& query = *request.add_queries();
      query.set_tag(message_);
      SetRequest(plan_, next_++, *query.mutable_get());
    }
    asked_[message_++] = {Clock::now(), plan_.per_message};
    stream.Write(request);
  }

  // Whether its message is answered with it.
  bool Take(const v1::LookupAnswer& answer) {
    ++result.done;
    if (answer.get().member().fields_size() < 11) {
      Fail(answer.has_error() ? answer.error().message()
                              : "an answer with fields missing");
    }
    const auto asked = asked_.find(answer.tag());
    if (asked == asked_.end() || --asked->second.left > 0) return false;
    latencies.Add(Clock::now() - asked->second.begun);
    asked_.erase(asked);
    return true;
  }

  void Fail(const std::string& why) {
    if (++result.errors == 1) result.first_error = why;
  }

  const std::unique_ptr<DirectoryService::Stub> stub_;
  const LoadPlan& plan_;
  uint64_t next_;
  uint64_t message_ = 0;
  const Clock::time_point end_;
  std::map<uint64_t, Asked> asked_;
};

}  // namespace

std::shared_ptr<grpc::Channel> Dial(const std::string& address,
                                    const std::string& server_name,
                                    const std::string& profile) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ReadWhole(profile + "/ca.pem");
  options.pem_cert_chain = ReadWhole(profile + "/device.pem");
  options.pem_private_key = ReadWhole(profile + "/device.key");
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(server_name);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(options),
                                   arguments);
}

LoadResult RunLoad(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                   const LoadPlan& plan) {
  return Loop(channels, plan).Run();
}

LoadResult RunStreams(
    const std::vector<std::shared_ptr<grpc::Channel>>& channels,
    const LoadPlan& plan) {
  std::deque<StreamLoop> loops;
  for (const auto& channel : channels) {
    loops.emplace_back(channel, plan, loops.size() * 1000);
  }
  const auto begin = Clock::now();
  std::vector<std::thread> threads;
  for (StreamLoop& loop : loops) threads.emplace_back([&] { loop.Run(); });
  for (std::thread& thread : threads) thread.join();
  const double seconds = Seconds(Clock::now() - begin);
  LoadResult all;
  Latencies latencies;
  for (StreamLoop& loop : loops) {
    all.done += loop.result.done;
    all.errors += loop.result.errors;
    if (all.first_error.empty()) all.first_error = loop.result.first_error;
    latencies.Add(loop.latencies);
  }
  all.per_second = static_cast<double>(all.done - all.errors) / seconds;
  SetLatencies(latencies, all);
  return all;
}

}  // namespace sodality::bench
