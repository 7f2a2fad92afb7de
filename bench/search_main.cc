// bench_search ADDRESS SERVER_NAME PROFILE MEMBERS SECONDS
//   searches a chapter of the sample roster of seed 1, one after the other,
//   each kind for SECONDS; a line of JSON a kind: how long, and how many were
//   found.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "bench/latencies.h"
#include "bench/load.h"
#include "samples/people.h"

namespace {

namespace bench = sodality::bench;
namespace v1 = sodality::v1;
using Clock = std::chrono::steady_clock;
using sodality::samples::Person;

constexpr uint64_t kSeed = 1;
constexpr int kWarmUp = 20;

struct Kind {
  const char* name;
  std::function<void(const Person&, v1::SearchMembersRequest&)> ask;
};

bool IsLatin(const std::string& word) {
  return word.size() >= 4 &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return c < 0x80 && std::isalpha(c) != 0;
         });
}

void AddFilter(const char* field, const std::string& value,
               v1::SearchMembersRequest& request) {
  auto* filter = request.add_filters();
  filter->set_field(field);
  filter->set_value(value);
}

// What a coordinator types, from the rarest to the most frequent.
std::vector<Kind> Kinds() {
  return {
      {"e-mail address",
       [](const Person& p, auto& r) { r.add_words(p.email); }},
      {"telephone number",
       [](const Person& p, auto& r) { r.add_words(p.phone); }},
      {"both names",
       [](const Person& p, auto& r) {
         r.add_words(p.given_name);
         r.add_words(p.family_name);
       }},
      {"three letters",
       [](const Person& p, auto& r) {
         r.add_words(p.family_name.substr(0, 3));
       }},
      {"name in a region",
       [](const Person& p, auto& r) {
         r.add_words(p.given_name);
         AddFilter("region", p.region, r);
       }},
      {"a whole region",
       [](const Person& p, auto& r) { AddFilter("region", p.region, r); }},
  };
}

class Searcher final {
 public:
  Searcher(const std::shared_ptr<grpc::Channel>& channel, uint64_t members)
      : stub_(v1::DirectoryService::NewStub(channel)), members_(members) {}

  // False after an error, which is told.
  bool Run(const Kind& kind, Clock::duration length) {
    bench::Latencies latencies;
    size_t found = 0;
    for (int i = 0; i < kWarmUp; ++i) {
      if (Ask(kind) < 0) return false;
    }
    const auto end = Clock::now() + length;
    while (Clock::now() < end) {
      const auto begun = Clock::now();
      const int members = Ask(kind);
      if (members < 0) return false;
      latencies.Add(Clock::now() - begun);
      found += static_cast<size_t>(members);
    }
    std::cout << "{\"search\":\"" << kind.name << "\",\"p50_us\":"
              << static_cast<int64_t>(latencies.Percentile(0.5))
              << ",\"p99_us\":"
              << static_cast<int64_t>(latencies.Percentile(0.99))
              << ",\"shown\":"
              << static_cast<double>(found) /
                     static_cast<double>(std::max<size_t>(1, latencies.size()))
              << "}\n";
    return true;
  }

 private:
  Person Somebody() {
    while (true) {
      Person person =
          sodality::samples::MakePerson(kSeed, random_() % members_);
      if (IsLatin(person.family_name)) return person;
    }
  }

  // How many members the first page shows; -1 after an error.
  int Ask(const Kind& kind) {
    v1::SearchMembersRequest request;
    kind.ask(Somebody(), request);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::seconds(10));
    v1::SearchMembersResponse response;
    const auto status = stub_->SearchMembers(&context, request, &response);
    const bool nobody = response.members().empty();
    if (status.ok() && !nobody) return response.members_size();
    std::cerr << "bench: searching by " << kind.name << ": "
              << (status.ok() ? "nobody is found" : status.error_message())
              << "\n";
    return -1;
  }

  const std::unique_ptr<v1::DirectoryService::Stub> stub_;
  const uint64_t members_;
  std::mt19937_64 random_{7};
};

}  // namespace

int main(int argc, char** argv) {
  const uint64_t members = argc == 6 ? std::strtoull(argv[4], nullptr, 10) : 0;
  if (members == 0) {
    std::cerr << "usage: bench_search ADDRESS NAME PROFILE MEMBERS SECONDS\n";
    return 2;
  }
  Searcher searcher(bench::Dial(argv[1], argv[2], argv[3]), members);
  const std::chrono::milliseconds length(
      static_cast<int64_t>(std::atof(argv[5]) * 1000));
  for (const Kind& kind : Kinds()) {
    if (!searcher.Run(kind, length)) return 1;
  }
  return 0;
}
