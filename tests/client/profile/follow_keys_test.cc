// A device that knew one signing key of the ledger, and a head under another.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "client/profile/remembered.h"

namespace sodality {
namespace {

Remembered Seen() {
  Remembered out{.revision = 20, .ledger_number = 10};
  out.ledger_leaf.fill(1);
  out.ledger_key.fill(0xab);
  return out;
}

// Signed by both keys, as VerifyHead has seen.
LedgerHead Following(const std::vector<std::pair<uint64_t, uint8_t>>& changes,
                     uint8_t first = 0xab) {
  LedgerHead head{.number = 100, .revision = 200};
  head.public_key = std::string(32, static_cast<char>(first));
  for (const auto& [number, to] : changes) {
    const std::string old_key = head.public_key;
    head.public_key = std::string(32, static_cast<char>(to));
    head.key_changes.push_back(
        {.number = number, .old_key = old_key, .new_key = head.public_key});
  }
  return head;
}

TEST(FollowKeysTest, LeadsFromTheKeyThatWasSeenToTheOneThatSigns) {
  const Remembered known = Seen();
  const auto key_after = [&](const LedgerHead& head) {
    const Remembered after = FollowKeys(known, head);
    EXPECT_EQ(after.ledger_number, 10u);
    EXPECT_EQ(after.ledger_leaf, known.ledger_leaf);
    return after.ledger_key[31];
  };
  EXPECT_EQ(key_after(Following({})), 0xab);
  EXPECT_EQ(key_after(Following({{11, 0xcd}})), 0xcd);
  EXPECT_EQ(key_after(Following({{11, 0xcd}, {12, 0xef}})), 0xef);
  // It knew the second of three.
  EXPECT_EQ(key_after(Following({{5, 0xab}, {12, 0xef}}, 0x01)), 0xef);
  // None leads away from its own, or one did that it would have seen.
  EXPECT_EQ(key_after(Following({{11, 0xcd}}, 0x01)), 0xab);
  EXPECT_EQ(key_after(Following({{10, 0xcd}})), 0xab);
  EXPECT_EQ(key_after(Following({{9, 0xcd}, {12, 0xef}})), 0xab);
}

TEST(FollowKeysTest, BehindARestoreTheNumbersAreOthers) {
  LedgerHead head = Following({{9, 0xcd}});
  head.incarnation = std::string(16, 'r');
  Remembered known = Seen();
  EXPECT_EQ(FollowKeys(known, head).ledger_key[0], 0xcd);
  known.incarnation.fill('r');
  EXPECT_EQ(FollowKeys(known, head).ledger_key[0], 0xab);
  head.incarnation.clear();
  EXPECT_EQ(FollowKeys(known, head).ledger_key[0], 0xcd);
}

}  // namespace
}  // namespace sodality
