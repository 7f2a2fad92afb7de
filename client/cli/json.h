// Everything that --json prints, in one place: these shapes are a contract with
// scripts, and docs/json has their schemas. Each returns one line with its end.
#ifndef SODALITY_CLIENT_CLI_JSON_H_
#define SODALITY_CLIENT_CLI_JSON_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "client/include/sodality/access_types.h"
#include "client/include/sodality/backup_types.h"
#include "client/include/sodality/key_types.h"
#include "client/include/sodality/ledger_types.h"
#include "client/include/sodality/types.h"
#include "client/roster/field_catalogue.h"
#include "crypto/share.h"

namespace sodality::cli {

// {"error":{"code","exit","message","hint",...}}; reason, field and retry_at
// are there when the error has them.
std::string ErrorJson(const absl::Status& status);

// {"members":[{"id","revision","fields","hidden"}],"more"}. A field that
// `catalogue` calls a list is an array.
struct MemberList {
  std::vector<Member> members;
  bool more = false;
};
std::string MembersJson(const MemberList& list,
                        const roster::FieldCatalogue& catalogue);

// {"member":{...},"entries":[...]}: all that is held about one person.
std::string ExportJson(const Member& member,
                       const std::vector<LedgerEntry>& entries,
                       const roster::FieldCatalogue& catalogue);

struct PushReport {
  PushResult result;
  std::vector<std::string> unmapped;
  bool dry_run = false;
};
std::string PushJson(const PushReport& report);

// Names and strings, in order: {"id":"...","state":"..."}.
std::string StringsJson(
    const std::vector<std::pair<std::string, std::string>>& pairs);

// `path` is the file that the invite is in.
std::string InviteJson(const IssuedInvite& issued, const std::string& path);
std::string WrittenJson(const Written& written);
std::string PrincipalsJson(const std::vector<Principal>& principals);
std::string DevicesJson(const std::vector<Device>& devices);
std::string GrantsJson(const std::vector<Grant>& grants);
std::string LedgerJson(const LedgerPage& page);
// {"keys":[{"kind","versions":[...]}],"rotation"}; null when none runs.
std::string KeysJson(const KeyList& keys);

// {"kind","work","from","to","finished"}.
struct RotationReport {
  KeyRotation rotation;
  bool finished = false;  // All records are under the new version.
};
std::string RotationJson(const RotationReport& report);

// {"id","file","created","revision","members","entries","bytes"}.
std::string BackupJson(const BackupInfo& backup, const std::string& path);

// {"chapter","set","index","count","threshold"}: nothing that is secret.
std::string ShareJson(const crypto::ShareInfo& info);

struct StatusReport {
  ServerStatus server;
  std::vector<SchemaField> fields;  // That the caller may ask for.
  std::string address;
  std::string profile;
};
std::string StatusJson(const StatusReport& report);

// {"verified":true,"first","last","revision","leaf","key"}.
struct VerifyReport {
  LedgerHead head;
  uint64_t entries = 0;
};
std::string VerifyJson(const VerifyReport& report);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_JSON_H_
