#include "server/app/restore.h"

#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "crypto/backup_file.h"
#include "crypto/key.h"
#include "crypto/sealed_keyring.h"
#include "crypto/self_test.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/app/backup_facts.h"
#include "server/app/backup_input.h"
#include "server/app/data_folder.h"
#include "server/app/findings.h"
#include "server/app/hardening.h"
#include "server/app/held_signals.h"
#include "server/app/new_file.h"
#include "server/app/new_folder.h"
#include "server/app/public_state.h"
#include "server/app/sealed_check.h"
#include "server/app/terminal.h"
#include "server/app/unpacking.h"
#include "server/app/unsealing.h"
#include "server/core/access/invite_maker.h"
#include "sqlcipher/version.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

Outcome CheckRestoreValues(const RestoreOptions& options) {
  if (options.verify_only != options.admin.empty() ||
      options.verify_only != options.invite_out.empty()) {
    return Fail(ExitCode::kUsage,
                "give --verify-only, or --admin NAME and --invite-out FILE",
                "everybody has to join again after a restore, and the admin is "
                "the first: see sodalityd restore --help");
  }
  if (options.verify_only) return CheckParent(options.data);
  if (auto s = core::CheckPrincipalName(options.admin); !s.ok()) {
    return Fail(ExitCode::kUsage, s, "--admin names the admin");
  }
  for (const std::string& path : {options.data, options.invite_out}) {
    if (Outcome parent = CheckParent(path); !parent.ok()) return parent;
  }
  Outcome vacant = CheckVacant(options.data);
  return vacant.ok() ? CheckAbsent(options.invite_out) : vacant;
}

absl::StatusOr<crypto::RootKey> AskForRoot(std::span<const uint8_t> keyring) {
  const auto slots = crypto::ReadRootSlots(keyring);
  if (!slots.ok()) return slots.status();
  for (const crypto::RootSlot& slot : *slots) {
    if (slot.custody != crypto::Custody::kPassphrase) continue;
    const auto passphrase = AskPassphrase();
    if (!passphrase.ok()) return passphrase.status();
    auto root = crypto::RootFromPassphrase(keyring, *passphrase);
    if (!root.ok()) return root.status();
    return std::move(root->key);
  }
  const bool shares = slots->front().custody == crypto::Custody::kShares;
  return absl::InvalidArgumentError(
      "this backup is kept by " + DescribeCustody(slots->front()) + ": give " +
      (shares ? "--share FILE for each" : "--root-key FILE"));
}

// A failure that the file, its key or the machine is the cause of.
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

// One restore, in the order of its steps. Each is asked for once; an outcome
// that is not ok ends it.
class Restoring final {
 public:
  explicit Restoring(const RestoreOptions& options) : options_(options) {}

  Outcome Run() {
    using Step = Outcome (Restoring::*)();
    for (const Step step :
         {&Restoring::OpenBackup, &Restoring::Unpack, &Restoring::Examine}) {
      Outcome outcome = (this->*step)();
      if (!outcome.ok()) return outcome;
    }
    if (!options_.verify_only) {
      if (const absl::Status s = PutInPlace(); !s.ok()) return BackupFailure(s);
    }
    return {};
  }
  const BackupFacts& facts() const { return facts_; }

 private:
  Outcome OpenBackup();
  Outcome Unpack();
  Outcome Examine();
  absl::Status PutInPlace();
  absl::StatusOr<core::InviteOutput> LetAdminIn();
  std::optional<Outcome> Interrupted() const {
    if (!signals_->any()) return std::nullopt;
    return BackupFailure(absl::CancelledError("interrupted"));
  }

  const RestoreOptions& options_;
  std::optional<HeldSignals> signals_;
  std::optional<BackupInput> input_;
  std::vector<uint8_t> head_;
  std::optional<crypto::RootKey> root_;
  std::optional<crypto::BackupOpener> opener_;
  std::optional<RemovedUnlessKept> made_;
  DataFolder folder_{""};
  std::optional<PublicState> state_;
  BackupFacts facts_;
};

Outcome Restoring::OpenBackup() {
  auto input = BackupInput::Open(options_.file);
  if (!input.ok()) return KeyFailure(input.status());
  input_ = *std::move(input);
  auto head = input_->ReadHead();
  if (!head.ok()) return BackupFailure(head.status());
  head_ = *std::move(head);
  facts_.id = *crypto::BackupId(head_);
  const auto keyring = *crypto::BackupKeyring(head_);
  auto slots = crypto::ReadRootSlots(keyring);
  if (!slots.ok()) return BackupFailure(slots.status());
  facts_.slots = *std::move(slots);
  auto root = options_.root.empty() ? AskForRoot(keyring)
                                    : ReadRootKey(options_.root, keyring);
  if (!root.ok()) return BackupKeyFailure(root.status(), options_);
  auto opener = crypto::BackupOpener::Begin(head_, *root);
  if (!opener.ok()) return BackupKeyFailure(opener.status(), options_);
  root_ = *std::move(root);
  opener_ = *std::move(opener);
  facts_.keys = opener_->keyring().Infos();
  return {};
}

// From here on there is something to take away: signals wait.
Outcome Restoring::Unpack() {
  signals_.emplace();
  const auto made = MakeFolderBeside(options_.data);
  if (!made.ok()) return BackupFailure(made.status());
  made_.emplace(*made);
  folder_ = DataFolder(*made);
  auto manifest =
      UnpackBackup(*input_, {.opener = *opener_,
                             .keyring_file = *crypto::BackupKeyring(head_),
                             .folder = folder_,
                             .fs = platform::PosixFileSystem(),
                             .stopped = [this] { return signals_->any(); }});
  if (!manifest.ok()) return BackupFailure(manifest.status());
  facts_.manifest = *std::move(manifest);
  return {};
}

// Those of a start and of doctor. A server certificate that has run out is
// renewed by the next start.
Outcome Restoring::Examine() {
  if (auto stop = Interrupted()) return *stop;
  auto state = LoadPublicState(folder_);
  if (!state.ok()) return BackupFailure(state.status());
  state_.emplace(*std::move(state));
  facts_.chapter = state_->chapter.info;
  auto keyring = OpenKeyring(*state_, *root_);
  if (!keyring.ok()) return BackupFailure(keyring.status());
  Findings findings;
  CheckSealed(*state_, *std::move(keyring), findings,
              [this](core::Chapter& chapter, Findings& found) {
                CheckManifest(facts_.manifest, chapter, found);
              });
  std::string wrong;
  for (const Finding& finding : findings.all()) {
    if (finding.health == Health::kGood) continue;
    const std::string line = finding.subject + ": " + finding.text;
    if (finding.health == Health::kNote) {
      if (!options_.json) std::fprintf(stderr, "note: %s\n", line.c_str());
    } else {
      wrong += (wrong.empty() ? "" : "; ") + line;
    }
  }
  if (auto stop = Interrupted()) return *stop;
  if (wrong.empty()) return {};
  return BackupFailure(
      absl::DataLossError("what the backup holds is not whole: " + wrong));
}

// The chapter is closed when this returns, and its files are durable.
absl::StatusOr<core::InviteOutput> Restoring::LetAdminIn() {
  auto store = OpenStore(folder_, opener_->keyring(), Purpose::kServe);
  if (!store.ok()) return store.status();
  const auto chapter = OpenCore(*state_, opener_->keyring().Clone(),
                                *std::move(store), Purpose::kServe);
  if (!chapter.ok()) return chapter.status();
  return (*chapter)->access_control().DeclareRestored(facts_.id,
                                                      options_.admin);
}

absl::Status Restoring::PutInPlace() {
  const auto invite = LetAdminIn();
  if (!invite.ok()) return invite.status();
  absl::Status status = WriteNewFile(
      options_.invite_out, invite->file.Expose(crypto::AllowSecretAccess()));
  if (!status.ok()) return status;
  RemovedUnlessKept invite_file(options_.invite_out);
  if (signals_->any()) return absl::CancelledError("interrupted");
  status = MoveIntoPlace(folder_.path(), options_.data);
  if (!status.ok()) return status;
  made_->Keep();
  invite_file.Keep();
  return absl::OkStatus();
}

void TellPeople(const RestoreOptions& options, const BackupFacts& facts) {
  std::fprintf(
      stderr,
      "The chapter is restored in %s, as of %s.\n\n"
      "- All that came after that is lost: members, changes, looks in the "
      "ledger, revocations.\n"
      "- No device, invite or grant of the backup is good any more: everybody "
      "has to join\n  again, by a new invite, into a new profile. Devices that "
      "saw a later state say\n  that the server went back: they are right.\n"
      "- Whoever was erased after that is back, and asked not to be: erase "
      "them again, before\n  anybody looks.\n"
      "- Copies of the lost folder and of backups stay readable to whoever has "
      "the root key:\n  destroy those that nobody needs.\n\n"
      "Next:\n"
      "  sodalityd serve --data %s\n"
      "  sodality join %s\n"
      "The invite is for %s, and good for a day; the grant for 30 days.\n",
      options.data.c_str(),
      platform::FormatTimestamp(facts.manifest.created).c_str(),
      options.data.c_str(), options.invite_out.c_str(), options.admin.c_str());
}

}  // namespace

Outcome RunRestore(const RestoreOptions& options) {
  if (Outcome values = CheckRestoreValues(options); !values.ok()) return values;
  const auto hardening = HardenProcess();
  if (!hardening.ok()) return FailedMachine(hardening.status());
  absl::Status status = crypto::SelfTest();
  if (status.ok()) status = sqlcipher::CheckVersion();
  if (!status.ok()) return FailedMachine(status);
  Restoring restoring(options);
  Outcome outcome = restoring.Run();
  if (!outcome.ok()) return outcome;
  PrintBackupFacts(restoring.facts(), options.json);
  if (!options.verify_only) {
    TellPeople(options, restoring.facts());
  } else if (!options.json) {
    std::fprintf(stderr, "The backup is whole, and nothing was restored.\n");
  }
  return {};
}

}  // namespace sodality::app
