#include "tests/rpc/chapter_fixture.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <utility>

#include "crypto/pki/csr.h"
#include "crypto/pki/invite_file.h"
#include "crypto/random.h"
#include "platform/file.h"
#include "server/store/memory/memory_store.h"
#include "text/base32.h"
#include "text/normalise.h"

namespace sodality::rpc {
namespace {

constexpr core::ChapterId kChapter = {{7, 7, 7}};

template <class T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) {
    ADD_FAILURE() << value.status();
    std::abort();
  }
  return *std::move(value);
}

std::string TextOf(const crypto::SecretBuffer& secret) {
  return std::string(
      crypto::AsText(secret.Expose(crypto::AllowSecretAccess())));
}

crypto::Keyring NewKeyring(const pki::CertificateAuthority& authority,
                           platform::Timestamp now) {
  crypto::Keyring keyring = crypto::Keyring::Create(
      {kChapter.bytes, {text::kNormaliserVersion, 8, 6}, now},
      crypto::SystemRandom());
  const uint32_t version =
      keyring.PrepareCa(crypto::CaKey{authority.key().Clone()}, now);
  EXPECT_TRUE(keyring.Activate(crypto::KeyKind::kCa, version).ok());
  return keyring;
}

Person PersonOf(const pki::Certificate& certificate,
                const pki::PrivateKey& key) {
  return {.certificate_pem = certificate.ToPem(),
          .key_pem = TextOf(Must(key.ToPkcs8Pem())),
          .fingerprint = certificate.fingerprint().bytes,
          .caller = {}};
}

}  // namespace

core::ChapterInfo TestChapter::Info() {
  return {.id = kChapter,
          .name = "Test Chapter",
          .country = "US",
          .address = "127.0.0.1:7443"};
}

TestChapter::TestChapter(StoreMaker make_store)
    : clock_(platform::SystemClock().Now()) {
  authority_ = Must(pki::CertificateAuthority::Create(
      text::EncodeBase32(kChapter.bytes), clock_.Now()));
  holder_.Set(Must(core::Chapter::Open(
      {.data_folder = scratch_.path(),
       .info = Info(),
       .schema = Must(core::Schema::Parse(core::Schema::DefaultToml(), "s")),
       .fs = platform::PosixFileSystem(),
       .clock = clock_,
       .random = crypto::SystemRandom(),
       .create = true,
       // Nobody opens it again.
       .store_keyring = [](const crypto::Keyring&) { return absl::OkStatus(); },
       .begin_backup = [this] { return BeginBackup(); },
       .roots = roots_},
      NewKeyring(*authority_, clock_.Now()), authority_->certificate(),
      make_store ? make_store(scratch_.path())
                 : std::make_unique<store::MemoryStore>())));
  admin_ = Redeem(FromInviteFile(
      Must(chapter().access_control().CreateFirstAdmin("Ada Admin")).file));
}

TestChapter::~TestChapter() { Seal(); }

// Nobody opens it: of any keyring.
absl::StatusOr<crypto::BackupSealer> TestChapter::BeginBackup() const {
  crypto::Random& random = crypto::SystemRandom();
  const auto root =
      crypto::Root::FromKeyFile(crypto::RootKey::Generate(random));
  const auto file = Must(crypto::SealKeyring(
      NewKeyring(*authority_, clock_.Now()), {&root, 1}, random));
  const auto opened = Must(crypto::OpenKeyringToChange(file, root.key));
  return crypto::BackupSealer::Begin(file, opened.resealer, random);
}

core::RequestId TestChapter::NewRequest() {
  return {crypto::RandomId(crypto::SystemRandom())};
}

Person TestChapter::FromInviteFile(const crypto::SecretBytes& file) {
  const pki::Invite invite = Must(pki::ParseInvite(file));
  return PersonOf(invite.certificate, invite.key);
}

core::InviteOutput TestChapter::MakeInvite(
    std::string_view name, core::Role role,
    const std::optional<core::MemberId>& member) {
  return Must(chapter().access_control().CreateInvite(
      admin_.caller, {.name = std::string(name),
                      .role = role,
                      .member = member,
                      .request = NewRequest()}));
}

Person TestChapter::Invite(std::string_view name, core::Role role) {
  return FromInviteFile(MakeInvite(name, role, {}).file);
}

Person TestChapter::Redeem(const Person& invite) {
  const pki::PrivateKey key = Must(pki::PrivateKey::Generate());
  const auto request = Must(pki::CertificateRequest::Create(key));
  const auto enrolled =
      Must(chapter().enrollment().Redeem(invite.fingerprint, request.der()));
  Person person =
      PersonOf(Must(pki::Certificate::ParsePem(enrolled.certificate_pem)), key);
  person.caller =
      Must(chapter().access().Identify(person.fingerprint, clock_.Now()));
  return person;
}

Person TestChapter::Enrol(std::string_view name, core::Role role) {
  return Redeem(Invite(name, role));
}

Person TestChapter::EnrolMember(std::string_view name,
                                const core::MemberId& member) {
  return Redeem(
      FromInviteFile(MakeInvite(name, core::Role::kMember, member).file));
}

Person TestChapter::Stranger() {
  const pki::PrivateKey key = Must(pki::PrivateKey::Generate());
  return PersonOf(
      Must(authority_->IssueDevice(
          key.public_key(),
          text::EncodeBase32(crypto::RandomId(crypto::SystemRandom())),
          clock_.Now())),
      key);
}

core::GrantId TestChapter::Grant(core::GrantInput grant) {
  grant.purpose = "test";
  grant.not_after = clock_.Now() + std::chrono::hours(24);
  grant.request = NewRequest();
  return Must(chapter().access_control().CreateGrant(admin_.caller, grant));
}

core::MemberId TestChapter::AddMember(
    const std::vector<std::pair<std::string, std::string>>& fields) {
  core::CreateInput input{.request = NewRequest()};
  for (const auto& [name, value] : fields) {
    core::FieldInput field{.name = name, .values = {}};
    field.values.push_back(crypto::SecretBytes::CopyOf(crypto::AsBytes(value)));
    input.fields.push_back(std::move(field));
  }
  return Must(chapter().directory().Create(admin_.caller, input)).id;
}

}  // namespace sodality::rpc
