// Closed loops of look-ups: so many outstanding at any time, as unary calls or
// on streams.
#ifndef SODALITY_BENCH_LOAD_H_
#define SODALITY_BENCH_LOAD_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sodality/v1/directory.grpc.pb.h"

namespace sodality::bench {

struct LoadPlan {
  int connections = 2;
  int outstanding = 32;
  int per_message = 16;  // Of a stream.
  std::chrono::milliseconds length{3000};
  // Ends unary ones before that, once it is true; null: nothing does.
  const std::atomic<bool>* over = nullptr;
  std::vector<std::string> member_ids;
};

struct LoadResult {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  uint64_t done = 0;
  uint64_t errors = 0;
  std::string first_error;
};

// A channel of its own connection, with the profile's certificate.
std::shared_ptr<grpc::Channel> Dial(const std::string& address,
                                    const std::string& server_name,
                                    const std::string& profile);

// Each look-up names the same twelve fields.
LoadResult RunLoad(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                   const LoadPlan& plan);

// The same look-ups, on one stream a channel. Latencies are those of messages,
// from the sending to the last answer.
LoadResult RunStreams(
    const std::vector<std::shared_ptr<grpc::Channel>>& channels,
    const LoadPlan& plan);

}  // namespace sodality::bench

#endif  // SODALITY_BENCH_LOAD_H_
