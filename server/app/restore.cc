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
#include "server/app/restore_text.h"
#include "server/app/sealed_check.h"
#include "server/app/terminal.h"
#include "server/app/tombstone_search.h"
#include "server/app/unpacking.h"
#include "server/app/unsealing.h"
#include "server/core/access/invite_maker.h"
#include "sqlcipher/version.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

Outcome CheckRestoreValues(const RestoreOptions& options) {
  const bool lets_in = !options.admin.empty();
  if (lets_in == options.invite_out.empty() ||
      (lets_in && options.verify_only)) {
    return Fail(ExitCode::kUsage,
                "give --verify-only, or --admin NAME and --invite-out FILE "
                "together, or none of them with newer tombstones",
                "see sodalityd restore --help");
  }
  if (options.verify_only) return CheckParent(options.data);
  if (Outcome parent = CheckParent(options.data); !parent.ok()) return parent;
  Outcome vacant = CheckVacant(options.data);
  if (!vacant.ok() || !lets_in) return vacant;
  if (auto s = core::CheckPrincipalName(options.admin); !s.ok()) {
    return Fail(ExitCode::kUsage, s, "--admin names the admin");
  }
  Outcome parent = CheckParent(options.invite_out);
  return parent.ok() ? CheckAbsent(options.invite_out) : parent;
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

// One restore, in the order of its steps. Each is asked for once; an outcome
// that is not ok ends it.
class Restoring final {
 public:
  explicit Restoring(const RestoreOptions& options) : options_(options) {}

  Outcome Run() {
    using Step = Outcome (Restoring::*)();
    for (const Step step : {&Restoring::OpenBackup, &Restoring::Unpack,
                            &Restoring::Examine, &Restoring::FindEnded}) {
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
  Outcome FindEnded();
  absl::Status PutInPlace();
  absl::StatusOr<core::RestoreOutput> Declare();
  absl::Status MoveIn();
  void Note(const std::string& line) const {
    std::fprintf(stderr, "note: %s\n", line.c_str());
  }
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
  FoundTombstones found_;
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
      if (!options_.json) Note(line);
    } else {
      wrong += (wrong.empty() ? "" : "; ") + line;
    }
  }
  if (auto stop = Interrupted()) return *stop;
  if (wrong.empty()) return {};
  return BackupFailure(
      absl::DataLossError("what the backup holds is not whole: " + wrong));
}

Outcome Restoring::FindEnded() {
  auto found = FindTombstones({.unpacked = folder_.tombstones(),
                               .backed_up = facts_.manifest.created,
                               .backup_file = options_.file,
                               .named = options_.tombstones},
                              opener_->keyring(),
                              [this](const std::string& line) { Note(line); });
  if (!found.ok()) {
    return Fail(ExitCode::kFailed, found.status(),
                "give another copy of the tombstones; nothing was restored");
  }
  found_ = *std::move(found);
  if (found_.newer) facts_.known_until = found_.known_until;
  const bool lets_in = found_.newer || !options_.admin.empty();
  return lets_in || options_.verify_only ? Outcome{} : NobodyToLetIn();
}

// The chapter is closed when this returns, and its files are durable.
absl::StatusOr<core::RestoreOutput> Restoring::Declare() {
  auto store = OpenStore(folder_, opener_->keyring(), Purpose::kServe);
  if (!store.ok()) return store.status();
  const auto chapter = OpenCore(*state_, opener_->keyring().Clone(),
                                *std::move(store), Purpose::kServe);
  if (!chapter.ok()) return chapter.status();
  auto declared = (*chapter)->access_control().DeclareRestored(
      {.backup = facts_.id,
       .ended = found_.ended,
       .keep_access = found_.newer.has_value(),
       .admin = options_.admin});
  if (!declared.ok()) return declared.status();
  // Else an erasure would be forgotten with the next disk.
  if ((*chapter)->tombstones().owes()) {
    return absl::UnavailableError("the tombstones could not be written");
  }
  return declared;
}

absl::Status Restoring::MoveIn() {
  if (signals_->any()) return absl::CancelledError("interrupted");
  const absl::Status moved = MoveIntoPlace(folder_.path(), options_.data);
  if (moved.ok()) made_->Keep();
  return moved;
}

absl::Status Restoring::PutInPlace() {
  auto declared = Declare();
  if (!declared.ok()) return declared.status();
  facts_.restored = *std::move(declared);
  if (!facts_.restored->invite) return MoveIn();
  const crypto::SecretBytes& invite = facts_.restored->invite->file;
  absl::Status status = WriteNewFile(
      options_.invite_out, invite.Expose(crypto::AllowSecretAccess()));
  if (!status.ok()) return status;
  RemovedUnlessKept invite_file(options_.invite_out);
  status = MoveIn();
  if (status.ok()) invite_file.Keep();
  return status;
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
    TellRestored(options, restoring.facts());
  } else if (!options.json) {
    std::fprintf(stderr, "The backup is whole, and nothing was restored.\n");
  }
  return {};
}

}  // namespace sodality::app
