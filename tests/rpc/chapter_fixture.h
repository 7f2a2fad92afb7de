// A whole chapter over a store in memory, with people whose certificates are
// real: what the tests of this folder call.
#ifndef SODALITY_TESTS_RPC_CHAPTER_FIXTURE_H_
#define SODALITY_TESTS_RPC_CHAPTER_FIXTURE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/pki/authority.h"
#include "platform/clock.h"
#include "server/core/chapter.h"
#include "server/rpc/chapter_holder.h"
#include "server/store/member_store.h"
#include "tests/rpc/test_roots.h"
#include "tests/scratch.h"

namespace sodality::rpc {

// A certificate, its key, and whose it is.
struct Person {
  std::string certificate_pem;
  std::string key_pem;
  core::Fingerprint fingerprint{};
  core::Caller caller;  // Empty for an invite.
};

// Made in a folder that outlives it; without one the store is in memory.
using StoreMaker = std::function<std::unique_ptr<store::MemberStore>(
    const std::string& folder)>;

// The clock begins at the real time, which OpenSSL reads too, and stands still.
class TestChapter final {
 public:
  explicit TestChapter(StoreMaker make_store = nullptr);
  ~TestChapter();

  platform::FakeClock& clock() { return clock_; }
  ChapterHolder& holder() { return holder_; }
  core::Chapter& chapter() { return *holder_.Get(); }
  TestRoots& roots() { return *roots_; }
  const pki::CertificateAuthority& authority() const { return *authority_; }
  void Seal() { sealed_ = holder_.Take(); }

  // Enrolled through a real invite; the first admin has the set-up grant.
  const Person& admin() const { return admin_; }
  Person Enrol(std::string_view name, core::Role role);
  // An invite that nobody has redeemed.
  Person Invite(std::string_view name, core::Role role);
  Person Redeem(const Person& invite);
  // Of the same authority, but in no table.
  Person Stranger();
  // A member, made by the admin; and the device of that member's own.
  core::MemberId AddMember(
      const std::vector<std::pair<std::string, std::string>>& fields);
  Person EnrolMember(std::string_view name, const core::MemberId& member);
  // By the first admin, for a day and for everybody unless `grant` says who.
  core::GrantId Grant(core::GrantInput grant);
  core::RequestId NewRequest();

 private:
  static core::ChapterInfo Info();
  absl::StatusOr<crypto::BackupSealer> BeginBackup() const;
  Person FromInviteFile(const crypto::SecretBytes& file);
  core::InviteOutput MakeInvite(std::string_view name, core::Role role,
                                const std::optional<core::MemberId>& member);

  const Scratch scratch_;
  platform::FakeClock clock_;
  std::optional<pki::CertificateAuthority> authority_;
  const std::shared_ptr<TestRoots> roots_ = std::make_shared<TestRoots>();
  ChapterHolder holder_;
  std::unique_ptr<core::Chapter> sealed_;
  Person admin_;
};

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_CHAPTER_FIXTURE_H_
