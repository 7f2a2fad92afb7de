#include "server/app/findings.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>

#include "server/app/json_line.h"

namespace sodality::app {
namespace {

std::string_view HealthName(Health health) {
  switch (health) {
    case Health::kGood:
      return "ok";
    case Health::kNote:
      return "note";
    case Health::kBad:
      return "bad";
  }
  return "bad";
}

}  // namespace

void PrintFindings(const Findings& findings, bool json) {
  if (json) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const Finding& finding : findings.all()) {
      rows.push_back({{"health", std::string(HealthName(finding.health))},
                      {"subject", finding.subject},
                      {"text", finding.text}});
    }
    const nlohmann::ordered_json page = {{"findings", rows}, {"more", false}};
    std::printf("%s\n", JsonLine(page).c_str());
    return;
  }
  for (const Finding& finding : findings.all()) {
    std::printf("%-4s  %s: %s\n",
                std::string(HealthName(finding.health)).c_str(),
                finding.subject.c_str(), finding.text.c_str());
  }
}

}  // namespace sodality::app
