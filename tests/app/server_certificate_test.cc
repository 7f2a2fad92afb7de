#include "server/app/server_certificate.h"

#include <gtest/gtest.h>

#include <utility>

#include "crypto/pki/authority.h"
#include "crypto/random.h"
#include "tests/scratch.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

constexpr crypto::Bytes16 kChapter = {1, 2, 3};
constexpr platform::Timestamp kIssued{1'764'183'600'000};

class ServerCertificateTest : public testing::Test {
 protected:
  ServerCertificateTest() {
    const uint32_t version =
        keyring_.PrepareCa(crypto::CaKey{authority_.key().Clone()}, kIssued);
    EXPECT_TRUE(keyring_.Activate(crypto::KeyKind::kCa, version).ok());
  }

  absl::StatusOr<bool> RenewAfter(int days) {
    return RenewServerCertificate(state_, keyring_,
                                  kIssued + std::chrono::hours(24 * days));
  }

  Scratch scratch_;
  pki::CertificateAuthority authority_ =
      *pki::CertificateAuthority::Create(text::EncodeBase32(kChapter), kIssued);
  pki::PrivateKey key_ = *pki::PrivateKey::Generate();
  crypto::Keyring keyring_ = crypto::Keyring::Create(
      {kChapter, {1, 8, 6}, kIssued}, crypto::SystemRandom());
  PublicState state_{
      DataFolder(scratch_.path()),
      {},
      *core::Schema::Parse(core::Schema::DefaultToml(), "schema.toml"),
      authority_.certificate(),
      *authority_.IssueServer(key_.public_key(), std::string(26, 'a'), kIssued),
      {}};
};

TEST_F(ServerCertificateTest, AYoungOneStays) {
  const auto renewed = RenewAfter(200);
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_FALSE(*renewed);
  EXPECT_EQ(ReadAll(state_.folder.server_certificate()), "");
}

TEST_F(ServerCertificateTest, AnOldOneIsReplacedForTheSameKeyAndName) {
  const auto renewed = RenewAfter(300);
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_TRUE(*renewed);
  const auto written =
      pki::Certificate::ParsePem(ReadAll(state_.folder.server_certificate()));
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->public_key(), key_.public_key());
  EXPECT_EQ(written->identity(), state_.server_certificate.identity());
  EXPECT_GT(written->validity().not_after,
            state_.server_certificate.validity().not_after);
}

// One that ran out while the server lay sealed is replaced all the same.
TEST_F(ServerCertificateTest, AnExpiredOneIsReplaced) {
  const auto renewed = RenewAfter(500);
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_TRUE(*renewed);
}

TEST_F(ServerCertificateTest, AnotherAuthoritysFolderIsRefused) {
  state_.authority =
      pki::CertificateAuthority::Create(text::EncodeBase32(kChapter), kIssued)
          ->certificate();
  EXPECT_EQ(RenewAfter(300).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadAll(state_.folder.server_certificate()), "");
}

}  // namespace
}  // namespace sodality::app
