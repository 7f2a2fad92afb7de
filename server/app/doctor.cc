#include "server/app/doctor.h"

#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "crypto/keyring_file.h"
#include "crypto/pki/verify.h"
#include "crypto/self_test.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/app/hardening.h"
#include "server/app/json_line.h"
#include "server/app/public_state.h"
#include "server/app/record_check.h"
#include "server/app/unsealing.h"
#include "sqlcipher/version.h"

namespace sodality::app {
namespace {

enum class Health { kGood, kNote, kBad };

struct Finding {
  Health health = Health::kGood;
  std::string subject;
  std::string text;
};

class Findings final {
 public:
  void Good(std::string subject, std::string text) {
    all_.push_back({Health::kGood, std::move(subject), std::move(text)});
  }
  void Note(std::string subject, std::string text) {
    all_.push_back({Health::kNote, std::move(subject), std::move(text)});
  }
  // True when `status` is OK.
  bool Check(std::string subject, const absl::Status& status,
             std::string good) {
    if (status.ok()) {
      Good(std::move(subject), std::move(good));
    } else {
      all_.push_back(
          {Health::kBad, std::move(subject), std::string(status.message())});
    }
    return status.ok();
  }
  void Bad(std::string subject, std::string text) {
    all_.push_back({Health::kBad, std::move(subject), std::move(text)});
  }

  const std::vector<Finding>& all() const { return all_; }
  [[nodiscard]] bool any_bad() const {
    for (const Finding& finding : all_) {
      if (finding.health == Health::kBad) return true;
    }
    return false;
  }

 private:
  std::vector<Finding> all_;
};

std::string_view HealthName(Health health) {
  switch (health) {
    case Health::kGood:
      return "ok";
    case Health::kNote:
      return "note";
    case Health::kBad:
      return "bad";
  }
  return "bad";
}

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
  CheckMode(folder.store(), findings);
}

// Where the root key or its passphrase lies.
void CheckRootSource(const RootSource& source, const DataFolder& folder,
                     Findings& findings) {
  const std::string& path =
      source.key_file.empty() ? source.passphrase_file : source.key_file;
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
    if (slot.custody == crypto::Custody::kPassphrase) {
      findings.Good("custody",
                    "a passphrase: a stolen disk or machine that is off "
                    "shows nothing");
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

void NoteRotation(core::Chapter& chapter, Findings& findings) {
  const auto keys = chapter.key_rotation().Status();
  if (!keys.ok() || !keys->rotation) return;
  const core::Rotation& rotation = keys->rotation->rotation;
  findings.Note("keys", "a rotation to " +
                            std::string(crypto::KeyKindName(rotation.kind)) +
                            " key version " + std::to_string(rotation.to) +
                            " has not ended: the server goes on with it");
}

// Store, then ledger, access rows and rollback: the checks of a start.
void CheckSealed(const PublicState& state, crypto::Keyring keyring,
                 Findings& findings) {
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
  const auto counts = (*chapter)->store().Counts();
  if (findings.Check("counts", counts.status(), "were read")) {
    findings.Good("members", std::to_string(counts->members));
  }
  findings.Good("ledger entries",
                std::to_string((*chapter)->ledger().head().number));
}

void Print(const Findings& findings, bool json) {
  if (json) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const Finding& finding : findings.all()) {
      rows.push_back({{"health", std::string(HealthName(finding.health))},
                      {"subject", finding.subject},
                      {"text", finding.text}});
    }
    const nlohmann::ordered_json page = {{"findings", rows}, {"more", false}};
    std::printf("%s\n", JsonLine(page).c_str());
    return;
  }
  for (const Finding& finding : findings.all()) {
    std::printf("%-4s  %s: %s\n",
                std::string(HealthName(finding.health)).c_str(),
                finding.subject.c_str(), finding.text.c_str());
  }
}

// Everything behind the root key. An outcome only when the key is no key here.
Outcome CheckUnsealed(const DoctorOptions& options, const PublicState& state,
                      Findings& findings) {
  const auto root = ReadRootKey(options.root, state.folder);
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
                  "not checked: give --root-key or --passphrase-file");
    return {};
  }
  CheckRootSource(options.root, folder, findings);
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
  Print(findings, options.json);
  if (findings.any_bad()) {
    return Fail(ExitCode::kFailed, "something is wrong",
                "each line that says bad names it; keep a copy of the folder");
  }
  return {};
}

}  // namespace sodality::app
