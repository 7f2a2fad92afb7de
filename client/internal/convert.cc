#include "client/internal/convert.h"

#include <chrono>

#include "platform/clock.h"

namespace sodality::internal {
namespace {

void SetView(const View& view, v1::View* message) {
  message->set_reveal(view.reveal);
  for (const std::string& field : view.fields) message->add_fields(field);
}

Field ToField(v1::Field& message) {
  Field field;
  field.name = message.name();
  for (std::string& value : *message.mutable_values()) {
    field.values.push_back(std::move(value));
  }
  return field;
}

KeyVersion ToKeyVersion(const v1::KeyVersion& message) {
  KeyVersion key = {message.kind(),
                    message.version(),
                    message.state(),
                    ToTime(message.created()),
                    {}};
  if (message.has_records()) key.records = message.records();
  return key;
}

Budget ToBudget(const v1::Budget& message) {
  return {message.per_hour(), message.per_day(), message.in_all()};
}

}  // namespace

std::optional<Time> ToTime(const std::string& text) {
  const auto parsed = platform::ParseTimestamp(text);
  if (!parsed.ok()) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>(
          std::chrono::milliseconds(parsed->millis)));
}

std::string FromTime(Time time) {
  return platform::FormatTimestamp({time.time_since_epoch().count() * 1000});
}

v1::Field FromField(const Field& field) {
  v1::Field message;
  message.set_name(field.name);
  for (const std::string& value : field.values) message.add_values(value);
  return message;
}

Member ToMember(v1::Member& message) {
  Member member;
  member.id = message.id();
  member.revision = message.revision();
  member.fields = ToVector(*message.mutable_fields(), ToField);
  member.hidden = ToStrings(message.hidden());
  return member;
}

MemberPage ToMemberPage(v1::SearchMembersResponse& message) {
  return {ToVector(*message.mutable_members(), ToMember),
          message.next_page_token()};
}

v1::GetMemberRequest FromMemberRequest(const MemberRequest& request) {
  v1::GetMemberRequest message;
  message.set_member_id(request.member_id);
  message.set_grant_id(request.grant_id);
  SetView(request.view, message.mutable_view());
  return message;
}

v1::SearchMembersRequest FromMemberQuery(const MemberQuery& query) {
  v1::SearchMembersRequest message;
  for (const std::string& word : query.words) message.add_words(word);
  for (const Filter& filter : query.filters) {
    v1::Filter* out = message.add_filters();
    out->set_field(filter.field);
    out->set_value(filter.value);
  }
  message.set_grant_id(query.grant_id);
  SetView(query.view, message.mutable_view());
  message.set_page_size(query.page_size);
  message.set_page_token(query.page_token);
  message.set_country(query.country);
  return message;
}

v1::RosterRow FromRosterRow(const RosterRow& row) {
  v1::RosterRow message;
  message.set_row(row.row);
  for (const Field& field : row.fields)
    *message.add_fields() = FromField(field);
  return message;
}

PushResult ToPushResult(const v1::PushRosterResponse& message) {
  PushResult result;
  result.rows = message.rows();
  result.added = message.added();
  result.changed = message.changed();
  result.unchanged = message.unchanged();
  result.suppressed = message.suppressed();
  result.invalid_rows = message.invalid_rows();
  result.invalid = ToVector(message.invalid(), [](const v1::RowError& error) {
    return RowError{error.row(), error.column(), error.reason()};
  });
  return result;
}

Grant ToGrant(const v1::Grant& message) {
  Grant grant;
  grant.id = message.id();
  grant.principal_id = message.principal_id();
  grant.principal_name = message.principal_name();
  grant.role = message.role();
  grant.scopes = ToVector(message.scopes(), [](const v1::Scope& scope) {
    return Scope{scope.field(), scope.value()};
  });
  grant.classes = ToStrings(message.classes());
  grant.purpose = message.purpose();
  grant.not_after = ToTime(message.not_after());
  grant.budget = ToBudget(message.budget());
  grant.left = ToBudget(message.left());
  grant.state = message.state();
  return grant;
}

v1::CreateGrantRequest FromNewGrant(const NewGrant& grant) {
  v1::CreateGrantRequest message;
  message.set_principal(grant.principal);
  message.set_role(grant.role);
  for (const Scope& scope : grant.scopes) {
    v1::Scope* out = message.add_scopes();
    out->set_field(scope.field);
    out->set_value(scope.value);
  }
  for (const std::string& name : grant.classes) message.add_classes(name);
  message.set_purpose(grant.purpose);
  message.set_not_after(FromTime(grant.not_after));
  message.mutable_budget()->set_per_hour(grant.budget.per_hour);
  message.mutable_budget()->set_per_day(grant.budget.per_day);
  message.mutable_budget()->set_in_all(grant.budget.in_all);
  return message;
}

Principal ToPrincipal(const v1::Principal& message) {
  return {message.id(), message.name(), message.role(), message.suspended()};
}

Device ToDevice(const v1::Device& message) {
  return {message.id(),
          message.principal_id(),
          message.principal_name(),
          ToTime(message.enrolled()),
          ToTime(message.expires()),
          message.revoked()};
}

IssuedInvite ToIssuedInvite(v1::CreateInviteResponse& message) {
  return {message.invite_id(), message.principal_id(),
          std::move(*message.mutable_invite()), ToTime(message.expires())};
}

Enrolment ToEnrolment(const v1::RedeemResponse& message) {
  return {{message.certificate(), message.ca_certificate()},
          message.device_id(),
          message.principal_name(),
          message.role(),
          message.chapter_name()};
}

ServerStatus ToServerStatus(const v1::GetStatusResponse& message) {
  ServerStatus status;
  status.version = message.version();
  status.chapter_name = message.chapter_name();
  status.chapter_id = message.chapter_id();
  status.self = ToPrincipal(message.self());
  status.device_id = message.device_id();
  status.certificate_expires = ToTime(message.certificate_expires());
  status.grants = ToVector(message.grants(), ToGrant);
  status.revision = message.revision();
  status.members = message.members();
  status.refused_invites = message.refused_invites();
  status.pending_acts = message.pending_acts();
  status.alone_from = ToTime(message.alone_from());
  return status;
}

SchemaField ToSchemaField(const v1::SchemaField& message) {
  return {message.name(),    message.field_class(), message.type(),
          message.is_list(), message.filterable(),  message.self_edit()};
}

KeyRotation ToKeyRotation(const v1::Rotation& message) {
  KeyRotation rotation;
  rotation.id = message.id();
  rotation.kind = message.kind();
  rotation.from = message.from();
  rotation.to = message.to();
  rotation.phase = message.phase();
  rotation.done = message.done();
  rotation.total = message.total();
  rotation.per_second = message.per_second();
  if (message.seconds_left() > 0) {
    rotation.left = std::chrono::seconds(message.seconds_left());
  }
  rotation.problem = message.problem();
  rotation.started = ToTime(message.started());
  rotation.work = message.work();
  rotation.given_up = message.given_up();
  return rotation;
}

KeyList ToKeyList(const v1::ListKeysResponse& message) {
  KeyList list = {ToVector(message.keys(), ToKeyVersion), {}};
  if (message.has_rotation()) list.rotation = ToKeyRotation(message.rotation());
  return list;
}

LedgerEntry ToLedgerEntry(const v1::LedgerEntry& message) {
  LedgerEntry entry;
  entry.number = message.number();
  entry.time = ToTime(message.time());
  entry.action = message.action();
  entry.actor = message.actor();
  entry.actor_id = message.actor_id();
  entry.grant_id = message.grant_id();
  entry.purpose = message.purpose();
  entry.members = message.members();
  entry.outcome = message.outcome();
  entry.fields = ToStrings(message.fields());
  entry.member_sequence = message.member_sequence();
  entry.subject = message.subject();
  return entry;
}

LedgerHead ToLedgerHead(const v1::SignedHead& message) {
  return {message.number(),    message.leaf(),       message.revision(),
          message.signature(), message.public_key(), message.incarnation(),
          message.parent()};
}

LedgerLeaf ToLedgerLeaf(const v1::Leaf& message) {
  return {message.number(), message.header(), ToStrings(message.commitments())};
}

}  // namespace sodality::internal
