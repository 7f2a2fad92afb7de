// bench_rotate ADDRESS SERVER_NAME PROFILE IDS OUTSTANDING SECONDS WORK
//   WORK is rewrap, reencrypt, reindex or rekey-pages. Look-ups alone for
//   SECONDS, the work beside look-ups until it is through, the work alone; one
//   line of JSON: how many members a second were worked on, and how long
//   look-ups took.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <random>
#include <string>
#include <thread>

#include "bench/files.h"
#include "bench/load.h"
#include "sodality/v1/keys.grpc.pb.h"
#include "text/base32.h"

namespace {

namespace bench = sodality::bench;
namespace v1 = sodality::v1;
using Clock = std::chrono::steady_clock;
using Channels = std::vector<std::shared_ptr<grpc::Channel>>;

constexpr std::chrono::milliseconds kLook(10);
// For a million members on a slow machine.
constexpr std::chrono::minutes kPatience(30);

std::string NewRequestId() {
  std::random_device random;
  std::array<uint8_t, sodality::text::kIdBytes> id{};
  for (uint8_t& byte : id) byte = static_cast<uint8_t>(random());
  return sodality::text::EncodeBase32(id);
}

// Why it failed, or nothing.
using Problem = std::string;

Problem Of(const grpc::Status& status) {
  return status.ok() ? "" : "the server says: " + status.error_message();
}

struct Worked {
  double seconds = 0;
  Problem problem;
};

class Work final {
 public:
  Work(const std::shared_ptr<grpc::Channel>& channel, std::string name)
      : keys_(v1::KeyService::NewStub(channel)), name_(std::move(name)) {}

  // From the request to the end of the rotation.
  Worked Do() {
    const auto begin = Clock::now();
    Worked worked;
    worked.problem = Begin();
    bool runs = true;
    while (worked.problem.empty() && runs) {
      std::this_thread::sleep_for(kLook);
      worked.problem = Look(runs);
      if (Clock::now() - begin > kPatience) worked.problem = "it does not end";
    }
    worked.seconds =
        std::chrono::duration<double>(Clock::now() - begin).count();
    return worked;
  }

 private:
  Problem Begin() {
    grpc::ClientContext context;
    SetDeadline(context);
    if (name_ == "reencrypt") {
      v1::ReencryptRequest request;
      request.set_request_id(NewRequestId());
      v1::ReencryptResponse response;
      return Of(keys_->Reencrypt(&context, request, &response));
    }
    v1::RotateKeyRequest request;
    request.set_kind(Kind());
    request.set_request_id(NewRequestId());
    v1::RotateKeyResponse response;
    return Of(keys_->RotateKey(&context, request, &response));
  }

  [[nodiscard]] std::string Kind() const {
    if (name_ == "reindex") return "index";
    return name_ == "rekey-pages" ? "page" : "wrap";
  }

  Problem Look(bool& runs) {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::ListKeysResponse response;
    const auto status = keys_->ListKeys(&context, {}, &response);
    runs = response.has_rotation();
    return status.ok() ? response.rotation().problem() : Of(status);
  }

  static void SetDeadline(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::seconds(10));
  }

  const std::unique_ptr<v1::KeyService::Stub> keys_;
  const std::string name_;
};

struct Round {
  bench::LoadResult idle;
  bench::LoadResult busy;
  Worked beside;
  Worked alone;

  // The first of them, or nothing.
  [[nodiscard]] Problem problem() const {
    for (const Problem& one :
         {beside.problem, alone.problem, idle.first_error, busy.first_error}) {
      if (!one.empty()) return one;
    }
    return "";
  }
};

Round Measure(const Channels& channels, const bench::LoadPlan& plan,
              Work& work) {
  Round round;
  round.idle = bench::RunLoad(channels, plan);
  std::atomic<bool> over = false;
  auto beside = std::async(std::launch::async, [&] {
    Worked worked = work.Do();
    over = true;
    return worked;
  });
  bench::LoadPlan until_over = plan;
  until_over.length = kPatience;
  until_over.over = &over;
  round.busy = bench::RunLoad(channels, until_over);
  round.beside = beside.get();
  round.alone = work.Do();
  return round;
}

int64_t PerSecond(const bench::LoadPlan& plan, const Worked& worked) {
  return static_cast<int64_t>(static_cast<double>(plan.member_ids.size()) /
                              worked.seconds);
}

void Print(const bench::LoadPlan& plan, const Round& round) {
  const auto whole = [](double value) { return static_cast<int64_t>(value); };
  std::cout << "{\"alone_per_second\":" << PerSecond(plan, round.alone)
            << ",\"beside_per_second\":" << PerSecond(plan, round.beside)
            << ",\"idle_p99_us\":" << whole(round.idle.p99_us)
            << ",\"busy_p99_us\":" << whole(round.busy.p99_us)
            << ",\"idle_look_ups\":" << whole(round.idle.per_second)
            << ",\"busy_look_ups\":" << whole(round.busy.per_second) << "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::cerr << "usage: bench_rotate ADDRESS NAME PROFILE IDS OUTSTANDING "
                 "SECONDS WORK\n";
    return 2;
  }
  bench::LoadPlan plan;
  plan.member_ids = bench::ReadLines(argv[4]);
  plan.outstanding = std::atoi(argv[5]);
  plan.length = std::chrono::milliseconds(
      static_cast<int64_t>(std::atof(argv[6]) * 1000));
  if (plan.member_ids.empty() || plan.outstanding < 1) {
    std::cerr << "bench: nothing to do\n";
    return 2;
  }
  Channels channels;
  for (int i = 0; i < plan.connections; ++i) {
    channels.push_back(bench::Dial(argv[1], argv[2], argv[3]));
  }
  Work work(bench::Dial(argv[1], argv[2], argv[3]), argv[7]);
  const Round round = Measure(channels, plan, work);
  if (!round.problem().empty()) {
    std::cerr << "bench: " << round.problem() << "\n";
    return 1;
  }
  Print(plan, round);
  return 0;
}
