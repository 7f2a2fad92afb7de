#include "server/core/keys/key_trim.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/core/access/codec.h"
#include "server/core/error.h"
#include "text/base32.h"

namespace sodality::core {
namespace {

using crypto::KeyKind;
using crypto::KeyState;
using crypto::TrimOrder;

// Why versions of a kind stay; empty: they may go. docs/key-lifecycle.md "When
// a version may go".
std::string_view WhyKept(KeyKind kind) {
  switch (kind) {
    case KeyKind::kWrap:
    case KeyKind::kIndex:
    case KeyKind::kPage:
      return "";
    case KeyKind::kState:
      return "state: access rows may still name it";
    case KeyKind::kLedger:
      return "ledger: entries under it are to be read";
    case KeyKind::kLedgerSign:
      return "ledger-sign: old heads are verified by it";
    case KeyKind::kLease:
      return "lease: a device may not have synced since";
    case KeyKind::kSuppression:
      return "suppression: the list of the erased cannot be made anew";
    case KeyKind::kCa:
      return "ca: certificates that it issued may be in force";
  }
  return "there is no such kind of key";
}

absl::Status InUse(const std::string& message, std::string hint) {
  return MakeError(absl::StatusCode::kFailedPrecondition, message,
                   {.reason = Reason::kKeyInUse, .hint = std::move(hint)});
}

std::string NameOf(const TrimOrder& order) {
  return std::string(crypto::KeyKindName(order.kind));
}

bool Needs(const KeptBackup& backup, const TrimOrder& order) {
  return std::any_of(
      backup.oldest.begin(), backup.oldest.end(), [&](const auto& key) {
        return key.kind == order.kind && key.version < order.below;
      });
}

bool IsNamed(const TrimOrder& order, const BackupId& id) {
  return std::binary_search(order.destroyed.begin(), order.destroyed.end(),
                            id.bytes);
}

EntryDraft EntryOf(const PendingAct& act, const TrimOrder& order) {
  EntryDraft entry;
  entry.action = Action::kTrimKeys;
  entry.actor = act.ended_by;
  for (const Consent& consent : act.consents) {
    if (consent.principal == act.ended_by) entry.device = consent.device;
  }
  entry.subject = WriteKeySubject({order.kind, order.below});
  return entry;
}

}  // namespace

absl::Status KeyTrim::CheckOrder(const TrimOrder& order) const {
  const std::string_view kept = WhyKept(order.kind);
  if (!kept.empty()) return InvalidValue("kind", kept);
  bool known = false;
  bool any = false;
  for (const crypto::KeyInfo& info : keys_.Current()->Infos()) {
    if (info.kind != order.kind) continue;
    known = known || info.version == order.below;
    if (info.version >= order.below) continue;
    any = any || info.state == KeyState::kRetired;
    if (info.state == KeyState::kActive || info.state == KeyState::kPrepared) {
      return InvalidValue(
          "below", absl::StrCat("version ", info.version, " is ",
                                std::string(crypto::KeyStateName(info.state)),
                                ": only what is RETIRED can go"));
    }
  }
  if (!known) return InvalidValue("below", "there is no such version");
  if (!any) return InvalidValue("below", "no version below it is left");
  const auto backups = parts_.access.book().backups();
  for (const auto& id : order.destroyed) {
    if (std::none_of(backups.begin(), backups.end(),
                     [&](const auto& one) { return one.id.bytes == id; })) {
      return InvalidValue("destroyed", "no backup that is kept has this id");
    }
  }
  return absl::OkStatus();
}

absl::Status KeyTrim::CheckRecords(const TrimOrder& order) const {
  const auto counts = parts_.store.Counts();
  if (!counts.ok()) return FromStore(counts.status());
  uint64_t members = 0;
  if (order.kind == KeyKind::kWrap) {
    for (const auto& [version, count] : counts->members_by_wrap_version) {
      if (version < order.below) members += count;
    }
  }
  const bool tokens = order.kind == KeyKind::kIndex &&
                      counts->oldest_index_version != 0 &&
                      counts->oldest_index_version < order.below;
  if (members == 0 && !tokens) return absl::OkStatus();
  return InUse(tokens ? "members are found by tokens of these versions"
                      : absl::StrCat(members, " records need these versions"),
               absl::StrCat("bring them on: sodality keys rotate ",
                            NameOf(order), " --wait"));
}

absl::Status KeyTrim::CheckBackups(const TrimOrder& order) const {
  std::vector<std::string> needing;
  for (const KeptBackup& backup : parts_.access.book().backups()) {
    if (!Needs(backup, order) || IsNamed(order, backup.id)) continue;
    needing.push_back(absl::StrCat(text::EncodeBase32(backup.id.bytes), " of ",
                                   platform::FormatTimestamp(backup.made)));
  }
  if (needing.empty()) return absl::OkStatus();
  constexpr size_t kShown = 20;
  const size_t more = needing.size() - std::min(needing.size(), kShown);
  needing.resize(needing.size() - more);
  return InUse(
      absl::StrCat(
          "kept backups hold these versions: ", absl::StrJoin(needing, ", "),
          more == 0 ? "" : absl::StrCat(" and ", more, " more")),
      "destroy them, and say so: --destroyed BACKUP...");
}

absl::Status KeyTrim::CheckFree(const TrimOrder& order) const {
  if (auto s = rotation_.CheckRootFree(); !s.ok()) return s;
  if (auto s = CheckRecords(order); !s.ok()) return s;
  return CheckBackups(order);
}

absl::Status KeyTrim::Destroy(const TrimOrder& order) const {
  const auto infos = keys_.Current()->Infos();
  const bool left =
      std::any_of(infos.begin(), infos.end(), [&](const auto& info) {
        return info.kind == order.kind && info.version < order.below &&
               info.state == KeyState::kRetired;
      });
  if (!left) return absl::OkStatus();
  absl::Status destroyed;
  const absl::Status stored = keys_.Change([&](crypto::Keyring& keyring) {
    destroyed = keyring.DestroyBelow(order.kind, order.below);
  });
  return destroyed.ok() ? FromStore(stored) : destroyed;
}

absl::Status KeyTrim::Run(PendingAct act, const TrimOrder& order) const {
  const EntryDraft entry = EntryOf(act, order);
  act.state = ActState::kDone;
  act.ended = parts_.clock.Now();
  const auto keyring = keys_.Current();
  const auto key = keyring->Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  const crypto::RowSealer sealer(parts_.info.id.bytes, *key);
  auto row = SealFact(act, sealer, parts_.random);
  if (!row.ok()) return row.status();
  store::Write write;
  write.put_rows.push_back(*std::move(row));
  std::vector<BackupId> gone;
  for (const KeptBackup& backup : parts_.access.book().backups()) {
    if (!IsNamed(order, backup.id)) continue;
    gone.push_back(backup.id);
    write.erase_rows.push_back(
        {store::AccessTable::kBackups, backup.id.bytes, backup.version});
  }
  const absl::Status done = rotation_.ChangeKeys([&] { return Destroy(order); },
                                                 std::move(write), entry);
  if (!done.ok()) return FromStore(done);
  ++act.version;
  parts_.access.Put(std::move(act));
  for (const BackupId& id : gone) parts_.access.Erase(id);
  return absl::OkStatus();
}

}  // namespace sodality::core
