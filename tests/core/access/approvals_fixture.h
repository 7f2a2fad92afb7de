// Admins who approve acts of each other's, with devices and keys of their own.
#ifndef SODALITY_TESTS_CORE_ACCESS_APPROVALS_FIXTURE_H_
#define SODALITY_TESTS_CORE_ACCESS_APPROVALS_FIXTURE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/act.h"
#include "server/core/access/approvals.h"
#include "tests/core/access/fake_roots.h"
#include "tests/core/access/rotation_fixture.h"

namespace sodality::core {

class ApprovalsFixture : public RotationFixture {
 protected:
  void SetUp() override {
    fake_ = std::make_shared<FakeRoots>([this](const crypto::Keyring& keyring) {
      return StoreKeyring(keyring);
    });
    roots_ = fake_;
    SetUpAdmin();
    AddKey(admin_);
  }
  absl::Status Reopen() {
    EXPECT_TRUE(fake_->Begin()) << "no key opens the keyring";
    return Restart();
  }
  Approvals& approvals() { return chapter_->approvals(); }

  absl::Status Register(const Caller& caller, const crypto::ApprovalKey& key) {
    const crypto::Signer signer(key);
    return approvals().RegisterKey(
        caller, signer.public_key(),
        signer.Sign(
            crypto::KeyProofMessage(chapter_id_.bytes, caller.device.bytes)));
  }
  void AddKey(const Caller& caller) {
    auto key = crypto::ApprovalKey::Generate(crypto::SystemRandom());
    EXPECT_TRUE(Register(caller, key).ok());
    keys_.insert_or_assign(caller.device, std::move(key));
  }
  Caller Admin(const std::string& name) {
    const Caller caller = Enrol(name, Role::kAdmin);
    AddKey(caller);
    return caller;
  }
  crypto::Signature Sign(const Caller& caller,
                         const std::vector<uint8_t>& form) {
    return crypto::Signer(keys_.at(caller.device)).Sign(form);
  }

  crypto::ActForm Form(const Caller& caller, const crypto::TrimOrder& order) {
    crypto::ActForm form;
    form.chapter = chapter_id_.bytes;
    form.id = crypto::RandomId(crypto::SystemRandom());
    form.content = crypto::EncodeTrim(order);
    form.proposer = caller.principal.bytes;
    form.created = clock_.Now();
    form.expires = form.created + crypto::kActLife;
    return form;
  }
  absl::StatusOr<ActStanding> Propose(const Caller& caller,
                                      const crypto::ActForm& form) {
    const auto bytes = crypto::EncodeAct(form);
    return approvals().Propose(caller, bytes, Sign(caller, bytes));
  }
  absl::StatusOr<ActStanding> Propose(const crypto::TrimOrder& order) {
    return Propose(admin_, Form(admin_, order));
  }
  absl::StatusOr<ActStanding> Approve(const Caller& caller,
                                      const PendingAct& act) {
    return approvals().Approve(caller, act.id, Sign(caller, act.form));
  }

  // Version 1 of the wrap key is retired, and no record is under it.
  void Retire() {
    ASSERT_TRUE(Put(Seal(3)).ok());
    ASSERT_TRUE(Start().ok());
    ASSERT_TRUE(Run().ok());
  }
  crypto::KeyState StateOf(uint32_t version,
                           crypto::KeyKind kind = crypto::KeyKind::kWrap) {
    return chapter_->keyring()->Info(kind, version)->state;
  }
  // Actions of approvals and what follows, oldest first.
  std::vector<std::string> Acts() {
    std::vector<std::string> acts;
    for (uint64_t n = 1; n <= chapter_->ledger().head().number; ++n) {
      const EntryHeader header = chapter_->ledger().Read(n)->header;
      if (header.action < Action::kProposeAct) continue;
      acts.emplace_back(ActionName(header.action));
    }
    return acts;
  }

  static constexpr auto kDestroyed = crypto::KeyState::kDestroyed;
  static constexpr auto kRetired = crypto::KeyState::kRetired;
  const crypto::TrimOrder order_ = {crypto::KeyKind::kWrap, 2, {}};
  std::shared_ptr<FakeRoots> fake_;
  std::map<DeviceId, crypto::ApprovalKey> keys_;
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_ACCESS_APPROVALS_FIXTURE_H_
