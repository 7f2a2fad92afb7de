#include "server/rpc/convert.h"

namespace sodality::rpc {
namespace {

std::string IdOrEmpty(const store::IdBytes& id) {
  return id == store::IdBytes{} ? std::string() : FormatId(id);
}

// A key's version is a subject that has no id: "wrap-2"; a root key has none.
std::string SubjectOf(const core::EntryHeader& header) {
  switch (header.action) {
    case core::Action::kRotateKey:
    case core::Action::kActivateKey:
    case core::Action::kReencryptRecords:
    case core::Action::kRewrapRecords:
    case core::Action::kResealRecords:
    case core::Action::kReindexRecords:
    case core::Action::kPrepareKey:
    case core::Action::kFinishRotation:
    case core::Action::kAbandonRotation:
    case core::Action::kTrimKeys: {
      const auto key = core::ReadKeySubject(header.subject);
      if (!key) break;
      if (key->version == 0) return std::string(core::KindName(key->kind));
      return std::string(crypto::KeyKindName(key->kind)) + "-" +
             std::to_string(key->version);
    }
    default:
      break;
  }
  return IdOrEmpty(header.subject);
}

template <class Bytes>
std::string ToString(const Bytes& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace

void FillEntry(const core::ListedEntry& entry, const core::Chapter& chapter,
               v1::LedgerEntry& out) {
  const core::EntryHeader& header = entry.header;
  out.set_number(header.number);
  out.set_time(platform::FormatTimestamp(header.time));
  out.set_action(std::string(core::ActionName(header.action)));
  const auto actor = chapter.access().FindPrincipal(header.actor);
  if (actor != nullptr) out.set_actor(actor->name);
  out.set_actor_id(IdOrEmpty(header.actor.bytes));
  out.set_grant_id(IdOrEmpty(header.grant.bytes));
  const auto grant = chapter.access().FindGrant(header.grant);
  if (grant != nullptr) out.set_purpose(grant->purpose);
  out.set_members(static_cast<uint32_t>(header.parts.size()));
  out.set_outcome(header.outcome == core::Outcome::kDone ? "OK" : "REFUSED");
  for (const uint16_t field : entry.fields) {
    const core::FieldSpec* spec = chapter.schema().Find(field);
    if (spec != nullptr) out.add_fields(spec->name);
  }
  out.set_member_sequence(entry.member_sequence);
  out.set_subject(SubjectOf(header));
}

void FillHead(const core::SignedHead& head, v1::SignedHead& out) {
  out.set_number(head.head.number);
  out.set_leaf(ToString(head.head.leaf));
  out.set_revision(head.head.revision);
  out.set_signature(ToString(head.signature.bytes));
  out.set_public_key(ToString(head.public_key.bytes));
  if (head.descent.incarnation == store::IncarnationId{}) return;
  out.set_incarnation(ToString(head.descent.incarnation.bytes));
  out.set_parent(ToString(head.descent.parent.bytes));
}

void FillLeaf(const core::Entry& entry, v1::Leaf& out) {
  out.set_number(entry.header.number);
  out.set_header(ToString(entry.canonical));
  for (const core::EntryHeader::Part& part : entry.header.parts) {
    out.add_commitments(ToString(part.commitment));
  }
}

}  // namespace sodality::rpc
