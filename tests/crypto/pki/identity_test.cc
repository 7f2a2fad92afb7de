#include "crypto/pki/identity.h"

#include <gtest/gtest.h>

#include "tests/crypto/pki/forge.h"

namespace sodality::pki {
namespace {

TEST(IdentityTest, UriRoundTripsForEveryKind) {
  for (const auto kind : {CertificateKind::kServer, CertificateKind::kDevice,
                          CertificateKind::kInvite}) {
    const Identity identity{kChapter, kind, kDeviceId};
    const std::string uri = FormatIdentityUri(identity);
    EXPECT_EQ(uri, "sodality:" + kChapter + "/" + std::string(KindName(kind)) +
                       "/" + kDeviceId);
    const auto parsed = ParseIdentityUri(uri);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, identity);
  }
}

TEST(IdentityTest, ParseRefusesEveryOtherForm) {
  for (const std::string& uri :
       {std::string(), std::string("sodality:"),
        "SODALITY:" + kChapter + "/device/" + kDeviceId,
        "https:" + kChapter + "/device/" + kDeviceId,
        "sodality:" + kChapter + "/" + kDeviceId,
        "sodality:" + kChapter + "/device/" + kDeviceId + "/",
        "sodality:" + kChapter + "/device/x/" + kDeviceId,
        "sodality:" + kChapter + "/Device/" + kDeviceId,
        "sodality:" + kChapter + "/admin/" + kDeviceId,
        "sodality:" + kChapter + "//" + kDeviceId,
        "sodality:/device/" + kDeviceId,
        "sodality://" + kChapter + "/device/" + kDeviceId,
        "sodality:" + kChapter + "/device/" + kDeviceId.substr(1),
        "sodality:" + kChapter + "/device/" + kDeviceId + "a",
        "sodality:" + kChapter + "/device/" + kDeviceId.substr(1) + "1",
        "sodality:" + kChapter + "/device/" + kDeviceId.substr(1) + "A",
        "sodality:" + kChapter + "/device/" + kDeviceId.substr(1) +
            std::string(1, '\0')}) {
    const auto parsed = ParseIdentityUri(uri);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument)
        << uri;
    EXPECT_EQ(parsed.status().message().find(kDeviceId.substr(2)),
              absl::string_view::npos);
  }
}

TEST(IdentityTest, ServerNameIsDerivedFromTheChapter) {
  EXPECT_EQ(ServerName(kChapter), kChapter + ".sodality.internal");
}

}  // namespace
}  // namespace sodality::pki
