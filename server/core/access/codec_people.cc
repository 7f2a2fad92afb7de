#include <utility>

#include "server/core/access/codec_parts.h"

namespace sodality::core::codec {
namespace {

using crypto::ByteReader;

void PutFlag(ByteBuilder& out, bool flag) {
  out.Put(static_cast<uint8_t>(flag ? 1 : 0));
}
bool GetFlag(ByteReader& in) { return in.Get<uint8_t>() == 1; }
Role GetRole(ByteReader& in) { return static_cast<Role>(in.Get<uint8_t>()); }

}  // namespace

void Encode(const Principal& p, ByteBuilder& out) {
  out.Text(p.name);
  PutEnum(out, p.role);
  PutFlag(out, p.suspended);
  PutFlag(out, p.member.has_value());
  if (p.member) out.Raw(p.member->bytes);
  PutTime(out, p.created);
}
Principal DecodePrincipal(ByteReader& in) {
  Principal p;
  p.name = ReadText(in);
  p.role = GetRole(in);
  p.suspended = GetFlag(in);
  if (GetFlag(in)) p.member = GetId<MemberId>(in);
  p.created = GetTime(in);
  return p;
}

// A second layout came with approval keys.
uint8_t LayoutOf(const Device& d) { return d.approval_key ? 2 : 1; }
void Encode(const Device& d, ByteBuilder& out) {
  out.Raw(d.principal.bytes);
  out.Put(static_cast<uint8_t>(d.certificates.size()));
  for (const DeviceCertificate& c : d.certificates) {
    out.Raw(c.fingerprint);
    PutTime(out, c.not_after);
  }
  PutTime(out, d.enrolled);
  PutFlag(out, d.revoked);
  if (d.approval_key) out.Raw(d.approval_key->bytes);
}
Device DecodeDevice(ByteReader& in, uint8_t layout) {
  Device d;
  d.principal = GetId<PrincipalId>(in);
  const size_t count = in.Get<uint8_t>();
  for (size_t i = 0; i < count && in.ok(); ++i) {
    DeviceCertificate c;
    c.fingerprint = in.GetArray<32>();
    c.not_after = GetTime(in);
    d.certificates.push_back(c);
  }
  d.enrolled = GetTime(in);
  d.revoked = GetFlag(in);
  if (layout == 2) d.approval_key = crypto::PublicKey{in.GetArray<32>()};
  return d;
}

void Encode(const Grant& g, ByteBuilder& out) {
  out.Raw(g.principal.bytes);
  PutEnum(out, g.role);
  out.Put(static_cast<uint32_t>(g.scopes.size()));
  for (const ScopeTerm& s : g.scopes) {
    out.Put(s.field).Text(s.value).Text(s.normalised);
  }
  out.Put(static_cast<uint8_t>(g.classes.size()));
  for (const FieldClass c : g.classes) PutEnum(out, c);
  out.Text(g.purpose);
  PutTime(out, g.created);
  PutTime(out, g.not_after);
  out.Put(g.budget.per_hour).Put(g.budget.per_day).Put(g.budget.in_all);
  PutFlag(out, g.revoked);
  out.Raw(g.granted_by.bytes);
}
Grant DecodeGrant(ByteReader& in) {
  Grant g;
  g.principal = GetId<PrincipalId>(in);
  g.role = GetRole(in);
  const size_t scopes = in.Get<uint32_t>();
  for (size_t i = 0; i < scopes && in.ok(); ++i) {
    ScopeTerm s;
    s.field = in.Get<uint16_t>();
    s.value = ReadText(in);
    s.normalised = ReadText(in);
    g.scopes.push_back(std::move(s));
  }
  const size_t classes = in.Get<uint8_t>();
  for (size_t i = 0; i < classes && in.ok(); ++i) {
    g.classes.push_back(static_cast<FieldClass>(in.Get<uint8_t>()));
  }
  g.purpose = ReadText(in);
  g.created = GetTime(in);
  g.not_after = GetTime(in);
  g.budget.per_hour = in.Get<uint32_t>();
  g.budget.per_day = in.Get<uint32_t>();
  g.budget.in_all = in.Get<uint32_t>();
  g.revoked = GetFlag(in);
  g.granted_by = GetId<PrincipalId>(in);
  return g;
}

void Encode(const Invite& i, ByteBuilder& out) {
  out.Raw(i.principal.bytes).Raw(i.fingerprint).Raw(i.spki);
  PutTime(out, i.expires);
  PutFlag(out, i.used);
  out.Raw(i.used_by).Raw(i.device.bytes).Text(i.certificate_pem);
}
Invite DecodeInvite(ByteReader& in) {
  Invite i;
  i.principal = GetId<PrincipalId>(in);
  i.fingerprint = in.GetArray<32>();
  i.spki = in.GetArray<32>();
  i.expires = GetTime(in);
  i.used = GetFlag(in);
  i.used_by = in.GetArray<32>();
  i.device = GetId<DeviceId>(in);
  i.certificate_pem = ReadText(in);
  return i;
}

}  // namespace sodality::core::codec
