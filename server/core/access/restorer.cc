#include "server/core/access/restorer.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "crypto/sealed_blob.h"
#include "platform/mutex.h"
#include "server/core/access/grant_rules.h"
#include "server/core/access/invite_maker.h"
#include "server/store/limits.h"

namespace sodality::core {
namespace {

// Beside them the admin, their grant, their invite and the incarnation.
static_assert(Restorer::kRowsAtOnce + 4 <= store::kMaxRowsPerWrite);

constexpr size_t kMembersAtOnce = 1000;

// Whether it was good for anything, which it is not any more.
bool EndFact(Device& device, Timestamp /*now*/) {
  return !std::exchange(device.revoked, true);
}
bool EndFact(Grant& grant, Timestamp /*now*/) {
  return !std::exchange(grant.revoked, true);
}
// One that was used admits its holder until it expires.
bool EndFact(Invite& invite, Timestamp now) {
  const bool was_good = !invite.used || now < invite.expires;
  invite.used = true;
  invite.expires = std::min(invite.expires, now);
  return was_good;
}
template <class Fact>
bool EndFact(Fact& /*fact*/, Timestamp /*now*/) {
  return false;
}

bool IsNamed(const Device& device, const Ended& ended) {
  return ended.Holds({EndedKind::kDevice, device.id.bytes});
}
bool IsNamed(const Grant& grant, const Ended& ended) {
  return ended.Holds({EndedKind::kGrant, grant.id.bytes});
}
// Whoever used it before the backup may still ask for the same answer.
bool IsNamed(const Invite& invite, const Ended& ended) {
  return !invite.used && ended.Holds({EndedKind::kInvite, invite.id.bytes});
}
template <class Fact>
bool IsNamed(const Fact& /*fact*/, const Ended& /*ended*/) {
  return false;
}

// Whether that changes anything. Somebody who is suspended in the backup stays
// so unless whoever asks relies on the tombstones.
bool SuspendAs(const RestoreInput& input, AccessFact& fact) {
  auto* const principal = std::get_if<Principal>(&fact);
  if (principal == nullptr) return false;
  const auto said = input.ended.IsSuspended(principal->id.bytes);
  const bool suspended = input.keep_access
                             ? said.value_or(principal->suspended)
                             : principal->suspended || said.value_or(false);
  return std::exchange(principal->suspended, suspended) != suspended;
}

}  // namespace

absl::StatusOr<Principal> Restorer::AdminOf(std::string_view name) const {
  if (auto s = CheckPrincipalName(name); !s.ok()) return s;
  auto all = parts_.base.access.principals();
  std::erase_if(all, [&](const auto& one) { return one->name != name; });
  if (all.size() > 1)
    return absl::AlreadyExistsError("several people have this name");
  if (all.empty()) {
    Principal admin;
    admin.id.bytes = crypto::RandomId(parts_.base.random);
    admin.name = std::string(name);
    admin.role = Role::kAdmin;
    admin.created = parts_.base.clock.Now();
    return admin;
  }
  Principal admin = *all.front();
  if (admin.role != Role::kAdmin) {
    return absl::AlreadyExistsError("somebody who is no admin has this name");
  }
  admin.suspended = false;
  return admin;
}

absl::StatusOr<uint64_t> Restorer::EraseAgain(const RestoreInput& input) const {
  std::vector<MemberId> erased;
  std::optional<MemberId> after;
  while (true) {
    const auto page = parts_.base.store.ListMembers(after, kMembersAtOnce);
    if (!page.ok()) return page.status();
    for (const auto& [id, revision] : *page) {
      const auto row = parts_.base.suppressions.RowId(id);
      if (input.ended.Holds({EndedKind::kErased, row})) erased.push_back(id);
    }
    if (page->size() < kMembersAtOnce) break;
    after = page->back().first;
  }
  for (const MemberId& member : erased) {
    const auto s = parts_.directory.EraseAgain(member, input.backup);
    if (!s.ok()) return s;
  }
  return erased.size();
}

// Read anew: the table in memory does not list invites.
absl::StatusOr<std::vector<AccessFact>> Restorer::Changed(
    const RestoreInput& input) const {
  const auto keyring = parts_.base.keys->Current();
  auto key = keyring->Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  const crypto::RowSealer sealer(parts_.base.info.id.bytes, *key);
  const auto rows = parts_.base.store.ReadAccessRows();
  if (!rows.ok()) return rows.status();
  const Timestamp now = parts_.base.clock.Now();
  std::vector<AccessFact> changed;
  for (const store::AccessRow& row : *rows) {
    auto fact = OpenFact(row, sealer);
    if (!fact.ok()) return fact.status();
    const bool ended = std::visit(
        [&](auto& one) {
          return (!input.keep_access || IsNamed(one, input.ended)) &&
                 EndFact(one, now);
        },
        *fact);
    if (ended || SuspendAs(input, *fact)) {
      changed.push_back(*std::move(fact));
    }
  }
  return changed;
}

Incarnation Restorer::NextLife(const store::IdBytes& backup) const {
  Incarnation life;
  life.id.bytes = crypto::RandomId(parts_.base.random);
  life.parent = parts_.base.access.incarnation().id;
  life.began = parts_.base.clock.Now();
  life.backup = backup;
  life.restored = parts_.base.ledger.head();
  return life;
}

absl::Status Restorer::Apply(const store::IdBytes& backup,
                             std::vector<AccessFact> facts) const {
  AccessChange change;
  change.facts = std::move(facts);
  change.entry.action = Action::kRestore;
  change.entry.subject = backup;
  return writer_.Apply(std::move(change));
}

absl::Status Restorer::LetIn(Principal admin, std::vector<AccessFact>& facts,
                             RestoreOutput& output) const {
  auto made = MakeInvite(parts_, admin, std::chrono::seconds(0));
  if (!made.ok()) return made.status();
  Grant grant = FirstGrant(admin.id, parts_.base.clock.Now());
  grant.id.bytes = crypto::RandomId(parts_.base.random);
  // Unless the tombstones suspend them, which this undoes.
  std::erase_if(facts, [&](const AccessFact& fact) {
    const auto* const one = std::get_if<Principal>(&fact);
    return one != nullptr && one->id == admin.id;
  });
  facts.emplace_back(std::move(admin));
  facts.emplace_back(std::move(grant));
  facts.emplace_back(made->row);
  output.invite = std::move(made->output);
  return absl::OkStatus();
}

absl::StatusOr<RestoreOutput> Restorer::Declare(
    const RestoreInput& input) const {
  const bool lets_in = !input.admin.empty() || !input.keep_access;
  // Before anything is done.
  if (lets_in) {
    if (auto s = AdminOf(input.admin).status(); !s.ok()) return s;
  }
  RestoreOutput output;
  const auto erased = EraseAgain(input);
  if (!erased.ok()) return erased.status();
  output.erased = *erased;
  platform::MutexLock lock(parts_.base.access.changes());
  auto facts = Changed(input);
  if (!facts.ok()) return facts.status();
  output.ended = static_cast<uint64_t>(
      std::count_if(facts->begin(), facts->end(), [](const auto& fact) {
        return !std::holds_alternative<Principal>(fact);
      }));
  for (const Tombstone& one : input.ended.ForGood()) {
    if (one.kind != EndedKind::kErased) continue;
    if (parts_.base.suppressions.Contains(one.id)) continue;
    facts->emplace_back(Suppression{one.id});
  }
  while (facts->size() > kRowsAtOnce) {
    const auto from = std::prev(facts->end(), kRowsAtOnce);
    std::vector<AccessFact> some(std::make_move_iterator(from),
                                 std::make_move_iterator(facts->end()));
    facts->erase(from, facts->end());
    if (auto s = Apply(input.backup, std::move(some)); !s.ok()) return s;
  }
  if (lets_in) {
    // As they are now, perhaps one version on.
    auto admin = AdminOf(input.admin);
    if (!admin.ok()) return admin.status();
    if (auto s = LetIn(*std::move(admin), *facts, output); !s.ok()) return s;
  }
  facts->emplace_back(NextLife(input.backup));
  if (auto s = Apply(input.backup, *std::move(facts)); !s.ok()) return s;
  return output;
}

}  // namespace sodality::core
