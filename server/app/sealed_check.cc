#include "server/app/sealed_check.h"

#include <cstdint>
#include <string>
#include <utility>

#include "crypto/key.h"
#include "platform/clock.h"
#include "server/app/record_check.h"
#include "server/app/store_files.h"
#include "server/app/unsealing.h"
#include "server/core/keys/rotation.h"
#include "server/core/ledger/ledger.h"
#include "server/store/sqlcipher/sqlcipher_store.h"

namespace sodality::app {
namespace {

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

void NoteTombstones(const core::Tombstones& tombstones, Findings& findings) {
  if (tombstones.torn_bytes() != 0) {
    findings.Note("tombstones",
                  "their last " + std::to_string(tombstones.torn_bytes()) +
                      " bytes are no whole entry: an append was cut off, or "
                      "they are damaged; the next start makes up for it");
  }
  if (tombstones.length() == 0) {
    findings.Note("tombstones",
                  "there is no file of them yet: the next start makes one");
    return;
  }
  findings.Good("tombstones",
                std::to_string(tombstones.entries()) + " entries, until " +
                    platform::FormatTimestamp(tombstones.as_of()));
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

}  // namespace

void CheckSealed(const PublicState& state, crypto::Keyring keyring,
                 Findings& findings, const AlsoCheck& also) {
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
  NoteTombstones((*chapter)->tombstones(), findings);
  findings.Check("members", (*chapter)->CheckMembers(),
                 "every row is one of the digest");
  NameRecords(**chapter, findings);
  NoteRotation(**chapter, findings);
  NoteOtherStores(**chapter, state.folder, findings);
  const auto counts = (*chapter)->store().Counts();
  if (findings.Check("counts", counts.status(), "were read")) {
    findings.Good("members", std::to_string(counts->members));
  }
  findings.Good("ledger entries",
                std::to_string((*chapter)->ledger().head().number));
  if (also) also(**chapter, findings);
}

}  // namespace sodality::app
