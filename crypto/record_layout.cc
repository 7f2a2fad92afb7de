#include "crypto/record_layout.h"

namespace sodality::crypto {
namespace {

constexpr size_t kDirectoryEntrySize = 6;

void AddBinding(AssociatedData& to, const WrapBinding& binding) {
  to.AddU8(kRecordFormat)
      .Add(binding.context.chapter_id)
      .Add(binding.context.member_id)
      .AddU64(binding.context.revision)
      .AddU32(binding.wrap_key_version);
}

}  // namespace

void AppendToDirectory(FieldDirectory& directory, uint16_t field_id,
                       size_t sealed_size) {
  const auto id = LittleEndian(field_id);
  const auto size = LittleEndian(static_cast<uint32_t>(sealed_size));
  directory.insert(directory.end(), id.begin(), id.end());
  directory.insert(directory.end(), size.begin(), size.end());
}

AssociatedData BoxBinding(const WrapBinding& binding) {
  AssociatedData out("sodality/wrapped-key/1");
  AddBinding(out, binding);
  return out;
}

Bytes32 RecordCommitment(const SubKey& commit, const WrapBinding& binding) {
  AssociatedData input("sodality/record-commitment/1");
  AddBinding(input, binding);
  input.Add(binding.directory);
  return KeyedHash32(commit, input);
}

AssociatedData FieldBinding(const RecordContext& context, uint16_t field_id) {
  AssociatedData out("sodality/field/1");
  out.AddU8(kRecordFormat)
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

void WriteRecordPrefix(ByteWriter& out, const WrapKey& wrap,
                       const KeyToWrap& key, const WrapBinding& binding) {
  const size_t fields = binding.directory.size() / kDirectoryEntrySize;
  out.Put(kRecordFormat);
  out.Put(kRecordAlgorithm);
  out.Put(binding.wrap_key_version);
  out.Put(static_cast<uint16_t>(fields));
  out.PutBytes(key.nonce);
  AeadSeal(wrap.Expose(AllowSecretAccess()), key.nonce, BoxBinding(binding),
           key.record_key.Expose(AllowSecretAccess()),
           out.Take(kRecordBoxSize));
  out.PutBytes(RecordCommitment(key.commit, binding));
}

}  // namespace sodality::crypto
