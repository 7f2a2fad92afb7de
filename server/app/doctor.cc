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
#include "server/app/sealed_check.h"
#include "server/app/store_files.h"
#include "server/app/unsealing.h"
#include "sqlcipher/version.h"

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
    if (slot.custody == crypto::Custody::kKeyFile) {
      findings.Note("custody", DescribeCustody(slot) +
                                   ": a stolen disk shows nothing unless the "
                                   "key file is on it too");
    } else {
      findings.Good("custody",
                    DescribeCustody(slot) +
                        ": a stolen disk or machine that is off shows "
                        "nothing");
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
    CheckSealed(state, *std::move(keyring), findings);
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
