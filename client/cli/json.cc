#include "client/cli/json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "client/cli/values.h"
#include "client/include/sodality/error_info.h"
#include "crypto/pki/digest.h"
#include "crypto/secret.h"
#include "text/base32.h"

namespace sodality::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace) +
         "\n";
}

Json TimeOrNull(const std::optional<Time>& time) {
  return time.has_value() ? Json(FormatTime(*time)) : Json(nullptr);
}

std::string Hex(const std::string& bytes) {
  return pki::ToHex(crypto::AsBytes(bytes));
}

template <typename T, typename Convert>
Json ArrayOf(const std::vector<T>& items, Convert convert) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(convert(item));
  return array;
}

Json FieldsJson(const Member& member, const roster::FieldCatalogue& catalogue) {
  Json fields = Json::object();
  for (const Field& field : member.fields) {
    const bool list = field.values.size() != 1 || catalogue.IsList(field.name);
    fields[field.name] = list ? Json(field.values) : Json(field.values[0]);
  }
  return fields;
}

Json MemberJson(const Member& member, const roster::FieldCatalogue& catalogue) {
  return {{"id", member.id},
          {"revision", member.revision},
          {"fields", FieldsJson(member, catalogue)},
          {"hidden", member.hidden}};
}

Json BudgetJson(const Budget& limit, const Budget& shown) {
  const auto part = [](uint32_t of, uint32_t value) {
    return of == 0 ? Json(nullptr) : Json(value);
  };
  return {{"per_hour", part(limit.per_hour, shown.per_hour)},
          {"per_day", part(limit.per_day, shown.per_day)},
          {"in_all", part(limit.in_all, shown.in_all)}};
}

Json PrincipalJson(const Principal& principal) {
  return {{"id", principal.id},
          {"name", principal.name},
          {"role", principal.role},
          {"suspended", principal.suspended}};
}

Json GrantJson(const Grant& grant) {
  Json scopes = ArrayOf(grant.scopes, [](const Scope& scope) {
    return Json{{"field", scope.field}, {"value", scope.value}};
  });
  return {{"id", grant.id},
          {"principal",
           {{"id", grant.principal_id}, {"name", grant.principal_name}}},
          {"role", grant.role},
          {"state", grant.state},
          {"scopes", std::move(scopes)},
          {"classes", grant.classes},
          {"purpose", grant.purpose},
          {"until", TimeOrNull(grant.not_after)},
          {"budget", BudgetJson(grant.budget, grant.budget)},
          {"left", BudgetJson(grant.budget, grant.left)}};
}

Json EntryJson(const LedgerEntry& entry) {
  Json json = {{"number", entry.number},
               {"time", TimeOrNull(entry.time)},
               {"action", entry.action},
               {"actor", {{"id", entry.actor_id}, {"name", entry.actor}}},
               {"grant", entry.grant_id},
               {"purpose", entry.purpose},
               {"members", entry.members},
               {"outcome", entry.outcome},
               {"subject", entry.subject}};
  if (entry.member_sequence != 0) {
    json["sequence"] = entry.member_sequence;
    json["fields"] = entry.fields;
  }
  return json;
}

Json KeyVersionJson(const KeyVersion& key) {
  return {{"version", key.version},
          {"state", key.state},
          {"created", TimeOrNull(key.created)},
          {"records", key.records ? Json(*key.records) : Json(nullptr)}};
}

}  // namespace

std::string ErrorJson(const absl::Status& status) {
  const ErrorInfo info = GetErrorInfo(status);
  Json error = {{"code", CodeName(status.code())},
                {"exit", static_cast<int>(ExitCodeOf(status))},
                {"message", std::string(status.message())},
                {"hint", info.hint}};
  if (!info.reason.empty()) error["reason"] = info.reason;
  if (!info.field.empty()) error["field"] = info.field;
  if (!info.retry_at.empty()) error["retry_at"] = info.retry_at;
  return Dump({{"error", std::move(error)}});
}

std::string MembersJson(const MemberList& list,
                        const roster::FieldCatalogue& catalogue) {
  return Dump({{"members", ArrayOf(list.members,
                                   [&](const Member& member) {
                                     return MemberJson(member, catalogue);
                                   })},
               {"more", list.more}});
}

std::string ExportJson(const Member& member,
                       const std::vector<LedgerEntry>& entries,
                       const roster::FieldCatalogue& catalogue) {
  return Dump({{"member", MemberJson(member, catalogue)},
               {"entries", ArrayOf(entries, EntryJson)}});
}

std::string PushJson(const PushReport& report) {
  const PushResult& result = report.result;
  Json invalid = ArrayOf(result.invalid, [](const RowError& error) {
    return Json{
        {"row", error.row}, {"column", error.column}, {"reason", error.reason}};
  });
  return Dump({{"rows", result.rows},
               {"added", result.added},
               {"changed", result.changed},
               {"unchanged", result.unchanged},
               {"suppressed", result.suppressed},
               {"removed", 0},
               {"invalid_rows", result.invalid_rows},
               {"invalid", std::move(invalid)},
               {"unmapped", report.unmapped},
               {"dry_run", report.dry_run}});
}

std::string StringsJson(
    const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json json = Json::object();
  for (const auto& [name, value] : pairs) json[name] = value;
  return Dump(json);
}

std::string ShareJson(const crypto::ShareInfo& info) {
  return Dump({{"chapter", text::EncodeBase32(info.chapter)},
               {"set", text::EncodeBase32(info.set.id)},
               {"index", info.index},
               {"count", info.set.count},
               {"threshold", info.set.threshold}});
}

std::string BackupJson(const BackupInfo& backup, const std::string& path) {
  return Dump({{"id", backup.id},
               {"file", path},
               {"created", TimeOrNull(backup.created)},
               {"revision", backup.revision},
               {"members", backup.members},
               {"entries", backup.entries},
               {"bytes", backup.bytes}});
}

std::string InviteJson(const IssuedInvite& issued, const std::string& path) {
  return Dump({{"id", issued.invite_id},
               {"principal", issued.principal_id},
               {"expires", TimeOrNull(issued.expires)},
               {"out", path}});
}

std::string WrittenJson(const Written& written) {
  Json json = Json::object();
  if (!written.id.empty()) json["id"] = written.id;
  json["revision"] = written.revision;
  return Dump(json);
}

std::string PrincipalsJson(const std::vector<Principal>& principals) {
  return Dump(
      {{"principals", ArrayOf(principals, PrincipalJson)}, {"more", false}});
}

std::string DevicesJson(const std::vector<Device>& devices) {
  Json list = ArrayOf(devices, [](const Device& device) {
    return Json{
        {"id", device.id},
        {"principal",
         {{"id", device.principal_id}, {"name", device.principal_name}}},
        {"enrolled", TimeOrNull(device.enrolled)},
        {"expires", TimeOrNull(device.expires)},
        {"revoked", device.revoked}};
  });
  return Dump({{"devices", std::move(list)}, {"more", false}});
}

std::string GrantsJson(const std::vector<Grant>& grants) {
  return Dump({{"grants", ArrayOf(grants, GrantJson)}, {"more", false}});
}

std::string LedgerJson(const LedgerPage& page) {
  return Dump({{"entries", ArrayOf(page.entries, EntryJson)},
               {"more", !page.next_page_token.empty()}});
}

std::string KeysJson(const KeyList& keys) {
  Json kinds = Json::array();
  for (const KeyVersion& key : keys.keys) {
    if (kinds.empty() || kinds.back()["kind"] != key.kind) {
      kinds.push_back({{"kind", key.kind}, {"versions", Json::array()}});
    }
    kinds.back()["versions"].push_back(KeyVersionJson(key));
  }
  Json rotation;
  if (keys.rotation) {
    rotation = {{"kind", keys.rotation->kind},
                {"work", keys.rotation->work},
                {"phase", keys.rotation->phase},
                {"done", keys.rotation->done},
                {"total", keys.rotation->total}};
  }
  return Dump({{"keys", std::move(kinds)}, {"rotation", std::move(rotation)}});
}

std::string RotationJson(const RotationReport& report) {
  return Dump({{"kind", report.rotation.kind},
               {"work", report.rotation.work},
               {"from", report.rotation.from},
               {"to", report.rotation.to},
               {"finished", report.finished}});
}

std::string StatusJson(const StatusReport& report) {
  const ServerStatus& status = report.server;
  Json server = {{"address", report.address},
                 {"version", status.version},
                 {"state", "serving"},
                 {"revision", status.revision}};
  if (status.self.role == "admin") {
    server["members"] = status.members;
    server["refused_invites"] = status.refused_invites;
  }
  Json fields = Json::object();
  for (const SchemaField& field : report.fields) {
    fields[field.field_class].push_back(field.name);
  }
  return Dump(
      {{"chapter", {{"id", status.chapter_id}, {"name", status.chapter_name}}},
       {"self", PrincipalJson(status.self)},
       {"device",
        {{"id", status.device_id},
         {"certificate_expires", TimeOrNull(status.certificate_expires)},
         {"profile", report.profile}}},
       {"grants", ArrayOf(status.grants, GrantJson)},
       {"fields", std::move(fields)},
       {"server", std::move(server)},
       {"replica", nullptr}});
}

std::string VerifyJson(const VerifyReport& report) {
  return Dump({{"verified", true},
               {"entries", report.entries},
               {"head",
                {{"number", report.head.number},
                 {"leaf", Hex(report.head.leaf)},
                 {"revision", report.head.revision},
                 {"key", Hex(report.head.public_key)}}}});
}

}  // namespace sodality::cli
