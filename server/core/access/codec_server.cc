#include "server/core/access/codec_parts.h"

namespace sodality::core::codec {

using crypto::ByteReader;

// A second layout came with other work than rewrapping.
uint8_t LayoutOf(const Rotation& r) {
  return r.work == RotationWork::kRewrap ? 1 : 2;
}
void Encode(const Rotation& r, ByteBuilder& out) {
  PutEnum(out, r.kind);
  out.Put(r.from).Put(r.to);
  PutEnum(out, r.phase);
  out.Raw(r.cursor.bytes);
  PutTime(out, r.started);
  if (LayoutOf(r) == 1) return;
  PutEnum(out, r.work);
  out.Put(r.done);
}
Rotation DecodeRotation(ByteReader& in, uint8_t layout) {
  Rotation r;
  r.kind = static_cast<crypto::KeyKind>(in.Get<uint8_t>());
  r.from = in.Get<uint32_t>();
  r.to = in.Get<uint32_t>();
  r.phase = static_cast<RotationPhase>(in.Get<uint8_t>());
  r.cursor = GetId<MemberId>(in);
  r.started = GetTime(in);
  if (layout == 1) return r;
  r.work = static_cast<RotationWork>(in.Get<uint8_t>());
  r.done = in.Get<uint64_t>();
  return r;
}

void Encode(const Incarnation& i, ByteBuilder& out) {
  out.Raw(i.parent.bytes);
  PutTime(out, i.began);
  out.Raw(i.backup).Put(i.restored.number).Raw(i.restored.leaf);
  out.Put(i.restored.revision);
}
Incarnation DecodeIncarnation(ByteReader& in) {
  Incarnation i;
  i.parent = GetId<store::IncarnationId>(in);
  i.began = GetTime(in);
  i.backup = in.GetArray<16>();
  i.restored.number = in.Get<uint64_t>();
  i.restored.leaf = in.GetArray<32>();
  i.restored.revision = in.Get<uint64_t>();
  return i;
}

bool IsKnown(const Rotation& r) {
  const bool copies = r.work == RotationWork::kRekeyPages;
  const bool is_root = r.work == RotationWork::kRekeyRoot;
  const bool known_work = is_root || (r.work >= RotationWork::kRewrap &&
                                      r.work <= RotationWork::kRekeyLedger);
  return known_work && r.kind == KindOf(r.work) &&
         (r.phase == RotationPhase::kStarting ||
          r.phase == RotationPhase::kSweeping ||
          (copies && r.phase == RotationPhase::kCopying) ||
          (is_root && r.phase == RotationPhase::kSteppingBack));
}

}  // namespace sodality::core::codec
