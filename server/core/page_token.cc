#include "server/core/page_token.h"

#include <chrono>

#include "absl/strings/escaping.h"
#include "crypto/byte_codec.h"
#include "server/core/byte_builder.h"
#include "server/core/error.h"
#include "server/core/keyed_digest.h"

namespace sodality::core {
namespace {

constexpr std::chrono::hours kLife{1};
constexpr size_t kMaxTokenBytes = 256;

absl::Status BadToken() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "the page token is not of this search, or too old",
                   {.reason = Reason::kBadPageToken,
                    .hint = "search again from the first page"});
}

void AddSecret(KeyedDigest& digest, const crypto::SecretBytes& value) {
  digest.Add(value.Expose(crypto::AllowSecretAccess()));
}

crypto::Bytes32 QuestionOf(const SearchQuery& query, KeyedDigest digest) {
  digest.AddNumber(query.words.size());
  for (const crypto::SecretBytes& word : query.words) AddSecret(digest, word);
  digest.AddNumber(query.filters.size());
  for (const FilterTerm& filter : query.filters) {
    AddSecret(digest.AddText(filter.field), filter.value);
  }
  digest.AddNumber(query.view.reveal ? 1 : 0);
  digest.AddNumber(query.view.fields.size());
  for (const std::string& field : query.view.fields) digest.AddText(field);
  return digest.AddText(query.country).Finish();
}

crypto::BlobSealer RandomSealer(crypto::Random& random) {
  const auto key = crypto::LeaseKey::Generate(random);
  return crypto::BlobSealer(crypto::Versioned<crypto::LeaseKey>{1, key},
                            "page-token");
}

}  // namespace

PageTokens::PageTokens(const platform::Clock& clock, crypto::Random& random)
    : clock_(clock),
      random_(random),
      question_key_(crypto::SubKey::Generate(random)),
      sealer_(RandomSealer(random)) {}

crypto::AssociatedData PageTokens::BoundTo(const PageOwner& owner) const {
  crypto::AssociatedData bound_to("sodality/page-token/1");
  bound_to.Add(owner.principal.bytes)
      .Add(owner.grant.id.bytes)
      .AddU64(owner.grant.version)
      .Add(QuestionOf(owner.query, KeyedDigest(question_key_, "question")));
  return bound_to;
}

absl::StatusOr<std::string> PageTokens::Seal(const PageOwner& owner,
                                             const MemberId& after) const {
  const Timestamp expires = clock_.Now() + kLife;
  ByteBuilder plain;
  plain.Raw(after.bytes).Put(static_cast<uint64_t>(expires.millis));
  const auto sealed = sealer_.Seal(BoundTo(owner), plain.TakeSecret(), random_);
  if (!sealed.ok()) return sealed.status();
  const std::string_view bytes = crypto::AsText(*sealed);
  return absl::WebSafeBase64Escape(
      absl::string_view(bytes.data(), bytes.size()));
}

absl::StatusOr<MemberId> PageTokens::Open(const PageOwner& owner,
                                          std::string_view token) const {
  std::string sealed;
  if (token.size() > kMaxTokenBytes ||
      !absl::WebSafeBase64Unescape(
          absl::string_view(token.data(), token.size()), &sealed)) {
    return BadToken();
  }
  const auto plain = sealer_.Open(BoundTo(owner), crypto::AsBytes(sealed));
  if (!plain.ok()) return BadToken();
  crypto::ByteReader reader(plain->Expose(crypto::AllowSecretAccess()));
  const MemberId after{reader.GetArray<16>()};
  const Timestamp expires{static_cast<int64_t>(reader.Get<uint64_t>())};
  if (!reader.AtEnd() || clock_.Now() >= expires) return BadToken();
  return after;
}

}  // namespace sodality::core
