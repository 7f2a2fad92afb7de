// Invite files: as they are, and with the checksum that fits, behind which
// everything else lies.
#include <string>

#include "crypto/pki/invite_file.h"
#include "crypto/pki/invite_lines.h"
#include "tests/fuzz/fuzz_input.h"

namespace sodality::pki {
namespace {

void Parse(std::string_view text) {
  const auto secret = crypto::SecretBytes::CopyOf(crypto::AsBytes(text));
  const auto invite = ParseInvite(secret);
  if (!invite.ok()) {
    return fuzz::RequireRefusal(invite.status(),
                                {absl::StatusCode::kInvalidArgument});
  }
  const auto again = SerializeInvite(*invite);
  fuzz::Require(again.ok() && again->Equals(secret),
                "an invite has one spelling");
}

}  // namespace
}  // namespace sodality::pki

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace pki = sodality::pki;
  const std::string text(data, data + size);
  pki::Parse(text);
  pki::Parse(text + pki::ChecksumLine(text));
  return 0;
}
