#include "server/core/access/invite_maker.h"

#include <string>
#include <utility>

#include "crypto/pki/invite_file.h"
#include "server/core/byte_builder.h"
#include "server/core/chapter.h"
#include "server/core/error.h"
#include "text/base32.h"
#include "text/utf8.h"

namespace sodality::core {
namespace {

constexpr std::chrono::hours kDefaultLife{24};
constexpr std::chrono::hours kLongestLife{24 * 7};
constexpr size_t kLongestName = 128;

absl::Status Invalid(std::string_view message, std::string_view field) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, message,
      {.reason = Reason::kInvalidValue, .field = std::string(field)});
}

}  // namespace

absl::Status CheckPrincipalName(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) {
    return Invalid("a name has 1 to 128 bytes", "name");
  }
  if (!text::IsValidUtf8(name) || text::HasControlCharacter(name)) {
    return Invalid("a name is UTF-8 text without control characters", "name");
  }
  if (text::DecodeBase32(name).ok()) {
    return Invalid("this name could be taken for an id", "name");
  }
  return absl::OkStatus();
}

absl::StatusOr<MadeInvite> MakeInvite(const AccessParts& parts,
                                      const Principal& principal,
                                      std::chrono::seconds ttl) {
  if (ttl.count() == 0) ttl = kDefaultLife;
  if (ttl.count() < 0 || ttl > kLongestLife) {
    return Invalid("an invite lives for at most 7 days", "ttl");
  }
  auto key = pki::PrivateKey::Generate();
  if (!key.ok()) return key.status();
  MadeInvite made;
  made.row.id.bytes = crypto::RandomId(parts.base.random);
  auto certificate = parts.authority.IssueInvite(
      key->public_key(), text::EncodeBase32(made.row.id.bytes),
      parts.base.clock.Now(), ttl);
  if (!certificate.ok()) return certificate.status();
  made.row.principal = principal.id;
  made.row.fingerprint = certificate->fingerprint().bytes;
  made.row.spki = key->public_key().spki_hash().bytes;
  made.row.expires = certificate->validity().not_after;
  auto file = pki::SerializeInvite({parts.base.info.address, principal.name,
                                    std::string(RoleName(principal.role)),
                                    parts.authority.certificate(),
                                    *std::move(certificate), *std::move(key)});
  if (!file.ok()) return file.status();
  made.output = {made.row.id, principal.id, *std::move(file), made.row.expires};
  return made;
}

crypto::SecretBytes EncodeInviteOutput(const InviteOutput& output) {
  ByteBuilder out;
  out.Raw(output.id.bytes).Raw(output.principal.bytes);
  out.Put(static_cast<uint64_t>(output.expires.millis));
  out.Sized(output.file.Expose(crypto::AllowSecretAccess()));
  return out.TakeSecret();
}

absl::StatusOr<InviteOutput> DecodeInviteOutput(
    const crypto::SecretBytes& bytes) {
  crypto::ByteReader in(bytes.Expose(crypto::AllowSecretAccess()));
  InviteOutput output;
  output.id.bytes = in.GetArray<16>();
  output.principal.bytes = in.GetArray<16>();
  output.expires.millis = static_cast<int64_t>(in.Get<uint64_t>());
  output.file = crypto::SecretBytes::CopyOf(ReadSized(in));
  if (!in.AtEnd())
    return absl::DataLossError("a remembered request is damaged");
  return output;
}

}  // namespace sodality::core
