// What a client verifies of the ledger, on the files of tests/vectors, which a
// second implementation of docs/formats-ledger.md made.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "client/ledger_chain.h"
#include "crypto/secret.h"
#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"
#include "text/base32.h"

namespace sodality {
namespace {

using vectors::Format;
using vectors::FormatTest;
using vectors::Number;
using vectors::Values;
using vectors::Vector;

std::string RawOf(const std::string& digits) {
  return std::string(crypto::AsText(crypto::FromHex(digits)));
}

LedgerLeaf LeafOf(const Vector& vector, const std::string& at) {
  LedgerLeaf leaf;
  leaf.number = Number(vector, "number-" + at);
  leaf.header = RawOf(vector.at("header-" + at));
  const std::string commitments = RawOf(vector.at("commitments-" + at));
  for (size_t i = 0; i < commitments.size(); i += 32) {
    leaf.commitments.push_back(commitments.substr(i, 32));
  }
  return leaf;
}

LedgerKeyChange ChangeOf(const Vector& vector, const std::string& at) {
  return {Number(vector, "change-number-" + at),
          RawOf(vector.at("old-key-" + at)), RawOf(vector.at("new-key-" + at)),
          RawOf(vector.at("old-signature-" + at)),
          RawOf(vector.at("new-signature-" + at))};
}

absl::StatusOr<Values> RunChain(const Vector& vector) {
  LedgerHead head;
  head.number = Number(vector, "head-number");
  head.leaf = RawOf(vector.at("head-leaf"));
  head.revision = Number(vector, "head-revision");
  head.public_key = RawOf(vector.at("public-key"));
  head.signature = RawOf(vector.at("signature"));
  if (vector.contains("incarnation")) {
    head.incarnation = RawOf(vector.at("incarnation"));
    head.parent = RawOf(vector.at("parent"));
  }
  const uint64_t changes =
      vector.contains("changes") ? Number(vector, "changes") : 0;
  for (uint64_t at = 1; at <= changes; ++at) {
    head.key_changes.push_back(ChangeOf(vector, std::to_string(at)));
  }
  const std::string chapter =
      text::EncodeBase32(crypto::ArrayFromHex<16>(vector.at("chapter")));
  if (auto s = VerifyHead(chapter, head); !s.ok()) return s;
  LedgerChain chain;
  for (uint64_t at = 1; at <= Number(vector, "entries"); ++at) {
    if (auto s = chain.Add(LeafOf(vector, std::to_string(at))); !s.ok()) {
      return s;
    }
  }
  if (auto s = chain.EndsIn(head); !s.ok()) return s;
  return Values{{"head-number", std::to_string(head.number)}};
}

Format Chain(const std::string& bytes) {
  return {.folder = "ledger-chain",
          .run = RunChain,
          .bytes = bytes,
          .places = {"chapter", "head-number", "head-leaf", "head-revision",
                     "public-key", "number-3"}};
}

INSTANTIATE_TEST_SUITE_P(Client, FormatTest,
                         testing::Values(Chain("header-1"), Chain("header-4"),
                                         Chain("commitments-2"),
                                         Chain("head-leaf"), Chain("signature"),
                                         Chain("public-key")),
                         [](const auto& param_info) {
                           std::string name = param_info.param.bytes;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sodality
