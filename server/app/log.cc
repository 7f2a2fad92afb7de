#include "server/app/log.h"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "server/app/json_line.h"

namespace sodality::app {
namespace {

// Level, then name.
std::pair<std::string_view, std::string_view> NamesOf(Event event) {
  switch (event) {
    case Event::kListening:
      return {"info", "listening"};
    case Event::kSealed:
      return {"warning", "sealed"};
    case Event::kUnsealed:
      return {"info", "unsealed"};
    case Event::kUnsealRefused:
      return {"warning", "unseal-refused"};
    case Event::kShareTaken:
      return {"info", "share-taken"};
    case Event::kSharesForgotten:
      return {"warning", "shares-forgotten"};
    case Event::kSealing:
      return {"info", "sealing"};
    case Event::kStopping:
      return {"info", "stopping"};
    case Event::kStopped:
      return {"info", "stopped"};
    case Event::kFewLockedPages:
      return {"warning", "few-locked-pages"};
    case Event::kCertificateRenewed:
      return {"info", "server-certificate-renewed"};
    case Event::kCertificateNotRenewed:
      return {"error", "server-certificate-not-renewed"};
    case Event::kRotationFailed:
      return {"error", "key-rotation-failed"};
    case Event::kNewRootKeyTaken:
      return {"warning", "new-root-key-taken"};
    case Event::kTombstonesFailed:
      return {"error", "tombstones-failed"};
    case Event::kIndexFailed:
      return {"error", "ledger-index-failed"};
    case Event::kMembersChecked:
      return {"info", "members-checked"};
    case Event::kDamageFound:
      return {"error", "damage-found"};
    case Event::kLedgerEndDropped:
      return {"warning", "ledger-end-dropped"};
    case Event::kControlFailed:
      return {"error", "control-socket-failed"};
  }
  return {"error", "unknown"};
}

}  // namespace

std::string FormatEvent(Event event, platform::Timestamp time,
                        std::initializer_list<LogField> fields) {
  const auto [level, name] = NamesOf(event);
  nlohmann::ordered_json line = {{"time", platform::FormatTimestamp(time)},
                                 {"level", std::string(level)},
                                 {"event", std::string(name)}};
  for (const LogField& field : fields) {
    std::visit(
        [&](const auto& value) { line[std::string(field.key())] = value; },
        field.value());
  }
  return JsonLine(line);
}

void Log(Event event, std::initializer_list<LogField> fields) {
  const std::string line =
      FormatEvent(event, platform::SystemClock().Now(), fields) + "\n";
  // A log that cannot be written has nowhere to say so.
  [[maybe_unused]] const ssize_t written =
      ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace sodality::app
