// What the server writes to standard error while it runs: one JSON line an
// event, from a closed list of events and typed values. There is no way to log
// free text, so no member's data gets there by accident.
#ifndef SODALITY_SERVER_APP_LOG_H_
#define SODALITY_SERVER_APP_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "platform/clock.h"

namespace sodality::app {

enum class Event {
  kListening,
  kSealed,
  kUnsealed,
  kUnsealRefused,
  kShareTaken,
  kSharesForgotten,
  kSealing,
  kStopping,
  kStopped,
  kFewLockedPages,
  kCertificateRenewed,
  kCertificateNotRenewed,
  kIndexFailed,
  kMembersChecked,
  kDamageFound,
  kLedgerEndDropped,
  kControlFailed,
  kRotationFailed,
  kNewRootKeyTaken,
  kTombstonesFailed,
};

class LogField final {
 public:
  LogField(std::string_view key, int64_t value) : key_(key), value_(value) {}
  // An address, a path or a command with one, of the operator's own.
  static LogField Place(std::string_view key, std::string_view place) {
    return {key, std::string(place)};
  }
  // Texts of statuses hold no data of members (CONTRIBUTING.md).
  static LogField Error(const absl::Status& status) {
    return {"error", std::string(status.message())};
  }

  std::string_view key() const { return key_; }
  const std::variant<int64_t, std::string>& value() const { return value_; }

 private:
  LogField(std::string_view key, std::string value)
      : key_(key), value_(std::move(value)) {}
  std::string_view key_;
  std::variant<int64_t, std::string> value_;
};

// {"time":"...","level":"info","event":"listening",...} without a line feed.
std::string FormatEvent(Event event, platform::Timestamp time,
                        std::initializer_list<LogField> fields);

// To standard error, one write a line. Thread safety: safe.
void Log(Event event, std::initializer_list<LogField> fields = {});

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_LOG_H_
