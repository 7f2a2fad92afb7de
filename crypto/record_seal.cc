#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/drawn_at_once.h"
#include "crypto/padded_aead.h"
#include "crypto/record.h"
#include "crypto/record_layout.h"

namespace sodality::crypto {
namespace {

static_assert(kFieldOverhead ==
              sizeof(uint16_t) + sizeof(uint32_t) + kNonceSize + kTagSize);

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

FieldDirectory DirectoryOf(const SortedFields& fields) {
  FieldDirectory directory;
  for (const FieldToSeal& field : fields) {
    AppendToDirectory(directory, field.field_id,
                      SealedSize(field.value->size()));
  }
  return directory;
}

size_t RecordSize(const SortedFields& fields) {
  size_t size = kRecordPrefixSize;
  for (const FieldToSeal& field : fields) {
    size += kFieldOverhead - kTagSize + SealedSize(field.value->size());
  }
  return size;
}

// Writes the fields of one record.
class FieldWriter final {
 public:
  FieldWriter(const RecordContext& context, const SubKey& seal, ByteWriter& out)
      : context_(context), seal_(seal), out_(out) {}

  void Write(const FieldToSeal& field, Random& random) {
    const auto content = field.value->Expose(AllowSecretAccess());
    const size_t sealed_size = SealedSize(content.size());
    out_.Put(field.field_id);
    out_.Put(static_cast<uint32_t>(sealed_size));
    const auto nonce = out_.Take(kNonceSize).first<kNonceSize>();
    random.Fill(nonce);
    SealPadded(seal_.Expose(AllowSecretAccess()), nonce,
               FieldBinding(context_, field.field_id), content,
               out_.Take(sealed_size));
  }

 private:
  const RecordContext& context_;
  const SubKey& seal_;
  ByteWriter& out_;
};

}  // namespace

absl::StatusOr<std::vector<uint8_t>> SealRecord(
    const RecordContext& context, Versioned<WrapKey> wrap,
    std::span<const FieldToSeal> fields, Random& random) {
  const auto sorted = CheckAndSort(fields);
  if (!sorted.ok()) return sorted.status();
  DrawnAtOnce drawn(random,
                    RecordKey::kSize + kNonceSize * (sorted->size() + 1));
  const RecordKey record_key = RecordKey::Generate(drawn);
  const CommittingKeys subkeys = RecordSubKeys(record_key);
  std::array<uint8_t, kNonceSize> nonce;
  drawn.Fill(nonce);
  std::vector<uint8_t> bytes(RecordSize(*sorted));
  ByteWriter out(bytes);
  WriteRecordPrefix(out, wrap.key, {record_key, subkeys.commit, nonce},
                    {context, wrap.version, DirectoryOf(*sorted)});
  FieldWriter writer(context, subkeys.seal, out);
  for (const FieldToSeal& field : *sorted) {
    writer.Write(field, drawn);
  }
  return bytes;
}

}  // namespace sodality::crypto
