#include "server/app/init.h"

#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/pki/invite_file.h"
#include "crypto/random.h"
#include "crypto/self_test.h"
#include "server/app/chapter_file.h"
#include "server/app/hardening.h"
#include "server/app/new_chapter.h"
#include "server/app/new_file.h"
#include "server/app/new_folder.h"
#include "server/app/new_root.h"
#include "sqlcipher/version.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

Outcome CheckCustody(const InitOptions& options) {
  const size_t ways =
      options.root.files().size() + (options.shares.empty() ? 0 : 1);
  if (ways != 1) {
    return Fail(ExitCode::kUsage,
                "give one of --root-key FILE, --passphrase-file FILE, and "
                "--shares N --threshold K --shares-out DIR",
                "see sodalityd init --help");
  }
  if (options.shares.empty()) return {};
  const absl::Status counts = crypto::CheckShareCounts(
      options.shares.counts.threshold, options.shares.counts.count);
  if (counts.ok()) return {};
  return Fail(ExitCode::kUsage, counts,
              "for five holders: --shares 5 --threshold 3");
}

Outcome CheckValues(const InitOptions& options) {
  absl::Status status = CheckChapterName(options.chapter);
  if (!status.ok()) {
    return Fail(ExitCode::kUsage, status,
                "--chapter is the name that members know it by");
  }
  status = CheckCountry(options.country);
  if (!status.ok()) {
    return Fail(ExitCode::kUsage, status,
                "--country says how national telephone numbers are read");
  }
  status = pki::CheckAddress(options.listen);
  if (!status.ok()) {
    return Fail(
        ExitCode::kUsage,
        "--listen must be HOST:PORT with a port of 0 to 65535",
        "invites name this address; with port 0, `join` needs --server");
  }
  if (options.expected_members == 0 ||
      options.expected_members > core::Schema::kMaxExpectedMembers) {
    return Fail(ExitCode::kUsage, "--expected-members must be 1 to 100000000",
                "how many members the chapter may grow to in some years");
  }
  return CheckCustody(options);
}

Outcome CheckPlaces(const InitOptions& options) {
  std::vector<std::string> places = {options.data, options.invite_out};
  if (!options.root.key_file.empty()) places.push_back(options.root.key_file);
  if (!options.shares.empty()) places.push_back(options.shares.folder);
  for (const std::string& path : places) {
    if (Outcome parent = CheckParent(path); !parent.ok()) return parent;
  }
  for (const std::string& folder : {options.data, options.shares.folder}) {
    if (Outcome vacant = CheckVacant(folder); !vacant.ok()) return vacant;
  }
  return CheckAbsent(options.invite_out);
}

// What the server is started with, and what people have to do for it.
std::string StartLines(const InitOptions& options) {
  const std::string serve = "  sodalityd serve --data " + options.data;
  if (!options.root.key_file.empty()) {
    return serve + " --root-key " + options.root.key_file + "\n";
  }
  if (options.shares.empty()) {
    return serve + " --passphrase-file " + options.root.passphrase_file + "\n";
  }
  return serve + "\n  sodalityd unseal --data " + options.data +
         " SHARE-FILE    " + std::to_string(options.shares.counts.threshold) +
         " times, each with another share\n";
}

std::string CustodyAdvice(const InitOptions& options) {
  if (!options.root.key_file.empty()) {
    return "Keep the key file away from the data folder and its backups: "
           "without it\nnothing can be read, with both everything can.";
  }
  if (options.shares.empty()) {
    return "Without the passphrase nothing can be read: keep it where you will "
           "find it.";
  }
  const std::string threshold = std::to_string(options.shares.counts.threshold);
  return "The shares are in " + options.shares.folder +
         ". Hand each to another person, who checks it alone:\n"
         "  sodality keys shares verify FILE\n"
         "Then destroy that folder: " +
         threshold + " shares together open everything, and without " +
         threshold + "\nnothing can be read.";
}

void PrintNextSteps(const InitOptions& options) {
  std::fprintf(stderr,
               "The chapter is set up in %s.\n\n"
               "Next:\n"
               "%s"
               "  sodality join %s\n\n"
               "%s\nThe invite is good for one device and for a short time.\n"
               "The admin's own grant ends in 30 days, and nobody grants "
               "themselves: invite a second\nadmin before then, who can renew "
               "it:\n"
               "  sodality invite NAME --role admin --out FILE\n",
               options.data.c_str(), StartLines(options).c_str(),
               options.invite_out.c_str(), CustodyAdvice(options).c_str());
}

// Addresses to listen on that nobody can dial from elsewhere.
[[nodiscard]] bool IsEveryAddress(const std::string& listen) {
  const std::string host = listen.substr(0, listen.rfind(':'));
  return host == "0.0.0.0" || host == "[::]" || host == "::" || host == "*";
}

// With --json, too: the chapter is made, and invites from it would not work.
void WarnOfAddress(const InitOptions& options) {
  if (!IsEveryAddress(options.listen)) return;
  std::fprintf(stderr,
               "sodalityd: warning: invites name %s, which nobody can dial\n"
               "sodalityd: hint: set `address` in %s/chapter.toml to this "
               "machine's name and port before anybody is invited; this first "
               "invite: sodality join %s --server HOST:PORT\n",
               options.listen.c_str(), options.data.c_str(),
               options.invite_out.c_str());
}

Outcome BuildFailure(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kAlreadyExists:
      return Fail(ExitCode::kConflict, status,
                  "name another, or move that one away");
    case absl::StatusCode::kInvalidArgument:
      return Fail(ExitCode::kUsage, status, "--admin names the first admin");
    default:
      return Fail(ExitCode::kFailed, status,
                  "nothing was set up: mend what is said, then try again");
  }
}

// No root key, and what the line has to do with it.
Outcome RootFailure(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return KeyFailure(status);
    case absl::StatusCode::kFailedPrecondition:
      return Fail(ExitCode::kUsage, status,
                  "one line in a file of your own alone: six random words "
                  "will do");
    default:
      return BuildFailure(status);
  }
}

// Everything but the root key.
absl::Status Build(const InitOptions& options, const core::ChapterId& id,
                   NewRoot& root) {
  const auto folder = MakeFolderBeside(options.data);
  if (!folder.ok()) return folder.status();
  RemovedUnlessKept built(*folder);
  NewChapter chapter{.file = {},
                     .admin = options.admin,
                     .expected_members = options.expected_members};
  chapter.file.info = {.id = id,
                       .name = options.chapter,
                       .country = options.country,
                       .address = options.listen};
  chapter.file.listen = options.listen;
  const auto invite = WriteNewChapter(DataFolder(*folder), chapter, root.root);
  if (!invite.ok()) return invite.status();
  absl::Status status = TryShares(root, DataFolder(*folder), id.bytes);
  if (!status.ok()) return status;
  status = WriteNewFile(options.invite_out,
                        invite->Expose(crypto::AllowSecretAccess()));
  if (!status.ok()) return status;
  RemovedUnlessKept invite_file(options.invite_out);
  status = MoveIntoPlace(*folder, options.data);
  if (!status.ok()) return status;
  built.Keep();
  invite_file.Keep();
  root.Keep();
  return absl::OkStatus();
}

}  // namespace

Outcome RunInit(const InitOptions& options) {
  if (Outcome values = CheckValues(options); !values.ok()) return values;
  if (Outcome places = CheckPlaces(options); !places.ok()) return places;
  const auto hardening = HardenProcess();
  if (!hardening.ok()) return FailedMachine(hardening.status());
  absl::Status status = crypto::SelfTest();
  if (status.ok()) status = sqlcipher::CheckVersion();
  if (!status.ok()) return FailedMachine(status);
  const core::ChapterId id{crypto::RandomId(crypto::SystemRandom())};
  auto root = FindRoot(options, id.bytes);
  if (!root.ok()) return RootFailure(root.status());
  status = Build(options, id, *root);
  if (!status.ok()) return BuildFailure(status);
  if (options.json) {
    std::printf("{\"id\":\"%s\"}\n", text::EncodeBase32(id.bytes).c_str());
  } else {
    PrintNextSteps(options);
  }
  WarnOfAddress(options);
  return {};
}

}  // namespace sodality::app
