#include "server/core/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace sodality::core {
namespace {

constexpr char kReasonUrl[] = "sodality/reason";
constexpr char kHintUrl[] = "sodality/hint";
constexpr char kFieldUrl[] = "sodality/field";
constexpr char kRetryUrl[] = "sodality/retry-at";

// In the order of Reason.
constexpr std::array<std::string_view, 38> kNames = {
    "",
    "NOT_ENROLLED",
    "DEVICE_REVOKED",
    "PRINCIPAL_SUSPENDED",
    "CERTIFICATE_EXPIRED",
    "INVITE_USED",
    "INVITE_EXPIRED",
    "SEALED",
    "ROLE_NOT_ALLOWED",
    "NO_GRANT",
    "GRANT_ENDED",
    "SEVERAL_GRANTS",
    "OWN_GRANT",
    "BUDGET_EXHAUSTED",
    "RATE_LIMITED",
    "MEMBER_NOT_FOUND",
    "NOT_FOUND",
    "UNKNOWN_FIELD",
    "FIELD_NOT_YOURS",
    "INVALID_VALUE",
    "STALE_REVISION",
    "EXTERNAL_ID_TAKEN",
    "REQUEST_ID_REUSED",
    "BAD_PAGE_TOKEN",
    "BAD_REQUEST_CERTIFICATE",
    "DEADLINE_REQUIRED",
    "NO_HEADER",
    "TOO_LARGE",
    "DISK_FULL",
    "STORE_STOPPED",
    "OUT_OF_SCOPE",
    "LAST_ADMIN",
    "ROTATION_RUNNING",
    "NO_ROOT_KEY_FILE",
    "BACKUP_RUNNING",
    "BAD_APPROVAL",
    "ACT_ENDED",
    "KEY_IN_USE",
};
static_assert(kNames.size() == static_cast<size_t>(Reason::kKeyInUse) + 1);

void Put(absl::Status& status, const char* url, std::string_view text) {
  if (text.empty()) return;
  status.SetPayload(url,
                    absl::Cord(absl::string_view(text.data(), text.size())));
}

std::string Get(const absl::Status& status, const char* url) {
  const auto payload = status.GetPayload(url);
  return payload ? std::string(*payload) : std::string();
}

// Names of fields and of arguments ("view.fields").
std::string IfAName(std::string_view text) {
  const bool is_name = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  });
  return std::string(is_name ? text : std::string_view());
}

int64_t NumberOf(std::string_view digits) {
  int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace

std::string_view ReasonName(Reason reason) {
  return kNames.at(static_cast<size_t>(reason));
}

absl::Status MakeError(absl::StatusCode code, std::string_view message,
                       ErrorInfo info) {
  absl::Status status(code, absl::string_view(message.data(), message.size()));
  Put(status, kReasonUrl, absl::StrCat(static_cast<int>(info.reason)));
  Put(status, kHintUrl, info.hint);
  Put(status, kFieldUrl, info.field);
  if (info.retry_at) {
    Put(status, kRetryUrl, absl::StrCat(info.retry_at->millis));
  }
  return status;
}

ErrorInfo GetErrorInfo(const absl::Status& status) {
  ErrorInfo info;
  const std::string reason = Get(status, kReasonUrl);
  if (reason.empty()) return info;
  info.reason = static_cast<Reason>(NumberOf(reason));
  info.hint = Get(status, kHintUrl);
  info.field = Get(status, kFieldUrl);
  const std::string retry_at = Get(status, kRetryUrl);
  if (!retry_at.empty()) {
    info.retry_at = platform::Timestamp{NumberOf(retry_at)};
  }
  return info;
}

absl::Status MemberNotFound() {
  return MakeError(absl::StatusCode::kNotFound, "no such member",
                   {.reason = Reason::kMemberNotFound,
                    .hint = "look again with `find`; a member outside your "
                            "grant answers the same"});
}

absl::Status UnknownField(std::string_view name) {
  // What is no word of a schema may be a value that got into its place.
  return MakeError(
      absl::StatusCode::kInvalidArgument, "no such field",
      {.reason = Reason::kUnknownField,
       .hint = "`sodality status` lists the fields that your grant shows",
       .field = IfAName(name)});
}

absl::Status InvalidValue(std::string_view field, std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, what,
                   {.reason = Reason::kInvalidValue, .field = IfAName(field)});
}

absl::Status FromStore(const absl::Status& status) {
  if (GetErrorInfo(status).reason != Reason::kNone) return status;
  if (absl::IsResourceExhausted(status)) {
    return MakeError(status.code(), "the server's disk is full",
                     {.reason = Reason::kDiskFull,
                      .hint = "nothing was stored; try again when the "
                              "server's operator has made room"});
  }
  if (absl::IsUnavailable(status)) {
    return MakeError(status.code(), "the store has stopped",
                     {.reason = Reason::kStoreStopped,
                      .hint = "the server's operator has to look at it"});
  }
  return status;
}

}  // namespace sodality::core
