#include "bench/load.h"

#include <algorithm>

#include "bench/files.h"

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

double Microseconds(Clock::duration d) {
  return std::chrono::duration<double, std::micro>(d).count();
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
      if (Clock::now() < end_) Start();
    }
    const double seconds = Microseconds(Clock::now() - begin) / 1e6;
    result_.per_second =
        static_cast<double>(result_.done - result_.errors) / seconds;
    std::sort(latencies_.begin(), latencies_.end());
    if (!latencies_.empty()) {
      result_.p50_us = latencies_[latencies_.size() / 2];
      result_.p99_us = latencies_[latencies_.size() * 99 / 100];
    }
    return result_;
  }

 private:
  void Start() {
    auto call = std::make_unique<Call>();
    const uint64_t n = started_++;
    call->request.set_member_id(plan_.member_ids[n % plan_.member_ids.size()]);
    for (const char* field : kFields) {
      call->request.mutable_view()->add_fields(field);
    }
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
    latencies_.push_back(Microseconds(Clock::now() - call->begun));
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
  std::vector<double> latencies_;
  uint64_t started_ = 0;
  int outstanding_ = 0;
  LoadResult result_;
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

}  // namespace sodality::bench
