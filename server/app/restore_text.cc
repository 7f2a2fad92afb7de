#include "server/app/restore_text.h"

#include <cstdio>
#include <string>

#include "platform/clock.h"
#include "server/app/custody.h"
#include "server/app/exit_code.h"

namespace sodality::app {
namespace {

std::string AboutAccess(const BackupFacts& facts) {
  if (!facts.known_until) {
    return "- Nothing says all that ended after that: no device, invite or "
           "grant of the backup is\n  good any more, and everybody has to "
           "join again, by a new invite, into a new\n  profile. Whoever was "
           "erased after that, and is not one of the " +
           std::to_string(facts.restored->erased) +
           " who were\n  erased again, is back, and asked not to be: erase "
           "them, before anybody looks.\n";
  }
  return "- Whoever was erased until " +
         platform::FormatTimestamp(*facts.known_until) + " is erased again (" +
         std::to_string(facts.restored->erased) +
         "), and what was\n  revoked, used or suspended until then is so "
         "again. Of what ended after that\n  nothing is known: look at "
         "sodality device list and sodality grant list.\n"
         "- Devices that joined, or renewed their certificates, after the "
         "backup are not known:\n  invite their people again.\n";
}

}  // namespace

Outcome BackupFailure(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
      return Fail(ExitCode::kInterrupted, status, "nothing was restored");
    case absl::StatusCode::kDataLoss:
      return Fail(ExitCode::kFailed, status,
                  "take another copy of the backup, or an older one");
    case absl::StatusCode::kFailedPrecondition:
      return Fail(ExitCode::kFailed, status,
                  "is this program as new as the one that made the backup?");
    case absl::StatusCode::kResourceExhausted:
      return Fail(ExitCode::kFailed, status,
                  "make room where --data is to be: it takes as much as the "
                  "backup holds; nothing was restored");
    case absl::StatusCode::kAlreadyExists:
      return Fail(ExitCode::kConflict, status,
                  "name another, or move that one away");
    default:
      return Fail(ExitCode::kFailed, status,
                  "nothing was restored: mend what is said, then try again");
  }
}

Outcome BackupKeyFailure(const absl::Status& status,
                         const RestoreOptions& options) {
  if (absl::IsPermissionDenied(status)) {
    return Fail(ExitCode::kSealed, status,
                "give the key, passphrase or shares that the chapter had when "
                "the backup was made");
  }
  const bool asked = options.root.empty() && absl::IsCancelled(status);
  if (absl::IsInvalidArgument(status) || asked) return KeyFailure(status);
  return BackupFailure(status);
}

Outcome NobodyToLetIn() {
  return Fail(ExitCode::kUsage,
              "nothing says what ended after the backup, so everybody has to "
              "join again",
              "give --tombstones FILE, a newer copy of the chapter's file "
              "tombstones; or --admin NAME and --invite-out FILE, for the one "
              "who joins first");
}

void TellRestored(const RestoreOptions& options, const BackupFacts& facts) {
  std::string text = "The chapter is restored in " + options.data + ", as of " +
                     platform::FormatTimestamp(facts.manifest.created) +
                     ".\n\n"
                     "- All that came after that is lost: members, changes, "
                     "looks in the ledger.\n  Devices that saw it are told "
                     "so, once.\n" +
                     AboutAccess(facts) +
                     "- Copies of the lost folder and of backups stay readable "
                     "to whoever has the root key:\n  destroy those that "
                     "nobody needs.\n\nNext:\n  sodalityd serve --data " +
                     options.data + "\n";
  if (facts.restored->invite) {
    text += "  sodality join " + options.invite_out + "\nThe invite is for " +
            options.admin + ", and good for a day; the grant for 30 days.\n";
  }
  std::fputs(text.c_str(), stderr);
}

}  // namespace sodality::app
