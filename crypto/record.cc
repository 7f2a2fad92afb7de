#include "crypto/record.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/aead.h"
#include "crypto/byte_codec.h"
#include "crypto/padded_aead.h"
#include "crypto/record_layout.h"

namespace sodality::crypto {
namespace {

absl::Status DoesNotOpen() {
  return absl::DataLossError("the record does not open");
}

absl::Status NotARecord() {
  return absl::DataLossError("these bytes are no sealed record");
}

absl::Status CheckFormat(uint8_t format, uint8_t algorithm) {
  if (format == 0 || algorithm == 0) return NotARecord();
  if (format <= kRecordFormat && algorithm <= kRecordAlgorithm) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("record format ", format, ".", algorithm,
                   " is unknown (newer than this program?)"));
}

}  // namespace

absl::StatusOr<SealedRecord> SealedRecord::Parse(
    std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  const auto format = in.Get<uint8_t>();
  const auto algorithm = in.Get<uint8_t>();
  SealedRecord record;
  record.bytes_ = bytes;
  record.wrap_key_version_ = in.Get<uint32_t>();
  const auto fields = in.Get<uint16_t>();
  in.GetBytes(kRecordPrefixSize - kRecordHeaderSize);
  if (!in.ok()) return NotARecord();
  if (auto s = CheckFormat(format, algorithm); !s.ok()) return s;
  if (fields > kMaxFields) return NotARecord();
  for (int i = 0; i < fields; ++i) {
    Entry entry;
    entry.field_id = in.Get<uint16_t>();
    const auto size = in.Get<uint32_t>();
    entry.box = in.GetBytes(kNonceSize + size_t{size});
    if (!in.ok() || size < kMinSealedSize) return NotARecord();
    const bool ascends =
        i == 0 || record.entries_.back().field_id < entry.field_id;
    if (!ascends) return NotARecord();
    record.entries_.push_back(entry);
  }
  if (!in.AtEnd()) return NotARecord();
  return record;
}

FieldDirectory SealedRecord::Directory() const {
  FieldDirectory directory;
  for (const Entry& entry : entries_) {
    AppendToDirectory(directory, entry.field_id, entry.box.size() - kNonceSize);
  }
  return directory;
}

absl::StatusOr<SealedRecord::Unwrapped> SealedRecord::UnwrapKey(
    const WrapKey& wrap, const WrapBinding& binding) const {
  ByteReader in(bytes_.subspan(kRecordHeaderSize));
  const auto nonce = in.GetBytes(kNonceSize).first<kNonceSize>();
  const auto box = in.GetBytes(kRecordBoxSize);
  const auto commitment = in.GetBytes(kRecordCommitmentSize);
  std::array<uint8_t, RecordKey::kSize> key;
  if (!AeadOpen(wrap.Expose(AllowSecretAccess()), nonce, BoxBinding(binding),
                box, key)) {
    return DoesNotOpen();
  }
  RecordKey record_key = RecordKey::CopyOf(key);
  Wipe(key);
  CommittingKeys subkeys = RecordSubKeys(record_key);
  if (!ConstantTimeEquals(RecordCommitment(subkeys.commit, binding),
                          commitment)) {
    return DoesNotOpen();
  }
  return Unwrapped{std::move(record_key), std::move(subkeys)};
}

absl::StatusOr<RecordReader> SealedRecord::Unwrap(
    const WrapKey& wrap, const RecordContext& context) const {
  auto unwrapped = UnwrapKey(wrap, {context, wrap_key_version_, Directory()});
  if (!unwrapped.ok()) return unwrapped.status();
  return RecordReader(context, entries_, std::move(unwrapped->subkeys.seal));
}

absl::StatusOr<std::vector<uint8_t>> SealedRecord::Rewrap(
    const WrapKey& from, Versioned<WrapKey> to, const RecordContext& context,
    Random& random) const {
  const FieldDirectory directory = Directory();
  const auto unwrapped =
      UnwrapKey(from, {context, wrap_key_version_, directory});
  if (!unwrapped.ok()) return unwrapped.status();
  std::array<uint8_t, kNonceSize> nonce;
  random.Fill(nonce);
  std::vector<uint8_t> bytes(bytes_.begin(), bytes_.end());
  ByteWriter out(std::span<uint8_t>(bytes).first(kRecordPrefixSize));
  WriteRecordPrefix(out, to.key,
                    {unwrapped->record_key, unwrapped->subkeys.commit, nonce},
                    {context, to.version, directory});
  return bytes;
}

absl::StatusOr<std::vector<uint8_t>> SealedRecord::Reseal(
    const WrapKey& from, Versioned<WrapKey> to, const RecordContext& context,
    Random& random) const {
  const auto reader = Unwrap(from, context);
  if (!reader.ok()) return reader.status();
  std::vector<Plaintext> values;
  std::vector<FieldToSeal> fields;
  values.reserve(entries_.size());  // Borrowed by `fields`.
  for (const Entry& entry : entries_) {
    auto value = reader->OpenField(entry.field_id);
    if (!value.ok()) return value.status();
    values.push_back(*std::move(value));
    fields.push_back({entry.field_id, &values.back()});
  }
  return SealRecord(context, to, fields, random);
}

const SealedRecord::Entry* RecordReader::Find(uint16_t field_id) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), field_id,
                       [](const SealedRecord::Entry& entry, uint16_t id) {
                         return entry.field_id < id;
                       });
  if (found == entries_.end() || found->field_id != field_id) return nullptr;
  return &*found;
}

std::vector<uint16_t> RecordReader::field_ids() const {
  std::vector<uint16_t> ids;
  ids.reserve(entries_.size());
  for (const SealedRecord::Entry& entry : entries_) {
    ids.push_back(entry.field_id);
  }
  return ids;
}

bool RecordReader::Has(uint16_t field_id) const {
  return Find(field_id) != nullptr;
}

absl::StatusOr<Plaintext> RecordReader::OpenField(uint16_t field_id) const {
  const SealedRecord::Entry* entry = Find(field_id);
  if (entry == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("the record has no field ", field_id));
  }
  auto value = OpenPadded(
      seal_.Expose(AllowSecretAccess()), entry->box.first<kNonceSize>(),
      FieldBinding(context_, field_id), entry->box.subspan(kNonceSize));
  if (!value) return DoesNotOpen();
  return *std::move(value);
}

}  // namespace sodality::crypto
