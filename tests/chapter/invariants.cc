#include "tests/chapter/invariants.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>

#include "server/core/error.h"
#include "server/core/ledger/head_signer.h"
#include "server/store/store_maintenance.h"

namespace sodality::core {
namespace {

using testing::AnyOf;
using testing::IsEmpty;

std::vector<ProjectedMember> Rosterlings(Town& town) {
  SearchQuery query;
  query.words = Secrets({kRosterName});
  query.page_size = 100;
  query.view.reveal = true;
  auto found = town.world.Search(town.admin, std::move(query));
  EXPECT_TRUE(found.ok()) << found.status();
  return found.ok() ? std::move(found->members)
                    : std::vector<ProjectedMember>();
}

// One transaction: all of the rows or none.
void ExpectRoster(Town& town, bool pushed) {
  const auto members = Rosterlings(town);
  if (pushed) {
    EXPECT_EQ(members.size(), kRosterRows);
  }
  EXPECT_THAT(members.size(), AnyOf(0u, kRosterRows));
  std::map<std::string, Shown> expected;
  for (const Cells& cells : Roster()) {
    expected[cells.front().second.front()] = AsShown(cells);
  }
  for (const ProjectedMember& member : members) {
    const Shown shown = ShownIn(member);
    EXPECT_EQ(shown, expected[shown.at("external_id").front()]);
    expected.erase(shown.at("external_id").front());
  }
}

// By the address, and nobody else.
void ExpectFound(Town& town, const MemberId& member, const Cells& cells) {
  SearchQuery query;
  query.words = Secrets(cells.at(2).second);
  query.view.reveal = true;
  const auto found = town.world.Search(town.admin, std::move(query));
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->members.size(), 1u);
  EXPECT_EQ(found->members.front().id, member);
}

void ExpectMembers(Town& town, bool edited) {
  for (size_t i = 0; i < town.members.size(); ++i) {
    const auto member = Look(town, town.members.at(i));
    ASSERT_TRUE(member.ok()) << member.status();
    if (member->revision == 1) {
      EXPECT_FALSE(edited && i == 1) << "an acknowledged edit is lost";
      EXPECT_EQ(ShownIn(*member), AsShown(MemberCells(i)));
    } else {
      EXPECT_EQ(i, 1u);
      EXPECT_EQ(member->revision, 2u);
      EXPECT_EQ(ShownIn(*member), AsShown(EditedCells()));
    }
    ExpectFound(town, town.members.at(i),
                member->revision == 1 ? MemberCells(i) : EditedCells());
  }
}

void ExpectAccess(Town& town, const Told& told) {
  const AccessTable& access = town.world.chapter().access();
  const Timestamp now = town.world.clock().Now();
  if (told.grant_revoked) {
    const auto grant = access.SelectGrant(town.coordinator, town.grant, now);
    EXPECT_EQ(GetErrorInfo(grant.status()).reason, Reason::kGrantEnded);
  }
  if (told.device_revoked) {
    const auto caller = access.Identify(town.coordinator_certificate, now);
    EXPECT_EQ(GetErrorInfo(caller.status()).reason, Reason::kDeviceRevoked);
  }
}

uint32_t ActiveVersion(const crypto::Keyring& keyring, RotationWork work) {
  if (work == RotationWork::kRekeyRoot) return 1;  // It has no versions.
  switch (KindOf(work)) {
    case crypto::KeyKind::kIndex:
      return keyring.Active<crypto::IndexKey>()->version;
    case crypto::KeyKind::kPage:
      return keyring.Active<crypto::PageKey>()->version;
    case crypto::KeyKind::kLedger:
      EXPECT_EQ(keyring.Active<crypto::LedgerSignKey>()->version,
                keyring.Active<crypto::LedgerKey>()->version);
      return keyring.Active<crypto::LedgerKey>()->version;
    default:
      return keyring.Active<crypto::WrapKey>()->version;
  }
}

int StoreFilesIn(const std::string& folder) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    files += name.starts_with("members.") && name.ends_with(".db") ? 1 : 0;
  }
  return files;
}

// What lies in the root key's place opens the keyring (or there would have been
// no start); once it is changed, the first one does not.
void ExpectRoot(Town& town, const Told& told) {
  const auto status = town.world.chapter().key_rotation().Status();
  ASSERT_TRUE(status.ok()) << status.status();
  if (told.rotation_ended) {
    EXPECT_FALSE(status->rotation);
    EXPECT_FALSE(town.world.FirstRootOpens()) << "an old root key opens";
  }
  if (!status->rotation && told.rotated) {
    EXPECT_FALSE(town.world.FirstRootOpens()) << "a rotation was given up";
  }
}

// Heads are signed under the new key from the entry on that says so, and how
// that came about is told.
void ExpectSignedHead(Chapter& chapter) {
  const Head head = chapter.ledger().head();
  uint64_t starts = 0;
  for (uint64_t n = 1; n <= head.number; ++n) {
    if (FindSignKeyStart(chapter.ledger().Read(n)->header)) starts = n;
  }
  const SignedHead last = chapter.SignHead(head);
  ASSERT_EQ(last.key_changes.size(), starts == 0 ? 0u : 1u);
  if (starts == 0) return;
  const auto& change = last.key_changes.front();
  EXPECT_EQ(change.number, starts);
  EXPECT_EQ(change.new_key, last.public_key);
  const SignedHead before = chapter.SignHead({starts - 1, {}, 0});
  EXPECT_EQ(change.old_key, before.public_key);
}

// One key seals, the file knows it, and every record opens under what it names
// (ExpectMembers and ExpectRoster open them).
void ExpectKeys(Town& town, const Told& told) {
  Chapter& chapter = town.world.chapter();
  const auto keyring = chapter.keyring();
  const auto on_disk = town.world.ReadKeyring();
  ASSERT_TRUE(on_disk.ok()) << on_disk.status();
  EXPECT_EQ(on_disk->Infos(), keyring->Infos());
  const uint32_t wrap = keyring->Active<crypto::WrapKey>()->version;
  const uint32_t active = ActiveVersion(*keyring, told.work);
  EXPECT_THAT(active, AnyOf(1u, 2u));
  const auto counts = chapter.store().Counts();
  ASSERT_TRUE(counts.ok()) << counts.status();
  uint64_t older = 0;
  for (const auto& [version, members] : counts->members_by_wrap_version) {
    EXPECT_LE(version, wrap);
    if (version < wrap) older += members;
  }
  const bool copies = told.work == RotationWork::kRekeyPages;
  if (told.work == RotationWork::kRekeyRoot) {
    ExpectRoot(town, told);
  } else if (copies ? told.rotation_ended : told.rotated) {
    EXPECT_EQ(active, 2u) << "a rotation that was answered is lost";
  }
  const auto status = chapter.key_rotation().Status();
  ASSERT_TRUE(status.ok()) << status.status();
  if (told.rotation_ended) {
    EXPECT_FALSE(status->rotation) << "a rotation that had ended runs";
  }
  if (active == 2 && !status->rotation) {
    EXPECT_EQ(older, 0u) << "a rotation has ended with records left";
    EXPECT_EQ(counts->oldest_index_version,
              keyring->Active<crypto::IndexKey>()->version);
    const auto searched = chapter.directory_parts().index.Current();
    EXPECT_FALSE(searched->versions().other);
    EXPECT_EQ(StoreFilesIn(town.world.disk().folder()), 1);
  }
}

// Every answered look is on record, and was charged.
void ExpectLooks(Town& town, const Told& told) {
  Chapter& chapter = town.world.chapter();
  size_t looks = 0;
  std::set<store::LedgerTag> seen;
  for (uint64_t n = 1; n <= chapter.ledger().head().number; ++n) {
    const auto entry = chapter.ledger().Read(n);
    ASSERT_TRUE(entry.ok()) << entry.status();
    const EntryHeader& header = entry->header;
    if (header.grant != town.grant || header.outcome != Outcome::kDone) {
      continue;
    }
    EXPECT_EQ(header.action, Action::kGet);
    EXPECT_EQ(header.actor, town.coordinator.principal);
    ++looks;
    for (const auto& part : header.parts) seen.insert(part.tag);
  }
  EXPECT_GE(looks, told.looks) << "an answered look is not on record";
  EXPECT_GE(seen.size(), told.shown.size());
  const BudgetLeft left =
      chapter.ledger().Left(town.grant, {.in_all = kBudget});
  EXPECT_EQ(left.in_all, kBudget - seen.size());
}

void ExpectSoundStore(Chapter& chapter) {
  const absl::Status members = chapter.CheckMembers();
  EXPECT_TRUE(members.ok()) << members;
  auto* const store = dynamic_cast<store::StoreMaintenance*>(&chapter.store());
  const auto damage = store->CheckIntegrity();
  ASSERT_TRUE(damage.ok()) << damage.status();
  EXPECT_THAT(*damage, IsEmpty());
}

}  // namespace

Shown AsShown(const Cells& cells) { return {cells.begin(), cells.end()}; }

void ExpectNamedRefusal(const absl::Status& status) {
  const Reason reason = GetErrorInfo(status).reason;
  const bool full =
      absl::IsResourceExhausted(status) && reason == Reason::kDiskFull;
  const bool stopped =
      absl::IsUnavailable(status) && reason == Reason::kStoreStopped;
  EXPECT_TRUE(full || stopped) << status << " " << ReasonName(reason);
}

void ExpectRefusedStart(const absl::Status& status) {
  EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsResourceExhausted(status))
      << status;
}

void ExpectStopped(Town& town, std::vector<std::string> files) {
  if (!town.world.is_open()) return;
  // Keyring and root key are written to a new file each time: nothing else
  // needs it. Nor does anything need a copy that is not the store yet.
  const bool copied = ActiveVersion(*town.world.chapter().keyring(),
                                    RotationWork::kRekeyPages) == 1;
  std::erase_if(files, [&](const std::string& path) {
    return path.find("/keyring") != std::string::npos ||
           path.find("/root.key") != std::string::npos ||
           (copied && path.find("/members.2.db") != std::string::npos);
  });
  if (files.empty()) return;
  UpdateInput input;
  input.fields = Inputs({{"notes", {"never acknowledged"}}});
  input.mask = {"notes"};
  input.request = NewRequest();
  const auto edited = town.world.chapter().directory().Update(
      town.admin, town.members[3], std::nullopt, input);
  EXPECT_EQ(GetErrorInfo(edited.status()).reason, Reason::kStoreStopped)
      << edited.status();
  const bool of_ledger =
      std::any_of(files.begin(), files.end(), [](const std::string& path) {
        return path.find("/ledger/") != std::string::npos;
      });
  if (!of_ledger) return;
  const auto shown = Look(town, town.members[3]);
  EXPECT_EQ(GetErrorInfo(shown.status()).reason, Reason::kStoreStopped)
      << shown.status();
}

void ExpectSound(Town& town, const Told& told) {
  Chapter& chapter = town.world.chapter();
  ExpectWholeLedger(chapter);
  ExpectSignedHead(chapter);
  ExpectLooks(town, told);
  ExpectAccess(town, told);
  ExpectMembers(town, told.edited);
  ExpectRoster(town, told.pushed);
  ExpectKeys(town, told);
  ExpectSoundStore(chapter);
}

void ExpectGoesOn(Town& town, RotationWork work) {
  const auto counts = town.world.Push(town.source, Roster());
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->added + counts->unchanged, kRosterRows);
  absl::Status status = Edit(town);
  EXPECT_TRUE(status.ok()) << status;
  status = RevokeGrant(town);
  EXPECT_TRUE(status.ok()) << status;
  status = RevokeDevice(town);
  EXPECT_TRUE(status.ok()) << status;
  status = Rotate(town, work);
  EXPECT_TRUE(status.ok()) << status;
  status = FinishRotation(town);
  EXPECT_TRUE(status.ok()) << status;
  Told told;
  told.pushed = told.edited = told.grant_revoked = told.device_revoked = true;
  told.rotated = told.rotation_ended = true;
  told.work = work;
  status = town.world.Open();
  ASSERT_TRUE(status.ok()) << status;
  ExpectSound(town, told);
}

}  // namespace sodality::core
