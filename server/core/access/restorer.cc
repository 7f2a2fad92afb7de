#include "server/core/access/restorer.h"

#include <algorithm>
#include <chrono>
#include <iterator>
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

// Read anew: the table in memory does not list invites.
absl::StatusOr<std::vector<AccessFact>> Restorer::Voided() const {
  const auto keyring = parts_.base.keys->Current();
  auto key = keyring->Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  const crypto::RowSealer sealer(parts_.base.info.id.bytes, *key);
  const auto rows = parts_.base.store.ReadAccessRows();
  if (!rows.ok()) return rows.status();
  const Timestamp now = parts_.base.clock.Now();
  std::vector<AccessFact> voided;
  for (const store::AccessRow& row : *rows) {
    auto fact = OpenFact(row, sealer);
    if (!fact.ok()) return fact.status();
    if (std::visit([&](auto& one) { return EndFact(one, now); }, *fact)) {
      voided.push_back(*std::move(fact));
    }
  }
  return voided;
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

absl::StatusOr<InviteOutput> Restorer::Declare(const store::IdBytes& backup,
                                               std::string_view admin) const {
  platform::MutexLock lock(parts_.base.access.changes());
  auto principal = AdminOf(admin);
  if (!principal.ok()) return principal.status();
  auto voided = Voided();
  if (!voided.ok()) return voided.status();
  while (voided->size() > kRowsAtOnce) {
    const auto from = std::prev(voided->end(), kRowsAtOnce);
    std::vector<AccessFact> some(std::make_move_iterator(from),
                                 std::make_move_iterator(voided->end()));
    voided->erase(from, voided->end());
    if (auto s = Apply(backup, std::move(some)); !s.ok()) return s;
  }
  auto made = MakeInvite(parts_, *principal, std::chrono::seconds(0));
  if (!made.ok()) return made.status();
  Grant grant = FirstGrant(principal->id, parts_.base.clock.Now());
  grant.id.bytes = crypto::RandomId(parts_.base.random);
  voided->emplace_back(*std::move(principal));
  voided->emplace_back(std::move(grant));
  voided->emplace_back(made->row);
  voided->emplace_back(NextLife(backup));
  if (auto s = Apply(backup, *std::move(voided)); !s.ok()) return s;
  return std::move(made->output);
}

}  // namespace sodality::core
