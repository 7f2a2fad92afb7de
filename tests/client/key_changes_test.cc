// How one signing key of the ledger follows another: what a client believes.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "client/include/sodality/error_info.h"
#include "client/ledger_chain.h"
#include "tests/client/ledger_leaves.h"

namespace sodality {
namespace {

// Keys of one server, each of which followed the one before.
class KeyChangesTest : public testing::Test {
 protected:
  KeyChangesTest() : head_(HeadOf(ChainOf(3))) { Sign(head_, SignerOf(1)); }

  static std::vector<LedgerLeaf> ChainOf(uint64_t entries) {
    std::vector<LedgerLeaf> leaves;
    for (uint64_t n = 1; n <= entries; ++n) {
      leaves.push_back(
          MakeLeaf(n, n == 1 ? LeafHash{} : HashOf(leaves.back()), {}));
    }
    return leaves;
  }
  static crypto::Signer SignerOf(uint8_t seed) {
    return crypto::Signer(
        crypto::LedgerSignKey::CopyOf(std::array<uint8_t, 32>{seed}));
  }
  static LedgerKeyChange Change(uint64_t number, uint8_t from, uint8_t to,
                                const char* chapter = kSignedChapter) {
    const crypto::Signer old_key = SignerOf(from);
    const crypto::Signer new_key = SignerOf(to);
    crypto::AssociatedData message("sodality/ledger-sign-keys/1");
    message.Add(*text::DecodeBase32(chapter));
    message.Add(old_key.public_key().bytes).Add(new_key.public_key().bytes);
    message.AddU64(number);
    return {number, AsString(old_key.public_key().bytes),
            AsString(new_key.public_key().bytes),
            AsString(old_key.Sign(message.bytes()).bytes),
            AsString(new_key.Sign(message.bytes()).bytes)};
  }
  // The head is signed by the key of seed 1.
  bool Verifies(std::vector<LedgerKeyChange> changes) {
    head_.key_changes = std::move(changes);
    return VerifyHead(kSignedChapter, head_).ok();
  }

  LedgerHead head_;
};

TEST_F(KeyChangesTest, EachFollowsTheOneBeforeAndIsSignedByBoth) {
  EXPECT_TRUE(Verifies({Change(2, 5, 1)}));
  EXPECT_TRUE(Verifies({Change(1, 4, 5), Change(3, 5, 1)}));
  // Not in a row, not by number, of entries to come, to another key.
  EXPECT_FALSE(Verifies({Change(1, 4, 6), Change(3, 5, 1)}));
  EXPECT_FALSE(Verifies({Change(3, 4, 5), Change(3, 5, 1)}));
  EXPECT_FALSE(Verifies({Change(0, 5, 1)}));
  EXPECT_FALSE(Verifies({Change(4, 5, 1)}));
  EXPECT_FALSE(Verifies({Change(2, 1, 5)}));
  EXPECT_FALSE(Verifies({Change(2, 5, 1, "nbswy3dpeb3w64tmmqqho33snq")}));
  EXPECT_EQ(GetErrorInfo(VerifyHead(kSignedChapter, head_)).reason, "BAD_HEAD");
}

TEST_F(KeyChangesTest, WhoHasOneOfTheKeysMakesNone) {
  for (std::string LedgerKeyChange::*part :
       {&LedgerKeyChange::old_key, &LedgerKeyChange::new_key,
        &LedgerKeyChange::old_signature, &LedgerKeyChange::new_signature}) {
    LedgerKeyChange forged = Change(2, 5, 1);
    (forged.*part)[7] = static_cast<char>((forged.*part)[7] ^ 1);
    EXPECT_FALSE(Verifies({forged}));
    forged = Change(2, 5, 1);
    (forged.*part).pop_back();
    EXPECT_FALSE(Verifies({forged}));
  }
  // Both by the old key, both by the new one.
  LedgerKeyChange forged = Change(2, 5, 1);
  forged.new_signature = forged.old_signature;
  EXPECT_FALSE(Verifies({forged}));
  forged = Change(2, 5, 1);
  forged.old_signature = forged.new_signature;
  EXPECT_FALSE(Verifies({forged}));
  // Said of another entry.
  forged = Change(2, 5, 1);
  forged.number = 3;
  EXPECT_FALSE(Verifies({forged}));
}

TEST_F(KeyChangesTest, MoreThanAServerTellsAreNone) {
  std::vector<LedgerKeyChange> changes;
  for (uint8_t n = 0; n < 65; ++n) {
    changes.push_back(Change(n + 1, static_cast<uint8_t>(66 - n),
                             static_cast<uint8_t>(65 - n)));
  }
  head_.number = 65;
  Sign(head_, SignerOf(1));
  EXPECT_FALSE(Verifies(changes));
  changes.erase(changes.begin());
  EXPECT_TRUE(Verifies(changes));
}

// The chain knows where its keys changed, whatever a head says.
TEST_F(KeyChangesTest, AreWhereTheChainHasThem) {
  std::vector<LedgerLeaf> leaves;
  for (uint64_t n = 1; n <= 4; ++n) {
    leaves.push_back(
        MakeLeaf(n, n == 1 ? LeafHash{} : HashOf(leaves.back()), {}));
    // ACTIVATE_KEY of kind ledger, and of kind wrap.
    leaves.back().header[1 + 8 + 32 + 16] = 44;
    leaves.back().header[1 + 8 + 32 + 91 - 16] = n == 4 ? 2 : 5;
    if (n == 1) leaves.back().header[1 + 8 + 32 + 16] = 1;
  }
  LedgerHead head = HeadOf(leaves);
  head.key_changes = {Change(2, 3, 2), Change(3, 2, 1)};
  EXPECT_TRUE(Check(leaves, head).ok());
  const auto refusal = [&](std::vector<LedgerKeyChange> changes) {
    head.key_changes = std::move(changes);
    const absl::Status refused = Check(leaves, head);
    EXPECT_EQ(GetErrorInfo(refused).reason, "BAD_CHAIN");
    return std::string(refused.message());
  };
  const auto names = [](int number) {
    return "the ledger does not verify: entry " + std::to_string(number) +
           " is not where the signed head says its key changed";
  };
  EXPECT_EQ(refusal({}), names(3));
  EXPECT_EQ(refusal({Change(3, 2, 1)}), names(2));
  EXPECT_EQ(refusal({Change(2, 3, 2), Change(4, 2, 1)}), names(3));
  EXPECT_EQ(refusal({Change(1, 4, 3), Change(2, 3, 2), Change(3, 2, 1)}),
            names(1));
}

}  // namespace
}  // namespace sodality
