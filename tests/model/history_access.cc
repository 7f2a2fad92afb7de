// Grants, devices and people.
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/pki/csr.h"
#include "tests/model/history.h"

namespace sodality::model {

using std::chrono::hours;

void History::GiveGrant() {
  const As as{Chance(70) ? ada_ : Somebody(), std::nullopt,
              world_.clock().Now()};
  Grant grant;
  grant.principal = Somebody();
  for (const FieldClass one :
       {FieldClass::kBasic, FieldClass::kContact, FieldClass::kSensitive}) {
    if (Chance(one == FieldClass::kBasic ? 90 : 50)) {
      grant.classes.push_back(one);
    }
  }
  if (grant.classes.empty()) grant.classes = {FieldClass::kBasic};
  if (Chance(40)) grant.regions.insert(SomeRegion());
  if (Chance(20)) grant.regions.insert(SomeRegion());
  const auto limit = [&] {
    return Chance(40) ? static_cast<uint32_t>(1 + Below(6)) : 0;
  };
  grant.budget = {limit(), limit(), limit()};
  grant.not_after = as.now + (Chance(5) ? hours(0) : hours(1 + Below(90)));
  Note(absl::StrCat(model_.people.at(as.who).name, " grants to ",
                    model_.people.at(grant.principal).name));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  core::GrantInput input;
  input.principal = model_.people.at(grant.principal).name;
  for (const std::string& region : grant.regions) {
    input.scopes.push_back({"region", region});
  }
  input.classes = grant.classes;
  input.purpose = "phone bank";
  input.not_after = grant.not_after;
  input.budget = grant.budget;
  input.request = core::NewRequest();
  const auto call = [&] {
    return world_.chapter().access_control().CreateGrant(*caller, input);
  };
  const auto real = call();
  const GrantId id = real.ok() ? *real : GrantId{};
  Expect(model_.GiveGrant(as, grant, id), real.status());
  if (real.ok()) Again([&] { return call().status(); });
}

void History::RevokeGrant() {
  GrantId id = AnyOf(model_.grants).first;
  if (id == ada_grant_) id = GrantId{{8}};
  const As as{Chance(60) ? ada_ : Somebody(), std::nullopt,
              world_.clock().Now()};
  Note(absl::StrCat(model_.people.at(as.who).name, " revokes a grant"));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const core::RequestId request = core::NewRequest();
  const auto call = [&] {
    return world_.chapter().access_control().RevokeGrant(*caller, id, request);
  };
  const absl::Status real = call();
  Expect(model_.RevokeGrant(as, id), real);
  if (real.ok()) Again(call);
}

void History::RevokeDevice() {
  const PrincipalId of = Somebody();
  if (of == ada_ && model_.LeavesAnAdmin(ada_)) return;
  const As as{Chance(60) ? ada_ : Somebody(), std::nullopt,
              world_.clock().Now()};
  Note(absl::StrCat(model_.people.at(as.who).name, " revokes a device of ",
                    model_.people.at(of).name));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  std::optional<core::DeviceId> device;
  for (const auto& one : world_.chapter().access().devices()) {
    const auto& held = one->certificates;
    const bool its = std::any_of(held.begin(), held.end(), [&](const auto& c) {
      return c.fingerprint == certificates_.at(of);
    });
    if (its) device = one->id;
  }
  ASSERT_TRUE(device.has_value());
  const absl::Status real = world_.chapter().access_control().RevokeDevice(
      *caller, *device, core::NewRequest());
  Expect(model_.RevokeDevice(as, of), real);
}

void History::Suspend() {
  const PrincipalId of = Somebody();
  const bool lift = model_.people.at(of).suspended || Chance(30);
  if (of == ada_ && !lift && model_.LeavesAnAdmin(ada_)) return;
  const As as{Chance(70) ? ada_ : Somebody(), std::nullopt,
              world_.clock().Now()};
  Note(absl::StrCat(model_.people.at(as.who).name, lift ? " lifts " : " bars ",
                    model_.people.at(of).name));
  const auto caller = CallerOf(as.who);
  if (!caller) return;
  const absl::Status real = world_.chapter().access_control().SuspendPrincipal(
      *caller, model_.people.at(of).name, lift, core::NewRequest());
  Expect(model_.Suspend(as, of, lift), real);
}

// Whoever lost their device gets another.
void History::Rejoin() {
  for (auto& [id, person] : model_.people) {
    if (!person.revoked || person.suspended) continue;
    Note(person.name + " joins again");
    const auto ada = CallerOf(ada_);
    ASSERT_TRUE(ada.has_value());
    const auto caller = world_.Enrol(*ada, person.name, person.role);
    ASSERT_TRUE(caller.ok()) << caller.status();
    EXPECT_EQ(caller->principal, id);
    Remember(*caller);
    person.revoked = false;
    model_.entries.push_back({Action::kCreateInvite, Outcome::kDone, ada_});
    model_.entries.push_back({Action::kRedeemInvite, Outcome::kDone, id});
    return;
  }
}

void History::Renew() {
  const PrincipalId who = Somebody();
  Note(absl::StrCat(model_.people.at(who).name, " renews"));
  const auto caller = CallerOf(who);
  if (!caller) return;
  const auto key = pki::PrivateKey::Generate();
  const auto renewed = world_.chapter().enrollment().Renew(
      *caller, pki::CertificateRequest::Create(*key)->der());
  EXPECT_TRUE(renewed.ok()) << renewed.status();
  model_.entries.push_back({Action::kRenewCertificate, Outcome::kDone, who});
  Remember(*caller);  // Of many certificates the oldest is dropped.
}

}  // namespace sodality::model
