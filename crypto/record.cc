#include "crypto/record.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/aead.h"
#include "crypto/byte_codec.h"
#include "crypto/keyed_hash.h"
#include "crypto/padded_aead.h"

namespace sodality::crypto {
namespace {

// docs/formats.md section 2.
constexpr uint8_t kFormat = 1;
constexpr uint8_t kAlgorithm = 1;
constexpr size_t kHeaderSize = 8;
constexpr size_t kBoxSize = RecordKey::kSize + kTagSize;
constexpr size_t kCommitmentSize = 32;
constexpr size_t kPrefixSize =
    kHeaderSize + kNonceSize + kBoxSize + kCommitmentSize;
static_assert(kFieldOverhead ==
              sizeof(uint16_t) + sizeof(uint32_t) + kNonceSize + kTagSize);

absl::Status DoesNotOpen() {
  return absl::DataLossError("the record does not open");
}

absl::Status NotARecord() {
  return absl::DataLossError("these bytes are no sealed record");
}

// Id and length of every field in order: what the commitment covers, so that a
// field cannot be dropped from a record unnoticed.
using Directory = absl::InlinedVector<uint8_t, 192>;

void AppendToDirectory(Directory& directory, uint16_t field_id, size_t sealed) {
  const auto id = LittleEndian(field_id);
  const auto size = LittleEndian(static_cast<uint32_t>(sealed));
  directory.insert(directory.end(), id.begin(), id.end());
  directory.insert(directory.end(), size.begin(), size.end());
}

// What a wrapped key is bound to.
struct Binding {
  const RecordContext& context;
  uint32_t wrap_key_version;
  const Directory& directory;
};

void AddBinding(AssociatedData& to, const Binding& binding) {
  to.AddU8(kFormat)
      .Add(binding.context.chapter_id)
      .Add(binding.context.member_id)
      .AddU64(binding.context.revision)
      .AddU32(binding.wrap_key_version);
}

AssociatedData WrapBinding(const Binding& binding) {
  AssociatedData out("sodality/wrapped-key/1");
  AddBinding(out, binding);
  return out;
}

Bytes32 Commitment(const SubKey& commit, const Binding& binding) {
  AssociatedData input("sodality/record-commitment/1");
  AddBinding(input, binding);
  input.Add(binding.directory);
  return KeyedHash32(commit, input);
}

AssociatedData FieldBinding(const RecordContext& context, uint16_t field_id) {
  AssociatedData out("sodality/field/1");
  out.AddU8(kFormat)
      .Add(context.chapter_id)
      .Add(context.member_id)
      .AddU16(field_id)
      .AddU64(context.revision);
  return out;
}

CommittingKeys RecordSubKeys(const RecordKey& key) {
  return DeriveCommittingKeys(key.Expose(AllowSecretAccess()),
                              "sodality/record-subkeys/1");
}

// The wrapped key: nonce, box, commitment.
struct KeyToWrap {
  const RecordKey& record_key;
  const SubKey& commit;
  Nonce nonce;
};

void WriteWrappedKey(ByteWriter& out, const WrapKey& wrap,
                     const KeyToWrap& wrapped, const Binding& binding) {
  out.PutBytes(wrapped.nonce);
  AeadSeal(wrap.Expose(AllowSecretAccess()), wrapped.nonce,
           WrapBinding(binding), wrapped.record_key.Expose(AllowSecretAccess()),
           out.Take(kBoxSize));
  out.PutBytes(Commitment(wrapped.commit, binding));
}

void WriteHeader(ByteWriter& out, uint32_t wrap_key_version, size_t fields) {
  out.Put(kFormat);
  out.Put(kAlgorithm);
  out.Put(wrap_key_version);
  out.Put(static_cast<uint16_t>(fields));
}

using SortedFields = absl::InlinedVector<FieldToSeal, 32>;

absl::StatusOr<SortedFields> CheckAndSort(std::span<const FieldToSeal> fields) {
  if (fields.size() > kMaxFields) {
    return absl::InvalidArgumentError(
        absl::StrCat("a record holds at most ", kMaxFields, " fields"));
  }
  SortedFields sorted(fields.begin(), fields.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const FieldToSeal& a, const FieldToSeal& b) {
              return a.field_id < b.field_id;
            });
  for (size_t i = 0; i < sorted.size(); ++i) {
    const uint16_t id = sorted[i].field_id;
    if (i > 0 && sorted[i - 1].field_id == id) {
      return absl::InvalidArgumentError(
          absl::StrCat("field ", id, " is given twice"));
    }
    if (sorted[i].value->size() > kMaxFieldSize) {
      return absl::InvalidArgumentError(absl::StrCat(
          "field ", id, " is larger than ", kMaxFieldSize, " bytes"));
    }
  }
  return sorted;
}

void WriteField(ByteWriter& out, const FieldToSeal& field, Nonce nonce,
                const SubKey& seal, const AssociatedData& binding) {
  const auto content = field.value->Expose(AllowSecretAccess());
  const size_t sealed_size = SealedSize(content.size());
  out.Put(field.field_id);
  out.Put(static_cast<uint32_t>(sealed_size));
  out.PutBytes(nonce);
  SealPadded(seal.Expose(AllowSecretAccess()), nonce, binding, content,
             out.Take(sealed_size));
}

// All the random bytes of one record, in one call of the system.
class RecordRandomness final {
 public:
  RecordRandomness(size_t fields, Random& random)
      : bytes_(
            SecretBytes::OfSize(RecordKey::kSize + kNonceSize * (fields + 1))) {
    random.Fill(bytes_.ExposeMutable(AllowSecretAccess()));
  }
  RecordKey TakeKey() { return RecordKey::CopyOf(Next<RecordKey::kSize>()); }
  Nonce TakeNonce() { return Next<kNonceSize>(); }

 private:
  template <size_t kBytes>
  std::span<const uint8_t, kBytes> Next() {
    const auto next =
        bytes_.Expose(AllowSecretAccess()).subspan(used_).first<kBytes>();
    used_ += kBytes;
    return next;
  }
  SecretBytes bytes_;
  size_t used_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<uint8_t>> SealRecord(
    const RecordContext& context, Versioned<WrapKey> wrap,
    std::span<const FieldToSeal> fields, Random& random) {
  const auto sorted = CheckAndSort(fields);
  if (!sorted.ok()) return sorted.status();
  Directory directory;
  size_t size = kPrefixSize;
  for (const FieldToSeal& field : *sorted) {
    const size_t sealed = SealedSize(field.value->size());
    AppendToDirectory(directory, field.field_id, sealed);
    size += kFieldOverhead - kTagSize + sealed;
  }
  RecordRandomness randomness(sorted->size(), random);
  const RecordKey record_key = randomness.TakeKey();
  const CommittingKeys subkeys = RecordSubKeys(record_key);

  std::vector<uint8_t> bytes(size);
  ByteWriter out(bytes);
  WriteHeader(out, wrap.version, sorted->size());
  WriteWrappedKey(out, wrap.key,
                  {record_key, subkeys.commit, randomness.TakeNonce()},
                  {context, wrap.version, directory});
  for (const FieldToSeal& field : *sorted) {
    WriteField(out, field, randomness.TakeNonce(), subkeys.seal,
               FieldBinding(context, field.field_id));
  }
  return bytes;
}

absl::StatusOr<SealedRecord> SealedRecord::Parse(
    std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  const auto format = in.Get<uint8_t>();
  const auto algorithm = in.Get<uint8_t>();
  SealedRecord record;
  record.bytes_ = bytes;
  record.wrap_key_version_ = in.Get<uint32_t>();
  const auto fields = in.Get<uint16_t>();
  in.GetBytes(kPrefixSize - kHeaderSize);
  if (!in.ok() || format == 0 || algorithm == 0) return NotARecord();
  if (format > kFormat || algorithm > kAlgorithm) {
    return absl::FailedPreconditionError(
        absl::StrCat("record format ", format, ".", algorithm,
                     " is unknown (newer than this program?)"));
  }
  if (fields > kMaxFields) return NotARecord();
  for (int i = 0; i < fields; ++i) {
    Entry entry;
    entry.field_id = in.Get<uint16_t>();
    const auto size = in.Get<uint32_t>();
    entry.nonce = in.GetBytes(kNonceSize);
    entry.sealed = in.GetBytes(size);
    if (!in.ok() || size < kMinSealedSize) return NotARecord();
    if (i > 0 && record.entries_.back().field_id >= entry.field_id) {
      return NotARecord();
    }
    record.entries_.push_back(entry);
  }
  if (!in.AtEnd()) return NotARecord();
  return record;
}

absl::StatusOr<SealedRecord::Unwrapped> SealedRecord::UnwrapKey(
    const WrapKey& wrap, const RecordContext& context) const {
  Directory directory;
  for (const Entry& entry : entries_) {
    AppendToDirectory(directory, entry.field_id, entry.sealed.size());
  }
  const Binding binding{context, wrap_key_version_, directory};
  ByteReader in(bytes_.subspan(kHeaderSize));
  const auto nonce = in.GetBytes(kNonceSize).first<kNonceSize>();
  const auto box = in.GetBytes(kBoxSize);
  const auto commitment = in.GetBytes(kCommitmentSize);
  std::array<uint8_t, RecordKey::kSize> key;
  if (!AeadOpen(wrap.Expose(AllowSecretAccess()), nonce, WrapBinding(binding),
                box, key)) {
    return DoesNotOpen();
  }
  RecordKey record_key = RecordKey::CopyOf(key);
  Wipe(key);
  CommittingKeys subkeys = RecordSubKeys(record_key);
  if (!ConstantTimeEquals(Commitment(subkeys.commit, binding), commitment)) {
    return DoesNotOpen();
  }
  return Unwrapped{std::move(record_key), std::move(subkeys)};
}

absl::StatusOr<RecordReader> SealedRecord::Unwrap(
    const WrapKey& wrap, const RecordContext& context) const {
  auto unwrapped = UnwrapKey(wrap, context);
  if (!unwrapped.ok()) return unwrapped.status();
  return RecordReader(context, entries_, std::move(unwrapped->subkeys.seal));
}

absl::StatusOr<std::vector<uint8_t>> SealedRecord::Rewrap(
    const WrapKey& from, Versioned<WrapKey> to, const RecordContext& context,
    Random& random) const {
  const auto unwrapped = UnwrapKey(from, context);
  if (!unwrapped.ok()) return unwrapped.status();
  Directory directory;
  for (const Entry& entry : entries_) {
    AppendToDirectory(directory, entry.field_id, entry.sealed.size());
  }
  std::array<uint8_t, kNonceSize> nonce;
  random.Fill(nonce);
  std::vector<uint8_t> bytes(bytes_.begin(), bytes_.end());
  ByteWriter out(std::span<uint8_t>(bytes).first(kPrefixSize));
  WriteHeader(out, to.version, entries_.size());
  WriteWrappedKey(out, to.key,
                  {unwrapped->record_key, unwrapped->subkeys.commit, nonce},
                  {context, to.version, directory});
  return bytes;
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
  auto value = OpenPadded(seal_.Expose(AllowSecretAccess()),
                          entry->nonce.first<kNonceSize>(),
                          FieldBinding(context_, field_id), entry->sealed);
  if (!value) return DoesNotOpen();
  return *std::move(value);
}

}  // namespace sodality::crypto
