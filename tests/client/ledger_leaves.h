// Chains of leaves and the heads that they end in, for tests of what verifies
// them.
#ifndef SODALITY_TESTS_CLIENT_LEDGER_LEAVES_H_
#define SODALITY_TESTS_CLIENT_LEDGER_LEAVES_H_

#include <string>
#include <vector>

#include "client/ledger_chain.h"
#include "crypto/aad.h"
#include "crypto/byte_codec.h"
#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "crypto/signing.h"
#include "text/base32.h"

namespace sodality {

inline constexpr char kSignedChapter[] = "mfrggzdfmztwq2lknnwg23tpoa";

template <typename Bytes>
std::string AsString(const Bytes& bytes) {
  return std::string(crypto::AsText(bytes));
}

struct MemberPart {
  char tag = 'a';
  uint64_t sequence = 1;
};

// docs/formats.md "Ledger header", with nothing in the parts the chain skips.
inline LedgerLeaf MakeLeaf(uint64_t number, const LeafHash& previous,
                           const std::vector<MemberPart>& parts) {
  LedgerLeaf leaf;
  leaf.number = number;
  leaf.header = std::string(1, '\1');
  leaf.header += AsString(crypto::LittleEndian(number)) + AsString(previous);
  leaf.header += std::string(91, '\0');
  leaf.header +=
      AsString(crypto::LittleEndian(static_cast<uint32_t>(parts.size())));
  for (const MemberPart& part : parts) {
    leaf.header += std::string(16, part.tag);
    leaf.header += AsString(crypto::LittleEndian(part.sequence));
    leaf.commitments.push_back(std::string(32, 'c'));
  }
  return leaf;
}

inline LeafHash HashOf(const LedgerLeaf& leaf) {
  std::string input = std::string(1, '\0') + leaf.header;
  for (const std::string& commitment : leaf.commitments) input += commitment;
  return crypto::Sha256(crypto::AsBytes(input));
}

inline LedgerHead HeadOf(const std::vector<LedgerLeaf>& leaves) {
  LedgerHead head;
  head.number = leaves.size();
  head.leaf = AsString(HashOf(leaves.back()));
  head.revision = 5;
  return head;
}

inline absl::Status Check(const std::vector<LedgerLeaf>& leaves,
                          const LedgerHead& head) {
  LedgerChain chain;
  for (const LedgerLeaf& leaf : leaves) {
    const absl::Status added = chain.Add(leaf);
    if (!added.ok()) return added;
  }
  return chain.EndsIn(head);
}

// A head of before any restore.
inline void Sign(LedgerHead& head, const crypto::Signer& signer) {
  crypto::AssociatedData message("sodality/ledger-head/1");
  message.Add(*text::DecodeBase32(kSignedChapter)).AddU64(head.number);
  message.Add(crypto::AsBytes(head.leaf)).AddU64(head.revision);
  head.signature = AsString(signer.Sign(message.bytes()).bytes);
  head.public_key = AsString(signer.public_key().bytes);
}

}  // namespace sodality

#endif  // SODALITY_TESTS_CLIENT_LEDGER_LEAVES_H_
