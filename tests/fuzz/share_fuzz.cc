// Shares: as they are, and bodies with the checksum that fits, behind which
// everything else lies.
#include <string>

#include "crypto/sha256.h"
#include "crypto/share.h"
#include "crypto/sharing.h"
#include "tests/crypto/seeded_random.h"
#include "tests/fuzz/fuzz_input.h"

namespace sodality::crypto {
namespace {

using fuzz::Require;
using Bytes = std::vector<uint8_t>;

constexpr std::string_view kPrefix = "sodality-share-1-";

std::string Hex(std::span<const uint8_t> bytes) {
  std::string out;
  for (const uint8_t byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

std::string TokenOf(std::span<const uint8_t> body) {
  const Bytes32 sum = Sha256({AsBytes(kPrefix), body});
  return std::string(kPrefix) + Hex(body) + "-" + Hex(std::span(sum).first(4));
}

// What EncodeShare writes, without the line for people and on one line.
std::string TokenOf(const Share& share) {
  const SecretBytes text = EncodeShare(share, "Test Chapter");
  std::string token(AsText(text.Expose(AllowSecretAccess())));
  token.erase(0, token.find(kPrefix));
  std::erase(token, '\n');
  return token;
}

const Bytes& ValidBody() {
  static const Bytes* const body = [] {
    SeededRandom random(1);
    const auto dealt = DealRoot(Bytes16{1, 2}, {3, 5}, random);
    Require(dealt.ok(), "a root is dealt");
    const std::string token = TokenOf(dealt->shares[1]);
    auto* out = new Bytes;
    for (size_t at = kPrefix.size(); at + 9 < token.size(); at += 2) {
      out->push_back(static_cast<uint8_t>(
          std::stoi(token.substr(at, 2), nullptr, /*base=*/16)));
    }
    return out;
  }();
  return *body;
}

void Decode(std::string_view text) {
  const auto share = DecodeShare(SecretBytes::CopyOf(AsBytes(text)));
  if (!share.ok()) {
    return fuzz::RequireRefusal(share.status(),
                                {absl::StatusCode::kInvalidArgument,
                                 absl::StatusCode::kFailedPrecondition});
  }
  const ShareInfo& info = share->info();
  Require(CheckShareCounts(info.set.threshold, info.set.count).ok(),
          "counts can be");
  Require(info.index >= 1 && info.index <= info.set.count, "a number is one");
  Require(info.commitments.size() == info.set.threshold,
          "a commitment for each coefficient");
  Require(ShareSetId(info) == info.set.id, "a set is its commitments'");
  const auto again = DecodeShare(EncodeShare(*share, "Test Chapter"));
  Require(again.ok() && again->value().Equals(share->value()),
          "what is encoded decodes");
}

}  // namespace
}  // namespace sodality::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace crypto = sodality::crypto;
  sodality::fuzz::FuzzInput input(data, size);
  switch (input.Byte() % 3) {
    case 0:
      crypto::Decode(crypto::AsText(input.Rest()));
      break;
    case 1:
      crypto::Decode(crypto::TokenOf(input.Rest()));
      break;
    default:
      crypto::Decode(
          crypto::TokenOf(sodality::fuzz::Changed(crypto::ValidBody(), input)));
  }
  return 0;
}
