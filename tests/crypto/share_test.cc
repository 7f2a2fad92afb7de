// A share's text, and everything that its holder can check alone.
#include "crypto/share.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/sha256.h"
#include "crypto/sharing.h"
#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

constexpr std::string_view kPrefix = "sodality-share-1-";
constexpr size_t kValueAt = 35;
constexpr size_t kCommitmentsAt = 67;

using Bytes = std::vector<uint8_t>;

DealtRoot Deal(uint8_t threshold, uint8_t count, uint64_t seed = 1) {
  SeededRandom random(seed);
  return DealRoot(Bytes16{1, 2}, {threshold, count}, random).value();
}

std::string Text(const Share& share) {
  return Reveal(EncodeShare(share, "Test Chapter"));
}

absl::StatusOr<Share> Decode(std::string_view text) {
  return DecodeShare(SecretText(text));
}

std::string WithoutSpace(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

// From the prefix on, on one line.
std::string Token(const Share& share) {
  const std::string text = Text(share);
  return WithoutSpace(text.substr(text.find(kPrefix)));
}

Bytes BodyOf(const Share& share) {
  const std::string token = Token(share);
  return FromHex(
      token.substr(kPrefix.size(), token.size() - kPrefix.size() - 9));
}

// The token of any body, with the checksum that fits.
std::string TokenOf(const Bytes& body) {
  const Bytes32 sum = Sha256({AsBytes(kPrefix), body});
  return std::string(kPrefix) + ToHex(body) + "-" +
         ToHex(std::span(sum).first(4));
}

// `body` with the set id that fits.
Bytes WithItsSetId(Bytes body) {
  ShareInfo info{.set = {{}, body[1], body[2]}};
  std::copy_n(body.begin() + 3, 16, info.chapter.begin());
  for (size_t at = kCommitmentsAt; at < body.size(); at += 32) {
    Bytes32 commitment;
    std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(at), 32,
                commitment.begin());
    info.commitments.push_back(commitment);
  }
  std::ranges::copy(ShareSetId(info), body.begin() + 19);
  return body;
}

Bytes Put(Bytes body, size_t at, std::string_view hex) {
  std::ranges::copy(FromHex(hex),
                    body.begin() + static_cast<std::ptrdiff_t>(at));
  return body;
}

class ShareTest : public testing::Test {
 protected:
  // A refusal of `code` whose message holds `words`, and never the value.
  void Refused(std::string_view text, std::string_view words,
               absl::StatusCode code = absl::StatusCode::kInvalidArgument) {
    const auto status = Decode(text).status();
    const std::string message(status.message());
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_NE(message.find(words), std::string::npos) << message;
    EXPECT_EQ(
        message.find(
            ToHex(share().value().Expose(AllowSecretAccess())).substr(0, 8)),
        std::string::npos)
        << message;
  }
  void Forged(const Bytes& body, std::string_view words) {
    Refused(TokenOf(body), words);
  }
  const Share& share() const { return dealt_.shares[1]; }

  const DealtRoot dealt_ = Deal(3, 5);
  const Bytes body_ = BodyOf(share());
};

TEST_F(ShareTest, SaysWhatItIsForInALineForPeopleAndFourForPrograms) {
  const std::string text = Text(share());
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "# Share 2 of 5 of the root key of Test Chapter. Any 3 of them "
            "open it: show it to nobody.");
  EXPECT_EQ(std::ranges::count(text, '\n'), 5);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(text.find(kPrefix), text.find('\n') + 1);
}

TEST_F(ShareTest, DecodesWhatItEncoded) {
  for (const Share& each : dealt_.shares) {
    const auto decoded = Decode(Text(each));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(decoded->value().Equals(each.value()));
    EXPECT_EQ(decoded->info().chapter, (Bytes16{1, 2}));
    EXPECT_EQ(decoded->info().set, dealt_.root.slot.shares);
    EXPECT_EQ(decoded->info().index, each.info().index);
    EXPECT_EQ(decoded->info().commitments, each.info().commitments);
  }
  EXPECT_TRUE(Decode(Text(Deal(16, 16).shares[15])).ok());
}

TEST_F(ShareTest, SurvivesMailAndPaper) {
  const std::string token = Token(share());
  std::string wrapped;
  for (size_t at = 0; at < token.size(); at += 60) {
    wrapped += token.substr(at, 60) + " \r\n\t";
  }
  std::string capitals = token;
  std::transform(capitals.begin() + kPrefix.size(), capitals.end(),
                 capitals.begin() + kPrefix.size(),
                 [](char c) { return static_cast<char>(std::toupper(c)); });
  for (const std::string& text :
       {token, wrapped, capitals, "Subject: yours\n\n" + Text(share()) + "\n\n",
        "# a remark\nthat was wrapped\n" + token}) {
    const auto decoded = Decode(text);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(decoded->value().Equals(share().value()));
  }
}

TEST_F(ShareTest, AChapterWithANameLikeAShareHasSharesToo) {
  const std::string text = Reveal(EncodeShare(share(), "sodality-share-1-ff"));
  EXPECT_EQ(text.find("1-ff"), text.npos);
  const auto decoded = Decode(text);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_TRUE(decoded->value().Equals(share().value()));
}

TEST_F(ShareTest, EveryWrongCharacterIsNoticed) {
  const std::string good = Token(share());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == '7' ? '8' : '7';
    EXPECT_FALSE(Decode(bad).ok()) << i;
  }
}

TEST_F(ShareTest, TextsThatAreNoneAreNamed) {
  const std::string token = Token(share());
  std::string letter = token;
  letter[40] = 'x';
  std::string typo = token;
  typo[40] = typo[40] == '0' ? '1' : '0';
  Refused("", "there is no share: one begins with \"sodality-share-1-\"");
  Refused("sodality-root-1-00", "there is no share");
  Refused("sodality-share-x-00", "there is no share");
  Refused(kPrefix, "cut off");
  Refused(token.substr(0, 100), "cut off");
  Refused(token + "0", "goes on behind its end");
  Refused(token + "\n" + token, "wrong");
  Refused(token.substr(0, 30) + token.substr(32), "the wrong length");
  Refused(letter, "a wrong character");
  Refused(typo, "checksum differs");
  Refused(token + std::string(kMaxShareText, '\n'), "longer than any can be");
  Refused("sodality-share-2-0011-22334455", "newer than this program",
          absl::StatusCode::kFailedPrecondition);
}

TEST_F(ShareTest, IndexZeroAndIndicesBeyondTheCountAreNamed) {
  Forged(Put(body_, 0, "00"), "number 0 would be the secret itself");
  Forged(Put(body_, 0, "06"), "number 6 of 5");
  Forged(Put(body_, 0, "ff"), "number 255 of 5");
}

TEST_F(ShareTest, CountsThatCannotBeAreNamed) {
  for (const char* counts : {"0005", "0105", "0603", "0311", "0300"}) {
    Forged(Put(body_, 1, counts), "shares cannot be");
  }
}

TEST_F(ShareTest, AnotherNumberOfCommitmentsIsNamed) {
  Bytes more = body_;
  more.insert(more.end(), body_.end() - 32, body_.end());
  Forged(more, "4 commitments where its threshold is 3");
  Forged(WithItsSetId(more), "4 commitments where its threshold is 3");
  Bytes fewer = body_;
  fewer.resize(fewer.size() - 32);
  Forged(WithItsSetId(fewer), "2 commitments where its threshold is 3");
  Forged(WithItsSetId(Put(body_, 1, "04")),
         "3 commitments where its threshold is 4");
}

TEST_F(ShareTest, CommitmentsThatAreNoPointsAreNamed) {
  // No point; one whose encoding is not canonical; one that is negative.
  for (const char* bad :
       {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371"}) {
    for (const size_t each : {0U, 1U, 2U}) {
      Forged(WithItsSetId(Put(body_, kCommitmentsAt + 32 * each, bad)),
             "no point of the group");
    }
  }
}

TEST_F(ShareTest, CommitmentsToNothingAreNamed) {
  const std::string zeros(64, '0');
  Forged(WithItsSetId(Put(body_, kCommitmentsAt, zeros)), "to no secret");
  Forged(WithItsSetId(Put(body_, kCommitmentsAt + 64, zeros)),
         "fewer shares than it says");
  Forged(WithItsSetId(Put(body_, kCommitmentsAt + 32, zeros)),
         "does not fit its commitments");
}

TEST_F(ShareTest, CommitmentsOfAnotherSetAreNamed) {
  const Bytes other = BodyOf(Deal(3, 5, 2).shares[1]);
  Bytes mixed = body_;
  std::copy(other.begin() + kCommitmentsAt, other.end(),
            mixed.begin() + kCommitmentsAt);
  Forged(mixed, "not those of the set that it names");
  Forged(WithItsSetId(mixed), "does not fit its commitments");
  // Chapter and counts are bound to the set as well.
  Forged(Put(body_, 3, "09"), "not those of the set that it names");
  Forged(Put(body_, 2, "06"), "not those of the set that it names");
}

TEST_F(ShareTest, AValueThatDoesNotFitIsNamed) {
  const std::string one = "01" + std::string(62, '0');
  Forged(Put(body_, kValueAt, one), "does not fit its commitments");
  Forged(Put(body_, kValueAt, std::string(64, '0')),
         "does not fit its commitments");
  // Another's share under this one's number.
  Forged(Put(BodyOf(dealt_.shares[0]), 0, "02"),
         "does not fit its commitments");
}

TEST_F(ShareTest, AValueThatIsNotCanonicalIsNamed) {
  // L itself, L + 1, and the largest of all.
  for (const char* value :
       {"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
        "eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
    Forged(Put(body_, kValueAt, value), "out of range");
  }
  // The share's own value plus L: the same number, in another spelling.
  const Bytes order = FromHex(
      "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  Bytes twin = body_;
  unsigned carry = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    carry += unsigned{twin[kValueAt + i]} + order[i];
    twin[kValueAt + i] = static_cast<uint8_t>(carry);
    carry >>= 8;
  }
  Forged(twin, "out of range");
}

}  // namespace
}  // namespace sodality::crypto
