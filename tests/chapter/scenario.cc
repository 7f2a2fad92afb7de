#include "tests/chapter/scenario.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/core/error.h"
#include "tests/chapter/invariants.h"

namespace sodality::core {
namespace {

constexpr RequestId kEditRequest{{1}};
constexpr RequestId kGrantRequest{{2}};
constexpr RequestId kDeviceRequest{{3}};
constexpr RequestId kRotateRequest{{4}};
constexpr size_t kEdited = 1;

template <class T>
T Take(absl::StatusOr<T> value) {
  EXPECT_TRUE(value.ok()) << value.status();
  return value.ok() ? *std::move(value) : T{};
}

GrantInput WholeGrant(const Town& town) {
  GrantInput input;
  input.principal = town.coordinator.name;
  input.classes = {FieldClass::kBasic, FieldClass::kContact,
                   FieldClass::kSensitive};
  input.purpose = "phone bank";
  input.not_after = Timestamp{1'790'000'000'000} + std::chrono::hours(240);
  input.budget.in_all = kBudget;
  input.request = NewRequest();
  return input;
}

// The coordinator looks at somebody, and sees them as they are.
void Reveal(Town& town, size_t index, Told& told) {
  GetQuery query;
  query.member = town.members.at(index);
  query.view.reveal = true;
  const auto shown = town.world.Get(town.coordinator, std::move(query));
  if (!shown.ok()) {
    const Reason reason = GetErrorInfo(shown.status()).reason;
    if (told.grant_revoked) {
      EXPECT_EQ(reason, Reason::kGrantEnded) << shown.status();
    } else {
      ExpectNamedRefusal(shown.status());
    }
    return;
  }
  EXPECT_FALSE(told.grant_revoked) << "shown after a revocation";
  ++told.looks;
  told.shown.insert(shown->id);
  if (index != kEdited) {
    EXPECT_EQ(ShownIn(*shown), AsShown(MemberCells(index)));
  }
}

bool Did(const absl::Status& status) {
  if (!status.ok()) ExpectNamedRefusal(status);
  return status.ok();
}

void RunPush(Town& town, Told& told) {
  Reveal(town, 0, told);
  const auto counts = town.world.Push(town.source, Roster());
  told.pushed = Did(counts.status());
  if (told.pushed) {
    EXPECT_EQ(counts->added, kRosterRows);
  }
  Reveal(town, 2, told);
}

void RunEdit(Town& town, Told& told) {
  Reveal(town, 0, told);
  told.edited = Did(Edit(town));
  Reveal(town, kEdited, told);
}

void RunRevoke(Town& town, Told& told) {
  Reveal(town, 0, told);
  told.grant_revoked = Did(RevokeGrant(town));
  Reveal(town, 3, told);
  told.device_revoked = Did(RevokeDevice(town));
}

void RunRotate(Town& town, Told& told, RotationWork work) {
  Reveal(town, 0, told);
  told.work = work;
  told.rotated = Did(Rotate(town, work));
  // So that the edit goes into the copy, too.
  if (work == RotationWork::kRekeyPages && told.rotated) {
    const auto copied = town.world.chapter().key_rotation().Step();
    if (!Did(FromStore(copied.status()))) return;
  }
  told.edited = Did(Edit(town));
  told.rotation_ended = Did(FinishRotation(town)) && told.rotated;
  Reveal(town, 2, told);
}

void RunSeal(Town& town, Told& told) {
  told.edited = Did(Edit(town));
  Reveal(town, 3, told);
  EntryDraft seal;
  seal.action = Action::kSeal;
  (void)Did(town.world.chapter().Record(seal));
  town.world.Close();
}

void RunRestart(Town& town, Told& told) {
  town.world.Close();
  const absl::Status opened = town.world.Open();
  if (opened.ok()) {
    Reveal(town, 2, told);
  } else {
    ExpectRefusedStart(opened);
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& out, Scenario scenario) {
  constexpr std::array kNames = {"push",      "edit",    "revoke", "rotate",
                                 "reencrypt", "reindex", "rekey",  "ledger",
                                 "root",      "seal",    "restart"};
  return out << kNames.at(static_cast<size_t>(scenario));
}

std::vector<Cells> Roster() {
  std::vector<Cells> rows;
  for (size_t i = 0; i < kRosterRows; ++i) {
    rows.push_back({{"external_id", {absl::StrCat("R", i)}},
                    {"given_name", {absl::StrCat("Number", i)}},
                    {"family_name", {kRosterName}},
                    {"email", {absl::StrCat("r", i, "@example.org")}}});
  }
  return rows;
}

Cells MemberCells(size_t index) {
  return {{"external_id", {absl::StrCat("E", index)}},
          {"given_name", {absl::StrCat("Maria", index)}},
          {"email", {absl::StrCat("m", index, "@example.org")}},
          {"notes", {"as she was"}}};
}

Cells EditedCells() {
  Cells cells = MemberCells(kEdited);
  cells[2].second = {"new@example.org"};
  cells[3].second = {"as she is"};
  return cells;
}

Town::Town() {
  admin = Take(world.FoundWithAdmin("Ada"));
  coordinator = Take(world.Enrol(admin, "Cora", Role::kCoordinator));
  source = Take(world.Enrol(admin, "Sam", Role::kSource));
  Chapter& chapter = world.chapter();
  coordinator_certificate = chapter.access()
                                .FindDevice(coordinator.device)
                                ->certificates.back()
                                .fingerprint;
  grant = Take(chapter.access_control().CreateGrant(admin, WholeGrant(*this)));
  for (size_t i = 0; i < members.size(); ++i) {
    members.at(i) = Take(chapter.directory().Create(
                             admin, {Inputs(MemberCells(i)), {}, NewRequest()}))
                        .id;
  }
  world.Close();
  image = world.Snapshot();
}

absl::Status Edit(Town& town) {
  UpdateInput input;
  input.revision = 1;
  for (auto& field : Inputs(EditedCells())) {
    if (field.name != "email" && field.name != "notes") continue;
    input.mask.push_back(field.name);
    input.fields.push_back(std::move(field));
  }
  input.request = kEditRequest;
  const auto edited = town.world.chapter().directory().Update(
      town.admin, town.members.at(kEdited), std::nullopt, input);
  if (edited.ok()) {
    EXPECT_EQ(edited->revision, 2u);
  }
  return edited.status();
}

absl::Status RevokeGrant(Town& town) {
  return town.world.chapter().access_control().RevokeGrant(
      town.admin, town.grant, kGrantRequest);
}

absl::Status RevokeDevice(Town& town) {
  return town.world.chapter().access_control().RevokeDevice(
      town.admin, town.coordinator.device, kDeviceRequest);
}

absl::Status Rotate(Town& town, RotationWork work) {
  const auto rotation = town.world.chapter().key_rotation().Start(
      town.admin, work, kRotateRequest);
  if (rotation.ok()) {
    EXPECT_EQ(rotation->to, work == RotationWork::kRekeyRoot ? 0u : 2u);
    EXPECT_FALSE(rotation->given_up);
  }
  return rotation.status();
}

absl::Status FinishRotation(Town& town) {
  for (int steps = 0; steps < 20; ++steps) {
    const auto worked = town.world.chapter().key_rotation().Step();
    if (!worked.ok()) return FromStore(worked.status());
    if (!*worked) return absl::OkStatus();
  }
  return absl::DeadlineExceededError("the rotation does not end");
}

absl::StatusOr<ProjectedMember> Look(Town& town, const MemberId& member) {
  GetQuery query;
  query.member = member;
  query.view.reveal = true;
  return town.world.Get(town.admin, std::move(query));
}

void Perform(Scenario scenario, Town& town, Told& told) {
  switch (scenario) {
    case Scenario::kPush:
      return RunPush(town, told);
    case Scenario::kEdit:
      return RunEdit(town, told);
    case Scenario::kRevoke:
      return RunRevoke(town, told);
    case Scenario::kRotate:
      return RunRotate(town, told, RotationWork::kRewrap);
    case Scenario::kReencrypt:
      return RunRotate(town, told, RotationWork::kReencrypt);
    case Scenario::kReindex:
      return RunRotate(town, told, RotationWork::kReindex);
    case Scenario::kRekeyPages:
      return RunRotate(town, told, RotationWork::kRekeyPages);
    case Scenario::kRekeyLedger:
      return RunRotate(town, told, RotationWork::kRekeyLedger);
    case Scenario::kRekeyRoot:
      return RunRotate(town, told, RotationWork::kRekeyRoot);
    case Scenario::kSeal:
      return RunSeal(town, told);
    case Scenario::kRestart:
      return RunRestart(town, told);
  }
}

}  // namespace sodality::core
