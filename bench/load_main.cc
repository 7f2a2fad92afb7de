// bench_load ADDRESS SERVER_NAME PROFILE IDS CONNECTIONS OUTSTANDING SECONDS
//   one line of JSON: look-ups a second and latencies.
// bench_load stream ADDRESS SERVER_NAME PROFILE IDS CONNECTIONS OUTSTANDING
//   SECONDS: the same on streams.
// bench_load ids ADDRESS SERVER_NAME PROFILE
//   the ids of every member, a line each.
#include <cstdlib>
#include <iostream>
#include <string>

#include "bench/files.h"
#include "bench/load.h"

namespace {

namespace bench = sodality::bench;
namespace v1 = sodality::v1;

int ListIds(char** argv) {
  const auto channel = bench::Dial(argv[2], argv[3], argv[4]);
  const auto stub = v1::DirectoryService::NewStub(channel);
  for (const char* region :
       {"North", "Riverside", "East Bay", "Old Town", "Hill District"}) {
    v1::SearchMembersRequest request;
    request.set_page_size(100);
    auto* filter = request.add_filters();
    filter->set_field("region");
    filter->set_value(region);
    do {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() +
                           std::chrono::seconds(10));
      v1::SearchMembersResponse response;
      const auto status = stub->SearchMembers(&context, request, &response);
      if (!status.ok()) {
        std::cerr << "bench: " << status.error_message() << "\n";
        return 1;
      }
      for (const auto& member : response.members()) {
        std::cout << member.id() << "\n";
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
  }
  return 0;
}

int Load(char** argv, bool streams) {
  bench::LoadPlan plan;
  plan.member_ids = bench::ReadLines(argv[4]);
  plan.connections = std::atoi(argv[5]);
  plan.outstanding = std::atoi(argv[6]);
  plan.length = std::chrono::milliseconds(
      static_cast<int64_t>(std::atof(argv[7]) * 1000));
  if (plan.member_ids.empty() || plan.connections < 1 || plan.outstanding < 1) {
    std::cerr << "bench: nothing to do\n";
    return 2;
  }
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < plan.connections; ++i) {
    channels.push_back(bench::Dial(argv[1], argv[2], argv[3]));
  }
  const bench::LoadResult result = streams ? bench::RunStreams(channels, plan)
                                           : bench::RunLoad(channels, plan);
  std::cout << "{\"per_second\":" << static_cast<int64_t>(result.per_second)
            << ",\"p50_us\":" << static_cast<int64_t>(result.p50_us)
            << ",\"p99_us\":" << static_cast<int64_t>(result.p99_us)
            << ",\"errors\":" << result.errors << "}\n";
  if (result.errors == 0) return 0;
  std::cerr << "bench: " << result.first_error << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::string(argv[1]) == "ids") return ListIds(argv);
  if (argc == 8) return Load(argv, /*streams=*/false);
  if (argc == 9 && std::string(argv[1]) == "stream") {
    return Load(argv + 1, /*streams=*/true);
  }
  std::cerr
      << "usage: bench_load [stream] ADDRESS NAME PROFILE IDS CONNECTIONS "
         "OUTSTANDING SECONDS\n"
         "       bench_load ids ADDRESS NAME PROFILE\n";
  return 2;
}
