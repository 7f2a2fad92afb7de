#include "client/ledger_chain.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "client/include/sodality/error_info.h"
#include "crypto/aad.h"
#include "crypto/byte_codec.h"
#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "crypto/signing.h"
#include "tests/client/ledger_leaves.h"
#include "text/base32.h"

namespace sodality {
namespace {

// Three entries about two members.
std::vector<LedgerLeaf> GoodChain() {
  std::vector<LedgerLeaf> leaves;
  leaves.push_back(MakeLeaf(1, {}, {{'a', 1}}));
  leaves.push_back(MakeLeaf(2, HashOf(leaves[0]), {{'a', 2}, {'b', 1}}));
  leaves.push_back(MakeLeaf(3, HashOf(leaves[1]), {}));
  return leaves;
}

TEST(LedgerChainTest, AWholeChainVerifies) {
  const auto leaves = GoodChain();
  EXPECT_TRUE(Check(leaves, HeadOf(leaves)).ok());
}

TEST(LedgerChainTest, EveryChangedByteIsNoticed) {
  const auto good = GoodChain();
  const LedgerHead head = HeadOf(good);
  for (size_t leaf = 0; leaf < good.size(); ++leaf) {
    for (size_t i = 0; i < good[leaf].header.size(); ++i) {
      auto changed = good;
      changed[leaf].header[i] = static_cast<char>(changed[leaf].header[i] ^ 1);
      EXPECT_TRUE(absl::IsDataLoss(Check(changed, head)))
          << "leaf " << leaf << " byte " << i;
    }
  }
}

TEST(LedgerChainTest, AChangedCommitmentIsNoticed) {
  auto leaves = GoodChain();
  const LedgerHead head = HeadOf(leaves);
  leaves[1].commitments[1][31] = 'd';
  EXPECT_TRUE(absl::IsDataLoss(Check(leaves, head)));
}

TEST(LedgerChainTest, AnEntryTakenOutIsNamed) {
  auto leaves = GoodChain();
  const LedgerHead head = HeadOf(leaves);
  leaves.erase(leaves.begin() + 1);
  const absl::Status status = Check(leaves, head);
  EXPECT_EQ(status.message(), "the ledger does not verify: entry 2 is missing");
  EXPECT_EQ(GetErrorInfo(status).reason, "BAD_CHAIN");
}

TEST(LedgerChainTest, SwappedEntriesAreNoticed) {
  auto leaves = GoodChain();
  const LedgerHead head = HeadOf(leaves);
  std::swap(leaves[0], leaves[1]);
  EXPECT_TRUE(absl::IsDataLoss(Check(leaves, head)));
}

TEST(LedgerChainTest, AShorterChainThanTheHeadIsNoticed) {
  auto leaves = GoodChain();
  const LedgerHead head = HeadOf(leaves);
  leaves.pop_back();
  EXPECT_TRUE(absl::IsDataLoss(Check(leaves, head)));
}

TEST(LedgerChainTest, AnEntryAboutAMemberThatIsHiddenIsNoticed) {
  std::vector<LedgerLeaf> leaves;
  leaves.push_back(MakeLeaf(1, {}, {{'a', 1}}));
  leaves.push_back(MakeLeaf(2, HashOf(leaves[0]), {{'a', 3}}));
  EXPECT_EQ(Check(leaves, HeadOf(leaves)).message(),
            "the ledger does not verify: entry 2 breaks a member's own "
            "sequence");
}

TEST(LedgerChainTest, CommitmentsCannotMoveIntoTheHeader) {
  auto leaves = GoodChain();
  const LedgerHead head = HeadOf(leaves);
  leaves[0].header += leaves[0].commitments[0];
  leaves[0].commitments.clear();
  EXPECT_TRUE(absl::IsDataLoss(Check(leaves, head)));
}

TEST(LedgerChainTest, ARewrittenPastIsNoticedByWhatWasSeen) {
  const auto before = GoodChain();
  std::vector<LedgerLeaf> rewritten;
  rewritten.push_back(MakeLeaf(1, {}, {}));
  rewritten.push_back(MakeLeaf(2, HashOf(rewritten[0]), {}));
  LedgerChain chain;
  chain.Expect(2, HashOf(before[1]), "");
  for (const LedgerLeaf& leaf : rewritten) ASSERT_TRUE(chain.Add(leaf).ok());
  LedgerHead head = HeadOf(rewritten);
  EXPECT_EQ(chain.EndsIn(head).message(),
            "the ledger does not verify: entry 2 is not the one seen before");
  // A restore says that it is one.
  head.incarnation = std::string(16, 'r');
  EXPECT_TRUE(chain.EndsIn(head).ok());
}

TEST(LedgerChainTest, APastCutOffIsNoticedByWhatWasSeen) {
  const auto leaves = GoodChain();
  LedgerChain chain;
  chain.Expect(9, HashOf(leaves[2]), "");
  for (const LedgerLeaf& leaf : leaves) ASSERT_TRUE(chain.Add(leaf).ok());
  EXPECT_TRUE(absl::IsDataLoss(chain.EndsIn(HeadOf(leaves))));
}

class VerifyHeadTest : public testing::Test {
 protected:
  VerifyHeadTest()
      : signer_(crypto::LedgerSignKey::CopyOf(std::array<uint8_t, 32>{1})),
        head_(HeadOf(GoodChain())) {
    crypto::AssociatedData message("sodality/ledger-head/1");
    message.Add(*text::DecodeBase32(kSignedChapter)).AddU64(head_.number);
    message.Add(crypto::AsBytes(head_.leaf)).AddU64(head_.revision);
    head_.signature = AsString(signer_.Sign(message.bytes()).bytes);
    head_.public_key = AsString(signer_.public_key().bytes);
  }

  crypto::Signer signer_;
  LedgerHead head_;
};

TEST_F(VerifyHeadTest, ItsOwnSignatureVerifies) {
  EXPECT_TRUE(VerifyHead(kSignedChapter, head_).ok());
}

TEST_F(VerifyHeadTest, AnyOtherContentDoesNot) {
  LedgerHead other = head_;
  other.number++;
  EXPECT_EQ(GetErrorInfo(VerifyHead(kSignedChapter, other)).reason, "BAD_HEAD");
  other = head_;
  other.revision++;
  EXPECT_FALSE(VerifyHead(kSignedChapter, other).ok());
  other = head_;
  other.leaf[0] = static_cast<char>(other.leaf[0] ^ 1);
  EXPECT_FALSE(VerifyHead(kSignedChapter, other).ok());
  EXPECT_FALSE(VerifyHead("nbswy3dpeb3w64tmmqqho33snq", head_).ok());
}

TEST_F(VerifyHeadTest, BehindARestoreItIsSignedForThatIncarnation) {
  const auto sign = [this] {
    crypto::AssociatedData message("sodality/ledger-head/2");
    message.Add(*text::DecodeBase32(kSignedChapter)).AddU64(head_.number);
    message.Add(crypto::AsBytes(head_.leaf)).AddU64(head_.revision);
    message.Add(crypto::AsBytes(head_.incarnation));
    message.Add(crypto::AsBytes(head_.parent));
    head_.signature = AsString(signer_.Sign(message.bytes()).bytes);
  };
  head_.incarnation = std::string(16, 'b');
  head_.parent = std::string(16, 'a');
  EXPECT_FALSE(VerifyHead(kSignedChapter, head_).ok());
  sign();
  EXPECT_TRUE(VerifyHead(kSignedChapter, head_).ok());
  for (const auto& [incarnation, parent] :
       {std::pair(std::string(16, 'c'), head_.parent),
        std::pair(head_.incarnation, std::string(16, 'c')),
        std::pair(std::string(), std::string())}) {
    LedgerHead other = head_;
    other.incarnation = incarnation;
    other.parent = parent;
    EXPECT_FALSE(VerifyHead(kSignedChapter, other).ok());
  }
  // Of no such form, though it is signed.
  for (const auto& [incarnation, parent] :
       {std::pair(std::string(16, '\0'), std::string(16, 'a')),
        std::pair(std::string(16, 'a'), std::string(16, 'a')),
        std::pair(std::string(15, 'b'), std::string(16, 'a')),
        std::pair(std::string(16, 'b'), std::string())}) {
    head_.incarnation = incarnation;
    head_.parent = parent;
    sign();
    EXPECT_FALSE(VerifyHead(kSignedChapter, head_).ok());
  }
}

TEST_F(VerifyHeadTest, CutShortItDoesNot) {
  for (std::string LedgerHead::*part :
       {&LedgerHead::leaf, &LedgerHead::signature, &LedgerHead::public_key}) {
    LedgerHead cut = head_;
    (cut.*part).pop_back();
    EXPECT_TRUE(absl::IsDataLoss(VerifyHead(kSignedChapter, cut)));
  }
}

}  // namespace
}  // namespace sodality
