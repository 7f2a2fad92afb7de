#include "server/app/doctor.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "crypto/keyring_file.h"
#include "crypto/pki/verify.h"
#include "crypto/self_test.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/app/findings.h"
#include "server/app/hardening.h"
#include "server/app/public_state.h"
#include "server/app/record_check.h"
#include "server/app/root_check.h"
#include "server/app/store_files.h"
#include "server/app/unsealing.h"
#include "sqlcipher/version.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

void CheckMode(const std::string& path, Findings& findings) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    findings.Bad(path, "is not there");
  } else if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    findings.Bad(path, "others may open it");
  }
}

void CheckModes(const DataFolder& folder, Findings& findings) {
  CheckMode(folder.path(), findings);
  CheckMode(folder.server_key(), findings);
  CheckMode(folder.keyring(), findings);
  const std::vector<std::string> stores = StoreFiles(folder);
  if (stores.empty()) findings.Bad(folder.store(), "is not there");
  for (const std::string& path : stores) CheckMode(path, findings);
}

void CheckRootFile(const std::string& path, const DataFolder& folder,
                   Findings& findings) {
  CheckMode(path, findings);
  std::error_code error;
  const auto root = std::filesystem::canonical(path, error);
  const auto data = std::filesystem::canonical(folder.path(), error);
  if (error) return;
  const auto relative = root.lexically_relative(data);
  if (!relative.empty() && *relative.begin() != "..") {
    findings.Bad(path, "lies in the data folder: who takes one has both");
  }
}

std::string CustodyOf(const crypto::ShareSet& shares) {
  return std::to_string(shares.threshold) + " of " +
         std::to_string(shares.count) + " shares, set " +
         text::EncodeBase32(shares.id) +
         ": a stolen disk or machine that is off shows nothing";
}

// How far the keys are safe with the disk gone: docs/threat-model.md.
void NameCustody(const DataFolder& folder, Findings& findings) {
  const auto slots =
      crypto::KeyringFile(platform::PosixFileSystem(), folder.keyring())
          .Slots();
  if (!slots.ok()) {
    findings.Bad("keyring", std::string(slots.status().message()));
    return;
  }
  for (const crypto::RootSlot& slot : *slots) {
    if (slot.custody == crypto::Custody::kPassphrase) {
      findings.Good("custody",
                    "a passphrase: a stolen disk or machine that is off "
                    "shows nothing");
    } else if (slot.custody == crypto::Custody::kShares) {
      findings.Good("custody", CustodyOf(slot.shares));
    } else {
      findings.Note("custody",
                    "a key file: a stolen disk shows nothing unless the key "
                    "file is on it too");
    }
  }
}

void CheckServerCertificate(const PublicState& state, Findings& findings) {
  const auto verdict = pki::JudgeCertificate(
      state.authority, state.server_certificate, pki::CertificateKind::kServer,
      platform::SystemClock().Now());
  const std::string until =
      platform::FormatTimestamp(state.server_certificate.validity().not_after);
  if (verdict == pki::CertificateVerdict::kValid) {
    findings.Good("server certificate", "in force until " + until);
  } else {
    findings.Bad("server certificate", std::string(pki::VerdictName(verdict)));
  }
}

absl::Status CheckPages(store::SqlcipherStore& store, Findings& findings) {
  const auto damage = store.CheckIntegrity();
  if (!damage.ok()) return damage.status();
  for (const std::string& what : *damage) findings.Bad("store", what);
  if (damage->empty()) findings.Good("store", "every page is whole");
  return absl::OkStatus();
}

// A start drops it: a client that remembers a later head says so.
void NoteTornEnd(const core::Ledger& ledger, Findings& findings) {
  const uint64_t torn = ledger.torn_bytes();
  if (torn == 0) return;
  findings.Note("ledger",
                "its last " + std::to_string(torn) +
                    " bytes are no whole entries: an append was cut off, or "
                    "they are damaged; keep a copy, for the next start drops "
                    "them");
}

void NameRecords(core::Chapter& chapter, Findings& findings) {
  const auto check = CheckRecords(chapter);
  if (!check.ok()) {
    findings.Bad("records", std::string(check.status().message()));
  } else if (check->closed == 0) {
    findings.Good("records", "every field of every one opens");
  } else {
    std::string ids;
    for (const std::string& id : check->ids) ids += " " + id;
    findings.Bad("records", std::to_string(check->closed) +
                                " do not open; the first:" + ids);
  }
}

// While a page key is rotated there are two.
void NoteOtherStores(core::Chapter& chapter, const DataFolder& folder,
                     Findings& findings) {
  const auto active = chapter.keyring()->Active<crypto::PageKey>();
  const auto keys = chapter.key_rotation().Status();
  if (!active.ok() || !keys.ok()) return;
  const bool rotates = keys->rotation && keys->rotation->rotation.work ==
                                             core::RotationWork::kRekeyPages;
  if (rotates) return;
  for (const std::string& path : OtherStoreFiles(folder, active->version)) {
    findings.Note(
        path, "is not the store: of another page key, and nothing needs it");
  }
}

void NoteRotation(core::Chapter& chapter, Findings& findings) {
  const auto keys = chapter.key_rotation().Status();
  if (!keys.ok() || !keys->rotation) return;
  const core::Rotation& rotation = keys->rotation->rotation;
  const bool is_root = rotation.work == core::RotationWork::kRekeyRoot;
  const std::string to =
      is_root ? "a new root key"
              : std::string(crypto::KeyKindName(rotation.kind)) +
                    " key version " + std::to_string(rotation.to);
  findings.Note("keys", "a rotation to " + to +
                            " has not ended: the server goes on with it");
}

// Store, then ledger, access rows and rollback: the checks of a start.
void CheckSealed(const DoctorOptions& options, const PublicState& state,
                 crypto::Keyring keyring, Findings& findings) {
  auto store = OpenStore(state.folder, keyring, Purpose::kExamine);
  if (!findings.Check("store", store.status(), "opens")) return;
  if (!findings.Check("store", CheckPages(**store, findings), "was read")) {
    return;
  }
  const auto chapter =
      OpenCore(state, std::move(keyring), *std::move(store), Purpose::kExamine);
  if (!findings.Check("ledger and access", chapter.status(),
                      "chain, numbers, digest and access rows hold")) {
    return;
  }
  NoteTornEnd((*chapter)->ledger(), findings);
  findings.Check("members", (*chapter)->CheckMembers(),
                 "every row is one of the digest");
  NameRecords(**chapter, findings);
  NoteRotation(**chapter, findings);
  NoteOtherStores(**chapter, state.folder, findings);
  CheckRoots(**chapter, state.folder, options.root, findings);
  const auto counts = (*chapter)->store().Counts();
  if (findings.Check("counts", counts.status(), "were read")) {
    findings.Good("members", std::to_string(counts->members));
  }
  findings.Good("ledger entries",
                std::to_string((*chapter)->ledger().head().number));
}

// Everything behind the root key. An outcome only when the key is no key here.
Outcome CheckUnsealed(const DoctorOptions& options, const PublicState& state,
                      Findings& findings) {
  const auto root = ReadRootKey(options.root, state);
  if (!root.ok()) return KeyFailure(root.status());
  auto keyring = OpenKeyring(state, *root);
  if (keyring.status().code() == absl::StatusCode::kPermissionDenied) {
    return KeyFailure(keyring.status());
  }
  if (findings.Check("keyring", keyring.status(), "opens")) {
    CheckSealed(options, state, *std::move(keyring), findings);
  }
  return {};
}

Outcome CheckFolder(const DoctorOptions& options, const DataFolder& folder,
                    Findings& findings) {
  CheckModes(folder, findings);
  NameCustody(folder, findings);
  const auto state = LoadPublicState(folder);
  if (!findings.Check("set-up", state.status(), "files are of one chapter")) {
    return {};
  }
  CheckServerCertificate(*state, findings);
  if (options.root.empty()) {
    findings.Note("store and ledger",
                  "not checked: give --root-key, --passphrase-file or --share");
    return {};
  }
  for (const std::string& path : options.root.files()) {
    CheckRootFile(path, folder, findings);
  }
  return CheckUnsealed(options, *state, findings);
}

}  // namespace

Outcome RunDoctor(const DoctorOptions& options) {
  const auto hardening = HardenProcess();
  if (!hardening.ok()) return FailedMachine(hardening.status());
  const DataFolder folder(options.data);
  struct stat facts {};
  if (::stat(folder.chapter().c_str(), &facts) != 0) {
    return Fail(ExitCode::kNotFound, "there is no chapter in " + folder.path(),
                "--data is the folder that sodalityd init made");
  }
  const auto lock = platform::FolderLock::AcquireIfThere(folder.path());
  if (!lock.ok()) {
    return Fail(ExitCode::kConflict, lock.status(),
                "stop the server first, or wait until another doctor ends");
  }
  Findings findings;
  findings.Check("cryptography", crypto::SelfTest(), "gives known answers");
  findings.Check("SQLCipher", sqlcipher::CheckVersion(), "is new enough");
  Outcome outcome = CheckFolder(options, folder, findings);
  if (!outcome.ok()) return outcome;
  PrintFindings(findings, options.json);
  if (findings.any_bad()) {
    return Fail(ExitCode::kFailed, "something is wrong",
                "each line that says bad names it; keep a copy of the folder");
  }
  return {};
}

}  // namespace sodality::app
