#include "client/cli/key_view.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/cli/table.h"
#include "client/cli/values.h"

namespace sodality::cli {
namespace {

std::string ShowSpan(std::chrono::seconds span) {
  const int64_t seconds = span.count();
  if (seconds < 60) return absl::StrCat(seconds, " s");
  const int64_t minutes = (seconds + 59) / 60;
  if (minutes < 60) return absl::StrCat(minutes, " min");
  return absl::StrCat(minutes / 60, " h ", minutes % 60, " min");
}

std::string ShowPace(const KeyRotation& rotation) {
  if (rotation.per_second <= 0) return "not known yet";
  std::string pace = absl::StrCat(
      std::llround(std::max(rotation.per_second, 1.0)), " records/s");
  if (!rotation.left.has_value()) return pace;
  return pace + ", " + ShowSpan(*rotation.left) + " left";
}

std::string RenderRotation(const KeyRotation& rotation) {
  const uint64_t total = std::max<uint64_t>(rotation.total, 1);
  std::vector<Line> lines = {
      {"rotation",
       absl::StrCat(rotation.kind, "-", rotation.from, " to ", rotation.kind,
                    "-", rotation.to, ", ", rotation.phase)},
      {"done", absl::StrCat(rotation.done, " of ", rotation.total, " records, ",
                            rotation.done * 100 / total, " %")},
      {"pace", ShowPace(rotation)}};
  if (rotation.started.has_value()) {
    lines.push_back({"started", ShowTime(*rotation.started) + " UTC"});
  }
  return RenderLines(lines, "");
}

}  // namespace

std::string RenderKeys(const KeyList& keys, const Session& session) {
  Table table({"KIND", "VERSION", "STATE", "CREATED (UTC)", "RECORDS"});
  for (const KeyVersion& key : keys.keys) {
    table.Add({key.kind, std::to_string(key.version), key.state,
               key.created.has_value() ? ShowTime(*key.created) : "",
               key.records.has_value() ? std::to_string(*key.records) : ""});
  }
  std::string text = table.Render(session.Style());
  if (keys.rotation) text += "\n" + RenderRotation(*keys.rotation);
  return text;
}

}  // namespace sodality::cli
