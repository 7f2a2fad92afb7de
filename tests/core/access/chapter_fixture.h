// A whole chapter on disk, with a clock of the test's own and a first admin.
#ifndef SODALITY_TESTS_CORE_ACCESS_CHAPTER_FIXTURE_H_
#define SODALITY_TESTS_CORE_ACCESS_CHAPTER_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "crypto/keyring.h"
#include "crypto/pki/authority.h"
#include "crypto/pki/csr.h"
#include "crypto/pki/invite_file.h"
#include "server/core/chapter.h"
#include "server/core/error.h"
#include "server/store/sqlcipher/sqlcipher_store.h"
#include "tests/core/access/begun_backup.h"
#include "tests/scratch.h"
#include "text/base32.h"
#include "text/normalise.h"

namespace sodality::core {

class ChapterFixture : public testing::Test {
 protected:
  ChapterFixture()
      : clock_(Timestamp{1'790'000'000'000}),
        authority_(*pki::CertificateAuthority::Create(
            text::EncodeBase32(chapter_id_.bytes), clock_.Now())),
        keyring_(crypto::Keyring::Create(
            {chapter_id_.bytes, {text::kNormaliserVersion, 8, 6}, clock_.Now()},
            crypto::SystemRandom())) {
    const uint32_t version =
        keyring_.PrepareCa({authority_.key().Clone()}, clock_.Now());
    EXPECT_TRUE(keyring_.Activate(crypto::KeyKind::kCa, version).ok());
    std::filesystem::create_directory(folder_);
  }

  absl::Status Open(bool create) {
    chapter_.reset();
    auto key = keyring_.Active<crypto::PageKey>();
    if (!key.ok()) return key.status();
    auto store = store::SqlcipherStore::Open(
        {.path = folder_ + "/members.db",
         .page_version = key->version,
         .key = key->key.Expose(crypto::AllowSecretAccess()),
         .create = create,
         .copy_reserve_bytes = 0});
    if (!store.ok()) return store.status();
    auto schema = Schema::Parse(Schema::DefaultToml(), "schema.toml");
    if (!schema.ok()) return schema.status();
    auto opened = Chapter::Open(
        {folder_,
         {chapter_id_, "Test", "US", "127.0.0.1:4000"},
         *std::move(schema),
         platform::PosixFileSystem(),
         clock_,
         crypto::SystemRandom(),
         create,
         /*examine=*/false,
         [this](const crypto::Keyring& changed) {
           return StoreKeyring(changed);
         },
         [this] { return BeginBackupOf(keyring_, backup_root_); },
         /*public_files=*/{},
         LedgerOptions::kSegmentBytes,
         roots_},
        keyring_.Clone(), authority_.certificate(), *std::move(store));
    if (!opened.ok()) return opened.status();
    chapter_ = *std::move(opened);
    return absl::OkStatus();
  }

  // A chapter with its first admin enrolled.
  void SetUpAdmin() {
    ASSERT_TRUE(Open(/*create=*/true).ok());
    auto invite = chapter_->access_control().CreateFirstAdmin("Ada");
    ASSERT_TRUE(invite.ok()) << invite.status();
    admin_ = Join(*invite);
  }

  static pki::CertificateRequest Request(const pki::PrivateKey& key) {
    return *pki::CertificateRequest::Create(key);
  }
  absl::StatusOr<Enrolled> Redeem(const InviteOutput& invite,
                                  const pki::PrivateKey& key) {
    const auto parsed = pki::ParseInvite(invite.file);
    if (!parsed.ok()) return parsed.status();
    return chapter_->enrollment().Redeem(
        parsed->certificate.fingerprint().bytes, Request(key).der());
  }
  Caller CallerOf(const Enrolled& enrolled) {
    const auto certificate =
        pki::Certificate::ParsePem(enrolled.certificate_pem);
    return *chapter_->access().Identify(certificate->fingerprint().bytes,
                                        clock_.Now());
  }
  Caller Join(const InviteOutput& invite) {
    const auto enrolled = Redeem(invite, *pki::PrivateKey::Generate());
    EXPECT_TRUE(enrolled.ok()) << enrolled.status();
    return CallerOf(*enrolled);
  }
  InviteInput Inviting(std::string name, Role role) {
    InviteInput input;
    input.name = std::move(name);
    input.role = role;
    input.request = NewRequest();
    return input;
  }
  Caller Enrol(std::string name, Role role) {
    auto invite = chapter_->access_control().CreateInvite(
        admin_, Inviting(std::move(name), role));
    EXPECT_TRUE(invite.ok()) << invite.status();
    return Join(*invite);
  }
  GrantInput Granting(std::string to) {
    GrantInput input;
    input.principal = std::move(to);
    input.classes = {FieldClass::kBasic};
    input.purpose = "phone bank";
    input.not_after = clock_.Now() + std::chrono::hours(24);
    input.request = NewRequest();
    return input;
  }
  static RequestId NewRequest() {
    return {crypto::RandomId(crypto::SystemRandom())};
  }
  static Reason ReasonOf(const absl::Status& status) {
    return GetErrorInfo(status).reason;
  }

  // The file of the keyring, which is `keyring_`.
  absl::Status StoreKeyring(const crypto::Keyring& changed) {
    if (keyring_fault_ == KeyringFault::kRefused) {
      return absl::ResourceExhaustedError("disk full");
    }
    keyring_ = changed.Clone();
    return keyring_fault_ == KeyringFault::kUnknown
               ? absl::UnavailableError("the folder was not synced")
               : absl::OkStatus();
  }

  enum class KeyringFault { kNone, kRefused, kUnknown };
  std::atomic<KeyringFault> keyring_fault_ = KeyringFault::kNone;
  const Scratch scratch_;
  std::string folder_ = scratch_ / "chapter";
  ChapterId chapter_id_{{1, 2, 3}};
  platform::FakeClock clock_;
  pki::CertificateAuthority authority_;
  crypto::Keyring keyring_;
  std::shared_ptr<RootExchange> roots_;  // None, unless a test has one.
  const crypto::RootKey backup_root_ =
      crypto::RootKey::Generate(crypto::SystemRandom());
  std::unique_ptr<Chapter> chapter_;
  Caller admin_;
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_ACCESS_CHAPTER_FIXTURE_H_
