#include <utility>

#include "server/core/access/codec_parts.h"

namespace sodality::core::codec {

using crypto::ByteReader;

void Encode(const PendingAct& a, ByteBuilder& out) {
  out.Sized(a.form);
  PutEnum(out, a.state);
  PutTime(out, a.proposed);
  PutTime(out, a.alone_since);
  PutTime(out, a.ended);
  out.Raw(a.ended_by.bytes);
  out.Put(static_cast<uint8_t>(a.consents.size()));
  for (const Consent& c : a.consents) {
    out.Raw(c.principal.bytes).Raw(c.device.bytes);
    PutTime(out, c.at);
    out.Raw(c.signature.bytes);
  }
}
PendingAct DecodeAct(ByteReader& in) {
  PendingAct a;
  const auto form = ReadSized(in);
  a.form.assign(form.begin(), form.end());
  a.state = static_cast<ActState>(in.Get<uint8_t>());
  a.proposed = GetTime(in);
  a.alone_since = GetTime(in);
  a.ended = GetTime(in);
  a.ended_by = GetId<PrincipalId>(in);
  const size_t consents = in.Get<uint8_t>();
  for (size_t i = 0; i < consents && in.ok(); ++i) {
    Consent c;
    c.principal = GetId<PrincipalId>(in);
    c.device = GetId<DeviceId>(in);
    c.at = GetTime(in);
    c.signature.bytes = in.GetArray<64>();
    a.consents.push_back(c);
  }
  return a;
}

void Encode(const KeptBackup& b, ByteBuilder& out) {
  out.Raw(b.by.bytes);
  PutTime(out, b.made);
  out.Put(static_cast<uint8_t>(b.oldest.size()));
  for (const KeySubject& key : b.oldest) {
    PutEnum(out, key.kind);
    out.Put(key.version);
  }
}
KeptBackup DecodeBackup(ByteReader& in) {
  KeptBackup b;
  b.by = GetId<PrincipalId>(in);
  b.made = GetTime(in);
  const size_t kinds = in.Get<uint8_t>();
  for (size_t i = 0; i < kinds && in.ok(); ++i) {
    KeySubject key;
    key.kind = static_cast<crypto::KeyKind>(in.Get<uint8_t>());
    key.version = in.Get<uint32_t>();
    b.oldest.push_back(key);
  }
  return b;
}

}  // namespace sodality::core::codec
