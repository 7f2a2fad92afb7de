#include "client/ledger_chain.h"

#include <algorithm>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/include/sodality/error_info.h"
#include "crypto/aad.h"
#include "crypto/byte_codec.h"
#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "crypto/signing.h"
#include "text/base32.h"

namespace sodality {
namespace {

constexpr uint8_t kHeaderVersion = 1;
// What the chain does not depend on: time, revision; outcome, actor, device,
// grant, grant version.
constexpr size_t kBeforeAction = 8 + 8;
constexpr size_t kBehindAction = 1 + 3 * 16 + 8;
constexpr uint16_t kActivateKey = 44;
constexpr uint8_t kLedgerKind = 5;
// docs/formats-ledger.md: a head says no more.
constexpr size_t kMostKeyChanges = 64;

struct Part {
  std::array<uint8_t, 16> tag{};
  uint64_t sequence = 0;
};

struct Header {
  uint64_t number = 0;
  LeafHash previous{};
  bool starts_key = false;  // Another key signs from this entry on.
  std::vector<Part> parts;
};

absl::Status BadChain(uint64_t number, const char* what) {
  return MakeError(
      absl::StatusCode::kDataLoss,
      absl::StrCat("the ledger does not verify: entry ", number, " ", what),
      {.reason = "BAD_CHAIN",
       .hint = "the record was tampered with or damaged: tell "
               "the other admins and keep a copy"});
}

bool ReadHeader(const std::string& bytes, Header* header) {
  crypto::ByteReader in(crypto::AsBytes(bytes));
  if (in.Get<uint8_t>() != kHeaderVersion) return false;
  header->number = in.Get<uint64_t>();
  header->previous = in.GetArray<32>();
  in.GetBytes(kBeforeAction);
  const auto action = in.Get<uint16_t>();
  in.GetBytes(kBehindAction);
  const auto subject = in.GetArray<16>();
  header->starts_key = action == kActivateKey && subject[0] == kLedgerKind;
  const uint32_t parts = in.Get<uint32_t>();
  for (uint32_t i = 0; i < parts && in.ok(); ++i) {
    Part part;
    part.tag = in.GetArray<16>();
    part.sequence = in.Get<uint64_t>();
    header->parts.push_back(part);
  }
  return in.AtEnd();
}

LeafHash HashOf(const LedgerLeaf& leaf) {
  std::string input(1, '\0');
  input += leaf.header;
  for (const std::string& commitment : leaf.commitments) input += commitment;
  return crypto::Sha256(crypto::AsBytes(input));
}

bool CommitmentsFit(const LedgerLeaf& leaf, const Header& header) {
  return leaf.commitments.size() == header.parts.size() &&
         std::all_of(leaf.commitments.begin(), leaf.commitments.end(),
                     [](const std::string& c) { return c.size() == 32; });
}

template <size_t kBytes>
bool CopyExactly(const std::string& from, std::array<uint8_t, kBytes>* to) {
  if (from.size() != kBytes) return false;
  const auto bytes = crypto::AsBytes(from);
  std::copy(bytes.begin(), bytes.end(), to->begin());
  return true;
}

// Both or none, and no incarnation that means that there is none.
bool DescentFits(const LedgerHead& head) {
  if (head.incarnation.empty()) return head.parent.empty();
  return head.incarnation.size() == 16 && head.parent.size() == 16 &&
         head.incarnation != std::string(16, '\0') &&
         head.incarnation != head.parent;
}

bool IsSigned(const std::string& key, const crypto::AssociatedData& message,
              const std::string& by) {
  crypto::PublicKey public_key;
  crypto::Signature signature;
  return CopyExactly(key, &public_key.bytes) &&
         CopyExactly(by, &signature.bytes) &&
         crypto::VerifySignature(public_key, message.bytes(), signature);
}

bool IsSignedByBoth(const std::array<uint8_t, 16>& chapter,
                    const LedgerKeyChange& change) {
  crypto::AssociatedData message("sodality/ledger-sign-keys/1");
  message.Add(chapter)
      .Add(crypto::AsBytes(change.old_key))
      .Add(crypto::AsBytes(change.new_key))
      .AddU64(change.number);
  return IsSigned(change.old_key, message, change.old_signature) &&
         IsSigned(change.new_key, message, change.new_signature);
}

// They follow each other and end in the key of the head.
bool KeyChangesHold(const std::array<uint8_t, 16>& chapter,
                    const LedgerHead& head) {
  if (head.key_changes.size() > kMostKeyChanges) return false;
  uint64_t before = 0;
  const LedgerKeyChange* last = nullptr;
  for (const LedgerKeyChange& change : head.key_changes) {
    const bool follows = last == nullptr || last->new_key == change.old_key;
    if (!follows || change.number <= before || change.number > head.number ||
        !IsSignedByBoth(chapter, change)) {
      return false;
    }
    before = change.number;
    last = &change;
  }
  return last == nullptr || last->new_key == head.public_key;
}

}  // namespace

absl::Status VerifyHead(const std::string& chapter_id, const LedgerHead& head) {
  const auto chapter = text::DecodeBase32(chapter_id);
  if (!chapter.ok()) return chapter.status();
  const bool restored = !head.incarnation.empty();
  crypto::AssociatedData message(restored ? "sodality/ledger-head/2"
                                          : "sodality/ledger-head/1");
  message.Add(*chapter)
      .AddU64(head.number)
      .Add(crypto::AsBytes(head.leaf))
      .AddU64(head.revision);
  if (restored) {
    message.Add(crypto::AsBytes(head.incarnation))
        .Add(crypto::AsBytes(head.parent));
  }
  const bool verified = head.leaf.size() == 32 && DescentFits(head) &&
                        IsSigned(head.public_key, message, head.signature) &&
                        KeyChangesHold(*chapter, head);
  if (verified) return absl::OkStatus();
  return MakeError(absl::StatusCode::kDataLoss,
                   "the signature of the ledger's head does not verify",
                   {.reason = "BAD_HEAD"});
}

void LedgerChain::Expect(uint64_t number, const LeafHash& leaf,
                         const std::string& incarnation) {
  expected_number_ = number;
  expected_leaf_ = leaf;
  expected_incarnation_ = incarnation;
}

absl::Status LedgerChain::Add(const LedgerLeaf& leaf) {
  const uint64_t number = entries_ + 1;
  Header header;
  if (!ReadHeader(leaf.header, &header) || !CommitmentsFit(leaf, header)) {
    return BadChain(number, "has no valid form");
  }
  if (leaf.number != number || header.number != number) {
    return BadChain(number, "is missing");
  }
  if (header.previous != last_) {
    return BadChain(number, "does not follow the one before");
  }
  for (const Part& part : header.parts) {
    if (part.sequence != ++sequences_[part.tag]) {
      return BadChain(number, "breaks a member's own sequence");
    }
  }
  last_ = HashOf(leaf);
  entries_ = number;
  if (header.starts_key) key_starts_.push_back(number);
  if (number == expected_number_) is_another_ = last_ != expected_leaf_;
  return absl::OkStatus();
}

uint64_t LedgerChain::FirstOtherKeyStart(const LedgerHead& head) const {
  const size_t told = head.key_changes.size();
  const size_t there = std::min(key_starts_.size(), kMostKeyChanges);
  if (told > there) return head.key_changes[told - there - 1].number;
  if (told < there) return key_starts_[key_starts_.size() - told - 1];
  for (size_t i = 0; i < told; ++i) {
    const uint64_t number = key_starts_[key_starts_.size() - told + i];
    if (head.key_changes[i].number != number) return number;
  }
  return 0;
}

absl::Status LedgerChain::EndsIn(const LedgerHead& head) const {
  LeafHash leaf{};
  if (head.number != entries_ || !CopyExactly(head.leaf, &leaf) ||
      leaf != last_) {
    return BadChain(entries_, "is not the one that the signed head names");
  }
  if (const auto wrong = FirstOtherKeyStart(head); wrong != 0) {
    return BadChain(wrong, "is not where the signed head says its key changed");
  }
  // A restore takes back what came after its backup, and says so.
  if (head.incarnation != expected_incarnation_) return absl::OkStatus();
  if (is_another_) {
    return BadChain(expected_number_, "is not the one seen before");
  }
  if (entries_ < expected_number_) {
    return BadChain(expected_number_, "was there before and is gone");
  }
  return absl::OkStatus();
}

}  // namespace sodality
