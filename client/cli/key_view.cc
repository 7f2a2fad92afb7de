#include "client/cli/key_view.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

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
  std::string pace =
      absl::StrCat(std::llround(std::max(rotation.per_second, 1.0)), " ",
                   CountedBy(rotation), "/s");
  if (!rotation.left.has_value()) return pace;
  return pace + ", " + ShowSpan(*rotation.left) + " left";
}

// What each work is, while it is done and when it is.
struct WorkInWords {
  std::string_view work;
  std::string_view does;
  std::string_view begun;     // After the key's name.
  std::string_view finished;  // Before it.
};
constexpr WorkInWords kWorks[] = {
    {"rewrap", "record keys are wrapped anew",
     "seals every write from now on; older records are being brought under it",
     "all records are under"},
    {"reencrypt", "records are sealed anew, each under a fresh key",
     "seals every write from now on; every record is being sealed anew",
     "all records are sealed anew, under"},
    {"reindex", "search tokens are made anew",
     "makes the search tokens of every write from now on; those of older "
     "records are being made anew",
     "all search tokens are of"},
    {"rekey-pages", "the database's file is copied, to be under a new key",
     "is ready; the database's file is being copied to be under it",
     "the database's file is under"},
    {"rekey-ledger", "the ledger goes on under new keys",
     "seals every entry of the ledger from now on, and its heads have a new "
     "signature",
     "the ledger goes on under"},
    {"rekey-root", "the keyring is sealed by a new root key",
     "is being replaced; the old one serves until the new one is in its place",
     "the keyring opens with its new"},
};

// Of a work that a newer server does: as for the first.
const WorkInWords& WordsOf(const KeyRotation& rotation) {
  const auto* const found = std::find_if(
      std::begin(kWorks), std::end(kWorks),
      [&](const WorkInWords& words) { return words.work == rotation.work; });
  return found == std::end(kWorks) ? kWorks[0] : *found;
}

// "wrap-2"; a root key has no versions.
std::string KeyName(const KeyRotation& rotation, uint32_t version) {
  return version == 0 ? rotation.kind + " key"
                      : absl::StrCat(rotation.kind, "-", version);
}

std::string FromTo(const KeyRotation& rotation) {
  const std::string to = KeyName(rotation, rotation.to);
  return rotation.from == 0 ? "to a new " + to
                            : KeyName(rotation, rotation.from) + " to " + to;
}

std::string RenderRotation(const KeyRotation& rotation) {
  const uint64_t total = std::max<uint64_t>(rotation.total, 1);
  std::vector<Line> lines = {
      {"rotation", absl::StrCat(FromTo(rotation), ", ", rotation.phase)},
      {"work",
       absl::StrCat(rotation.work, ": ", std::string(WordsOf(rotation).does))},
      {"done", absl::StrCat(rotation.done, " of ", rotation.total, " ",
                            CountedBy(rotation), ", ",
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

const char* CountedBy(const KeyRotation& rotation) {
  if (rotation.work == "rekey-pages") return "pages";
  const bool in_steps =
      rotation.work == "rekey-root" || rotation.work == "rekey-ledger";
  return in_steps ? "steps" : "records";
}

std::string RenderReport(const RotationReport& report) {
  const KeyRotation& rotation = report.rotation;
  const WorkInWords& words = WordsOf(rotation);
  const std::string key = KeyName(rotation, rotation.to);
  return report.finished ? std::string(words.finished) + " " + key + "\n"
                         : key + " " + std::string(words.begun) + "\n";
}

}  // namespace sodality::cli
