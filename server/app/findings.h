// What a check of a data folder found. Read next: doctor.h.
#ifndef SODALITY_SERVER_APP_FINDINGS_H_
#define SODALITY_SERVER_APP_FINDINGS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace sodality::app {

enum class Health { kGood, kNote, kBad };

struct Finding {
  Health health = Health::kGood;
  std::string subject;
  std::string text;
};

class Findings final {
 public:
  void Good(std::string subject, std::string text) {
    all_.push_back({Health::kGood, std::move(subject), std::move(text)});
  }
  void Note(std::string subject, std::string text) {
    all_.push_back({Health::kNote, std::move(subject), std::move(text)});
  }
  // True when `status` is OK.
  bool Check(std::string subject, const absl::Status& status,
             std::string good) {
    if (status.ok()) {
      Good(std::move(subject), std::move(good));
    } else {
      all_.push_back(
          {Health::kBad, std::move(subject), std::string(status.message())});
    }
    return status.ok();
  }
  void Bad(std::string subject, std::string text) {
    all_.push_back({Health::kBad, std::move(subject), std::move(text)});
  }

  const std::vector<Finding>& all() const { return all_; }
  [[nodiscard]] bool any_bad() const {
    for (const Finding& finding : all_) {
      if (finding.health == Health::kBad) return true;
    }
    return false;
  }

 private:
  std::vector<Finding> all_;
};

// A line each to standard output, or one JSON line.
void PrintFindings(const Findings& findings, bool json);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_FINDINGS_H_
