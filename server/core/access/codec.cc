#include "server/core/access/codec.h"

#include <utility>

#include "server/core/byte_builder.h"

namespace sodality::core {
namespace {

using crypto::ByteReader;

void PutTime(ByteBuilder& out, Timestamp time) {
  out.Put(static_cast<uint64_t>(time.millis));
}
Timestamp GetTime(ByteReader& in) {
  return {static_cast<int64_t>(in.Get<uint64_t>())};
}
void PutFlag(ByteBuilder& out, bool flag) {
  out.Put(static_cast<uint8_t>(flag ? 1 : 0));
}
bool GetFlag(ByteReader& in) { return in.Get<uint8_t>() == 1; }
template <class E>
void PutEnum(ByteBuilder& out, E value) {
  out.Put(static_cast<uint8_t>(value));
}
Role GetRole(ByteReader& in) { return static_cast<Role>(in.Get<uint8_t>()); }
template <class T>
T GetId(ByteReader& in) {
  return T{in.GetArray<16>()};
}

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

void Encode(const Device& d, ByteBuilder& out) {
  out.Raw(d.principal.bytes);
  out.Put(static_cast<uint8_t>(d.certificates.size()));
  for (const DeviceCertificate& c : d.certificates) {
    out.Raw(c.fingerprint);
    PutTime(out, c.not_after);
  }
  PutTime(out, d.enrolled);
  PutFlag(out, d.revoked);
}
Device DecodeDevice(ByteReader& in) {
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

void Encode(const Suppression&, ByteBuilder&) {}

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

// Another work or phase is of a program to come.
bool IsKnown(const Rotation& r) {
  const bool copies = r.work == RotationWork::kRekeyPages;
  const bool is_root = r.work == RotationWork::kRekeyRoot;
  const bool known_work = is_root || (r.work >= RotationWork::kRewrap &&
                                      r.work <= RotationWork::kRekeyPages);
  return known_work && r.kind == KindOf(r.work) &&
         (r.phase == RotationPhase::kStarting ||
          r.phase == RotationPhase::kSweeping ||
          (copies && r.phase == RotationPhase::kCopying) ||
          (is_root && r.phase == RotationPhase::kSteppingBack));
}

template <class T>
T Placed(T fact, const store::AccessRow& row) {
  fact.id.bytes = row.id;
  fact.version = row.version;
  return fact;
}

crypto::RowPlace PlaceOf(const store::AccessRow& row) {
  return {static_cast<uint16_t>(row.table), row.id, row.version};
}

}  // namespace

store::AccessTable TableOf(const AccessFact& fact) {
  static constexpr store::AccessTable kTables[] = {
      store::AccessTable::kPrincipals,   store::AccessTable::kDevices,
      store::AccessTable::kGrants,       store::AccessTable::kInvites,
      store::AccessTable::kSuppressions, store::AccessTable::kRotations};
  return kTables[fact.index()];
}

store::IdBytes IdOf(const AccessFact& fact) {
  return std::visit(
      [](const auto& f) -> store::IdBytes {
        if constexpr (requires { f.id.bytes; }) {
          return f.id.bytes;
        } else {
          return f.id;
        }
      },
      fact);
}

uint64_t VersionOf(const AccessFact& fact) {
  return std::visit(
      [](const auto& f) -> uint64_t {
        if constexpr (requires { f.version; }) {
          return f.version;
        } else {
          return 0;
        }
      },
      fact);
}

crypto::SecretBytes EncodeFact(const AccessFact& fact) {
  ByteBuilder out;
  const auto* rotation = std::get_if<Rotation>(&fact);
  out.Put(rotation == nullptr ? uint8_t{1} : LayoutOf(*rotation));
  std::visit([&](const auto& f) { Encode(f, out); }, fact);
  return out.TakeSecret();
}

absl::StatusOr<AccessFact> DecodeFact(const store::AccessRow& row,
                                      const crypto::SecretBytes& content) {
  ByteReader in(content.Expose(crypto::AllowSecretAccess()));
  const uint8_t layout = in.Get<uint8_t>();
  const bool rotates = row.table == store::AccessTable::kRotations;
  if (in.ok() && layout != 1 && !(rotates && layout == 2)) {
    return absl::FailedPreconditionError(
        "an access row has a format newer than this server");
  }
  AccessFact fact;
  switch (row.table) {
    case store::AccessTable::kPrincipals:
      fact = Placed(DecodePrincipal(in), row);
      break;
    case store::AccessTable::kDevices:
      fact = Placed(DecodeDevice(in), row);
      break;
    case store::AccessTable::kGrants:
      fact = Placed(DecodeGrant(in), row);
      break;
    case store::AccessTable::kInvites:
      fact = Placed(DecodeInvite(in), row);
      break;
    case store::AccessTable::kSuppressions:
      fact = Suppression{row.id};
      break;
    case store::AccessTable::kRotations: {
      Rotation rotation = Placed(DecodeRotation(in, layout), row);
      if (in.AtEnd() && !IsKnown(rotation)) {
        return absl::FailedPreconditionError(
            "a rotation is under way that a newer server began");
      }
      fact = rotation;
      break;
    }
    default:
      return absl::DataLossError("an access row of an unknown table");
  }
  // Another encoding of the same fact, a flag of 2 say, is none of ours.
  if (!in.AtEnd() || !EncodeFact(fact).Equals(content)) {
    return absl::DataLossError("an access row is damaged");
  }
  return fact;
}

absl::StatusOr<store::PutAccessRow> SealFact(const AccessFact& fact,
                                             const crypto::RowSealer& sealer,
                                             crypto::Random& random) {
  store::PutAccessRow put;
  put.table = TableOf(fact);
  put.id = IdOf(fact);
  put.expected = VersionOf(fact);
  auto sealed =
      sealer.Seal({static_cast<uint16_t>(put.table), put.id, put.expected + 1},
                  EncodeFact(fact), random);
  if (!sealed.ok()) return sealed.status();
  put.sealed = *std::move(sealed);
  return put;
}

absl::StatusOr<AccessFact> OpenFact(const store::AccessRow& row,
                                    const crypto::RowSealer& sealer) {
  auto content = sealer.Open(PlaceOf(row), row.sealed);
  if (!content.ok()) return content.status();
  return DecodeFact(row, *content);
}

}  // namespace sodality::core
