// Durations and their percentiles.
#ifndef SODALITY_BENCH_LATENCIES_H_
#define SODALITY_BENCH_LATENCIES_H_

#include <algorithm>
#include <chrono>
#include <vector>

namespace sodality::bench {

class Latencies final {
 public:
  void Add(std::chrono::steady_clock::duration d) {
    microseconds_.push_back(
        std::chrono::duration<double, std::micro>(d).count());
  }
  void Add(const Latencies& others) {
    microseconds_.insert(microseconds_.end(), others.microseconds_.begin(),
                         others.microseconds_.end());
  }
  // In microseconds; 0 without any. `part` of 0.5 is the median.
  [[nodiscard]] double Percentile(double part) const {
    if (microseconds_.empty()) return 0;
    std::vector<double> sorted = microseconds_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<size_t>(static_cast<double>(sorted.size()) *
                                      part)];
  }
  [[nodiscard]] size_t size() const { return microseconds_.size(); }

 private:
  std::vector<double> microseconds_;
};

}  // namespace sodality::bench

#endif  // SODALITY_BENCH_LATENCIES_H_
