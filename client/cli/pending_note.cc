#include "client/cli/pending_note.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/values.h"

namespace sodality::cli {

void NotePending(Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return;
  const auto status = client->GetStatus();
  if (!status.ok() || status->pending_acts == 0) return;
  const std::string when =
      status->alone_from.has_value()
          ? absl::StrCat(", and may be done from ",
                         ShowTime(*status->alone_from), " UTC on")
          : "";
  session.Warn(absl::StrCat(status->pending_acts,
                            status->pending_acts == 1
                                ? " act that cannot be undone waits"
                                : " acts that cannot be undone wait",
                            " for approval", when, ": sodality approval list"));
}

}  // namespace sodality::cli
