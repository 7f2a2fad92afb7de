// Page tokens: the sealed ones of a search, and the plain ones of other lists.
#include <string>

#include "absl/strings/ascii.h"
#include "server/core/page_token.h"
#include "server/rpc/page_token.h"
#include "tests/crypto/seeded_random.h"
#include "tests/fuzz/fuzz_input.h"

namespace sodality {
namespace {

using fuzz::Require;

constexpr auto kInvalid = {absl::StatusCode::kInvalidArgument};
constexpr core::MemberId kAfter = {{9, 8, 7}};

struct Sample {
  platform::FakeClock clock{platform::Timestamp{1'700'000'000'000}};
  crypto::SeededRandom random{1};
  core::PageTokens tokens{clock, random};
  core::PageTokens of_another_start{clock, random};
  core::SearchQuery query;
  core::PageOwner owner{{{1}}, {{{2}}, 3}, query};
  std::string token = *tokens.Seal(owner, kAfter);
};

const Sample& Valid() {
  static const Sample* const sample = new Sample;
  return *sample;
}

void CheckSealed(std::string_view token) {
  const Sample& valid = Valid();
  const auto opened = valid.tokens.Open(valid.owner, token);
  if (opened.ok()) {
    Require(opened->bytes == kAfter.bytes, "only what was sealed opens");
  } else {
    Require(token != valid.token, "the valid token opens");
    fuzz::RequireRefusal(opened.status(), kInvalid);
  }
  core::PageOwner other = valid.owner;
  other.grant.version += 1;
  Require(!valid.tokens.Open(other, token).ok(), "bound to the grant");
  Require(!valid.of_another_start.Open(valid.owner, token).ok(),
          "bound to the server's start");
}

void CheckPlain(const std::string& token, std::string_view question) {
  const auto position = rpc::ParsePageToken(token, question);
  if (!position.ok()) {
    return fuzz::RequireRefusal(position.status(), kInvalid);
  }
  const std::string again = rpc::FormatPageToken(*position, question);
  Require(token.empty() || absl::AsciiStrToLower(token) == again,
          "a position has one token");
}

void RoundTrip(fuzz::FuzzInput& input) {
  uint64_t position = 0;
  for (int i = 0; i < 8; ++i) position = position << 8 | input.Byte();
  const std::string_view question = crypto::AsText(input.Rest());
  if (position == 0) return;
  const std::string token = rpc::FormatPageToken(position, question);
  const auto parsed = rpc::ParsePageToken(token, question);
  Require(parsed.ok() && *parsed == position, "a token leads back");
  Require(!rpc::ParsePageToken(token, std::string(question) + "x").ok(),
          "a token is of one question");
}

}  // namespace
}  // namespace sodality

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sodality::fuzz::FuzzInput input(data, size);
  const auto text = [](std::span<const uint8_t> bytes) {
    return std::string(sodality::crypto::AsText(bytes));
  };
  const auto valid = [] {
    const std::string& token = sodality::Valid().token;
    return std::vector<uint8_t>(token.begin(), token.end());
  };
  switch (input.Byte() % 4) {
    case 0:
      sodality::CheckSealed(text(input.Rest()));
      break;
    case 1:
      sodality::CheckSealed(text(sodality::fuzz::Changed(valid(), input)));
      break;
    case 2:
      sodality::CheckPlain(text(input.Sized()), text(input.Rest()));
      break;
    default:
      sodality::RoundTrip(input);
  }
  return 0;
}
