#include "crypto/pki/invite_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "crypto/pki/authority.h"
#include "crypto/pki/digest.h"
#include "crypto/sha256.h"
#include "tests/crypto/pki/forge.h"
#include "tests/crypto/pki/frozen_invite.h"

namespace sodality::pki {
namespace {

using testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

Invite NewInvite() {
  PrivateKey key = NewKey();
  auto certificate = TestAuthority().IssueInvite(key.public_key(), kDeviceId,
                                                 kNow, std::chrono::hours(24));
  return Invite{"192.0.2.7:7443",        "Mar\u00eda Gonz\u00e1lez",
                "coordinator",           TestAuthority().certificate(),
                *std::move(certificate), std::move(key)};
}

std::string TextOf(const Invite& invite) {
  const auto secret = SerializeInvite(invite);
  EXPECT_TRUE(secret.ok()) << secret.status();
  return std::string(
      crypto::AsText(secret->Expose(crypto::AllowSecretAccess())));
}

absl::StatusOr<Invite> Parse(std::string text) {
  return ParseInvite(crypto::SecretBytes::FromString(std::move(text)));
}

std::string Why(std::string text) {
  const auto parsed = Parse(std::move(text));
  EXPECT_EQ(parsed.status().code(), kInvalid);
  return std::string(parsed.status().message());
}

// With a checksum that fits, so that what lies behind it is reached.
std::string Resealed(std::string text) {
  text.erase(text.rfind("checksum: "));
  const auto hash = crypto::Sha256(crypto::AsBytes(text));
  return text + "checksum: " + ToHex(hash) + "\n";
}

std::string Replaced(std::string text, const std::string& from,
                     const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return Resealed(text.replace(at, from.size(), to));
}

TEST(InviteFileTest, RoundTrips) {
  const Invite invite = NewInvite();
  const auto parsed = Parse(TextOf(invite));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->address, invite.address);
  EXPECT_EQ(parsed->name, invite.name);
  EXPECT_EQ(parsed->role, invite.role);
  EXPECT_EQ(parsed->authority.der(), invite.authority.der());
  EXPECT_EQ(parsed->certificate.der(), invite.certificate.der());
  EXPECT_EQ(parsed->key.public_key(), invite.key.public_key());
  EXPECT_EQ(parsed->chapter_id(), kChapter);
  EXPECT_EQ(parsed->server_name(), ServerName(kChapter));
  EXPECT_EQ(parsed->expires(), kNow + std::chrono::hours(24));
  EXPECT_EQ(TextOf(*parsed), TextOf(invite));
}

TEST(InviteFileTest, FrozenInviteStillReadsAndIsWrittenAlike) {
  const auto parsed = Parse(kFrozenInvite);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->address, "directory.example.org:7443");
  EXPECT_EQ(parsed->name, "Nam Nguy\u1ec5n");
  EXPECT_EQ(parsed->role, "coordinator");
  EXPECT_EQ(parsed->chapter_id(), "k7q2m4xw5zt3ybn6c2dfgh7jra");
  EXPECT_EQ(parsed->certificate.identity().id, "a2b3c4d5e6f7g2h3i4j5k6l7mi");
  EXPECT_EQ(parsed->certificate.serial(), "7373d6298bbe81c100b8b716a9b08fcc");
  EXPECT_EQ(platform::FormatTimestamp(parsed->expires()),
            "2026-09-22T14:13:20Z");
  EXPECT_EQ(TextOf(*parsed), kFrozenInvite);
}

TEST(InviteFileTest, BeginsWithAPrefixThatScannersFind) {
  const std::string text = TextOf(NewInvite());
  EXPECT_TRUE(text.starts_with("sodality-invite-1\naddress: 192.0.2.7:7443\n"));
  EXPECT_THAT(text, HasSubstr("\n-----BEGIN PRIVATE KEY-----\n"));
  EXPECT_LT(text.size(), 4096U);
}

TEST(InviteFileTest, EveryFlippedBitIsRefused) {
  const std::string text = TextOf(NewInvite());
  for (size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      ASSERT_EQ(Parse(flipped).status().code(), kInvalid)
          << "byte " << i << " bit " << bit;
    }
  }
}

TEST(InviteFileTest, EveryTruncationIsRefused) {
  const std::string text = TextOf(NewInvite());
  for (size_t n = 0; n < text.size(); ++n) {
    ASSERT_EQ(Parse(text.substr(0, n)).status().code(), kInvalid) << n;
  }
  EXPECT_THAT(Why(text.substr(0, 600)), HasSubstr("cut short"));
  EXPECT_THAT(Why(text + "\n"), HasSubstr("after its checksum"));
}

TEST(InviteFileTest, WhatIsNoInviteIsNamed) {
  EXPECT_EQ(Why(""), "this is not an invite");
  EXPECT_EQ(Why("-----BEGIN CERTIFICATE-----\n"), "this is not an invite");
  EXPECT_THAT(Why(Replaced(TextOf(NewInvite()), "invite-1", "invite-2")),
              HasSubstr("version"));
  EXPECT_THAT(Why(Replaced(TextOf(NewInvite()), "invite-1", "invite-10")),
              HasSubstr("version"));
  EXPECT_THAT(Why("sodality-invite-1\n" + std::string(kMaxInviteBytes, 'x')),
              HasSubstr("16 KiB"));
  EXPECT_THAT(Why(Replaced(TextOf(NewInvite()), "invite-1\n", "invite-1\r\n")),
              HasSubstr("version"));
}

TEST(InviteFileTest, LinesThatDisagreeWithTheCertificatesAreNamed) {
  const Invite invite = NewInvite();
  const std::string text = TextOf(invite);
  const std::string why = "does not agree with the certificates";
  EXPECT_EQ(Why(Replaced(text, "chapter: a", "chapter: b")),
            "invite line 3: " + why);
  EXPECT_EQ(Why(Replaced(text, ".sodality.internal", ".example.org")),
            "invite line 4: " + why);
  EXPECT_EQ(Why(Replaced(text, "expires: 2", "expires: 3")),
            "invite line 7: " + why);
  const std::string hash =
      ToHex(invite.authority.public_key().spki_hash().bytes);
  EXPECT_EQ(Why(Replaced(text, hash, std::string(64, '0'))),
            "invite line 8: " + why);
}

TEST(InviteFileTest, MissingRepeatedAndUnknownLinesAreNamed) {
  const std::string text = TextOf(NewInvite());
  EXPECT_EQ(Why(Replaced(text, "role: coordinator\n", "")),
            "invite line 6: no 'role: '");
  EXPECT_EQ(Why(Replaced(text, "role: coordinator\n",
                         "role: coordinator\nrole: admin\n")),
            "invite line 7: no 'expires: '");
  EXPECT_THAT(Why(Replaced(text, "-----BEGIN CERT", "x\n-----BEGIN CERT")),
              HasSubstr("invite line 9: no CERTIFICATE block"));
  EXPECT_THAT(Why(Replaced(text, "checksum: ", "x\nchecksum: ")),
              HasSubstr("unknown content"));
  EXPECT_THAT(Why(Replaced(text, "-----END PRIVATE KEY-----\n", "")),
              HasSubstr("PRIVATE KEY block does not end"));
}

TEST(InviteFileTest, AddressNameAndRoleAreChecked) {
  const std::string text = TextOf(NewInvite());
  EXPECT_EQ(Why(Replaced(text, ":7443", "")),
            "invite line 2: address is not HOST:PORT");
  EXPECT_THAT(Why(Replaced(text, "Gonz", "\x1b[2J")), HasSubstr("line 5"));
  EXPECT_THAT(Why(Replaced(text, "coordinator", "Co Ordinator")),
              HasSubstr("line 6"));
}

TEST(InviteFileTest, PartsOfAnotherInviteAreRefused) {
  const Invite mine = NewInvite();
  const Invite other = NewInvite();
  Invite mixed = NewInvite();
  mixed.certificate = other.certificate;
  EXPECT_EQ(SerializeInvite(mixed).status().message(),
            "the invite's key does not belong to its certificate");
  const std::string text = TextOf(mine);
  EXPECT_EQ(
      Why(Replaced(text, mine.certificate.ToPem(), other.certificate.ToPem())),
      "the invite's key does not belong to its certificate");
}

TEST(InviteFileTest, OnlyAnInvitesCertificateOfThatAuthorityIsAccepted) {
  Invite invite = NewInvite();
  invite.certificate =
      TestAuthority()
          .IssueDevice(invite.key.public_key(), kDeviceId, kNow)
          .value();
  const std::string why =
      "the invite's certificate is not an invite of its authority";
  EXPECT_EQ(SerializeInvite(invite).status().message(), why);

  const auto other = CertificateAuthority::Create(kChapter, kNow).value();
  const Invite mine = NewInvite();
  std::string text = Replaced(TextOf(mine), mine.authority.ToPem(),
                              other.certificate().ToPem());
  EXPECT_EQ(Why(text), why);
}

TEST(InviteFileTest, ErrorsNeverQuoteTheKey) {
  const Invite invite = NewInvite();
  const std::string text = TextOf(invite);
  const size_t key = text.find("-----BEGIN PRIVATE KEY-----\n") + 28;
  const std::string material = text.substr(key, 40);
  for (size_t i = key; i < key + 120; ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto parsed = Parse(Resealed(changed));
    if (parsed.ok()) continue;
    EXPECT_THAT(std::string(parsed.status().message()),
                Not(HasSubstr(material.substr(8, 12))));
  }
}

// Random damage behind a fitting checksum: no crash, and whatever is accepted
// can be written and read again.
TEST(InviteFileTest, SurvivesRandomDamageBehindAGoodChecksum) {
  std::mt19937 random(20251126);
  const std::string text = TextOf(NewInvite());
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = text;
    const size_t edits = 1 + random() % 3;
    for (size_t e = 0; e < edits; ++e) {
      const size_t at = random() % damaged.size();
      switch (random() % 3) {
        case 0:
          damaged[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          damaged.erase(at, 1 + random() % 70);
          break;
        default:
          damaged.insert(
              at, damaged.substr(random() % damaged.size(), random() % 70));
      }
    }
    if (damaged.rfind("checksum: ") == std::string::npos) continue;
    const auto parsed = Parse(Resealed(damaged));
    if (parsed.ok()) {
      EXPECT_TRUE(Parse(TextOf(*parsed)).ok());
    } else {
      EXPECT_EQ(parsed.status().code(), kInvalid);
    }
  }
}

TEST(CheckAddressTest, AcceptsHostsAndAddressesWithAPort) {
  for (const char* address :
       {"localhost:1", "127.0.0.1:0", "192.0.2.7:65535", "[2001:db8::1]:7443",
        "directory.example.org:443"}) {
    EXPECT_TRUE(CheckAddress(address).ok()) << address;
  }
}

TEST(CheckAddressTest, RefusesEverythingElse) {
  for (const std::string& address :
       {std::string(), std::string("host"), std::string(":1"),
        std::string("host:"), std::string("host:65536"), std::string("host:00"),
        std::string("host:0443"), std::string("host:+1"),
        std::string("host: 1"), std::string("ho st:1"),
        std::string("2001:db8::1:443"), std::string("[::1]"),
        std::string("[nonsense]:1"), std::string("[:1"),
        std::string("host/path:1"), std::string("host:1\n"),
        std::string("host:99999999999"), std::string(254, 'a') + ":1"}) {
    EXPECT_EQ(CheckAddress(address).code(), kInvalid) << address;
  }
}

}  // namespace
}  // namespace sodality::pki
