#include "server/core/tombstones/tombstone_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/byte_codec.h"

namespace sodality::core {
namespace {

constexpr char kTombstoneFileMagic[] = "SODTOMB1";
constexpr size_t kMagicBytes = sizeof kTombstoneFileMagic - 1;
constexpr size_t kLengthBytes = 4;
// Of a sealed entry: its most tombstones of 17 bytes, padded to a bucket.
constexpr uint32_t kMaxBlob = 64 << 10;

crypto::AssociatedData PlaceBehind(const crypto::Bytes16& chapter,
                                   const TombstoneChain& chain) {
  crypto::AssociatedData place("sodality/tombstone/1");
  place.Add(chapter).AddU64(chain.number + 1).Add(chain.link);
  return place;
}

absl::Status InEntry(uint64_t number, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat("entry ", number, ": ", status.message()));
}

}  // namespace

absl::StatusOr<TombstoneCodec> TombstoneCodec::Create(
    const crypto::Keyring& keyring) {
  const auto key = keyring.Active<crypto::SuppressionKey>();
  if (!key.ok()) return key.status();
  return TombstoneCodec(keyring.chapter_id(),
                        crypto::BlobSealer(*key, "tombstone"));
}

store::Bytes TombstoneCodec::Header() const {
  const auto magic = crypto::AsBytes(kTombstoneFileMagic).first(kMagicBytes);
  store::Bytes header(magic.begin(), magic.end());
  header.insert(header.end(), chapter_id_.begin(), chapter_id_.end());
  return header;
}

absl::StatusOr<store::Bytes> TombstoneCodec::Seal(const TombstoneEntry& entry,
                                                  crypto::Random& random,
                                                  TombstoneChain& chain) const {
  const auto blob = sealer_.Seal(PlaceBehind(chapter_id_, chain),
                                 EncodeTombstones(entry), random);
  if (!blob.ok()) return blob.status();
  const auto length = crypto::LittleEndian(static_cast<uint32_t>(blob->size()));
  store::Bytes bytes(length.begin(), length.end());
  bytes.insert(bytes.end(), blob->begin(), blob->end());
  chain = {chain.number + 1, crypto::Sha256(*blob)};
  return bytes;
}

absl::StatusOr<TombstoneEntry> TombstoneCodec::Open(
    std::span<const uint8_t> blob, TombstoneChain& chain) const {
  const auto content = sealer_.Open(PlaceBehind(chapter_id_, chain), blob);
  if (!content.ok()) return content.status();
  auto entry = DecodeTombstones(*content);
  if (!entry.ok()) return entry.status();
  chain = {chain.number + 1, crypto::Sha256(blob)};
  return entry;
}

absl::StatusOr<TombstoneContent> TombstoneCodec::Read(
    std::span<const uint8_t> file) const {
  const store::Bytes header = Header();
  if (file.size() < header.size() ||
      !std::equal(header.begin(), header.begin() + kMagicBytes - 1,
                  file.begin())) {
    return absl::DataLossError("this is no file of tombstones");
  }
  if (file[kMagicBytes - 1] != header[kMagicBytes - 1]) {
    return absl::FailedPreconditionError("it is of a newer server");
  }
  if (!std::equal(header.begin(), header.end(), file.begin())) {
    return absl::FailedPreconditionError(
        "these are another chapter's tombstones");
  }
  TombstoneContent content;
  content.length = header.size();
  while (content.length < file.size()) {
    const auto rest = file.subspan(content.length);
    // The size of an append was durable, and nothing of its bytes.
    if (std::all_of(rest.begin(), rest.end(),
                    [](uint8_t byte) { return byte == 0; })) {
      break;
    }
    crypto::ByteReader in(rest);
    const uint32_t length = in.Get<uint32_t>();
    const uint64_t number = content.chain.number + 1;
    const bool cut = !in.ok() || length > in.left();
    if (cut && (!in.ok() || length <= kMaxBlob)) break;
    if (length > kMaxBlob) {
      return absl::DataLossError(
          absl::StrCat("entry ", number, ": it is damaged"));
    }
    auto entry = Open(in.GetBytes(length), content.chain);
    // The last one is an append of which nobody was told, or is not known to
    // have been made.
    if (absl::IsDataLoss(entry.status()) && in.left() == 0) break;
    if (!entry.ok()) return InEntry(number, entry.status());
    content.entries.push_back(*std::move(entry));
    content.length += kLengthBytes + length;
  }
  content.torn_bytes = file.size() - content.length;
  return content;
}

}  // namespace sodality::core
