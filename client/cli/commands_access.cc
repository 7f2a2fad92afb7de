// invite, principal and device: who may connect at all.
#include <utility>

#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/new_file.h"
#include "client/cli/profile_connection.h"
#include "client/cli/session.h"
#include "client/cli/table.h"
#include "client/cli/values.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

constexpr int64_t kMaxInviteSeconds = 7 * 86400;

const std::vector<std::string>& Roles() {
  static const std::vector<std::string> roles = {"admin", "coordinator",
                                                 "member", "source", "auditor"};
  return roles;
}

std::string OrDash(const std::optional<Time>& time) {
  return time.has_value() ? ShowTime(*time) : "-";
}

absl::StatusOr<NewInvite> InviteOf(const Arguments& arguments) {
  NewInvite invite;
  invite.name = arguments.One("NAME");
  invite.role = arguments.One("role");
  const absl::Status role = CheckKnown("role", invite.role, Roles());
  if (!role.ok()) return role;
  if (arguments.Has("ttl")) {
    const auto ttl = ParseDuration(arguments.One("ttl"));
    if (!ttl.ok()) return ttl.status();
    if (ttl->count() > kMaxInviteSeconds) {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       "--ttl is at most 7d",
                       {.reason = "INVALID_VALUE",
                        .hint = "make another invite when this one has ended"});
    }
    invite.ttl = *ttl;
  }
  if (arguments.Has("member")) {
    auto member = ParseId("--member", arguments.One("member"));
    if (!member.ok()) return member.status();
    invite.member_id = *std::move(member);
  }
  return invite;
}

void PrintInvite(const IssuedInvite& issued, const std::string& path,
                 Session& session) {
  if (session.options().json) {
    session.Print(InviteJson(issued, path));
    return;
  }
  session.Print(text::Printable(path) + "\n");
  session.Note("good for one device until " + OrDash(issued.expires) +
               " UTC; whoever has the file can use it");
  session.Hint("they run: sodality join " + text::Printable(path));
}

absl::StatusOr<ExitCode> Invite(const Arguments& arguments, Session& session) {
  const auto invite = InviteOf(arguments);
  if (!invite.ok()) return invite.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  // First the file, so that no invite is made that cannot be kept.
  auto file = NewFile::Create(arguments.One("out"));
  if (!file.ok()) return file.status();
  auto issued = client->CreateInvite(*invite);
  if (!issued.ok()) return issued.status();
  const absl::Status kept = file->Keep(issued->content);
  crypto::Wipe(issued->content);
  if (!kept.ok()) return kept;
  PrintInvite(*issued, arguments.One("out"), session);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> ListPrincipals(const Arguments& /*arguments*/,
                                        Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto principals = client->ListPrincipals();
  if (!principals.ok()) return principals.status();
  if (session.options().json) {
    session.Print(PrincipalsJson(*principals));
    return ExitCode::kOk;
  }
  Table table({"ID", "NAME", "ROLE", "STATE"});
  for (const Principal& one : *principals) {
    table.Add({one.id, one.name, one.role, one.suspended ? "suspended" : ""});
  }
  session.Print(table.Render(session.Style()));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Suspend(const Arguments& arguments, Session& session) {
  const bool lift = arguments.Has("lift");
  const std::string& who = arguments.One("NAME");
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const absl::Status done =
      lift ? client->LiftSuspension(who) : client->SuspendPrincipal(who);
  if (!done.ok()) return done;
  const std::string state = lift ? "active" : "suspended";
  session.Print(session.options().json
                    ? StringsJson({{"principal", who}, {"state", state}})
                    : text::Printable(who) + " is " + state + "\n");
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> ListDevices(const Arguments& /*arguments*/,
                                     Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto devices = client->ListDevices();
  if (!devices.ok()) return devices.status();
  if (session.options().json) {
    session.Print(DevicesJson(*devices));
    return ExitCode::kOk;
  }
  Table table({"ID", "OF", "ENROLLED", "CERTIFICATE UNTIL", "STATE"});
  for (const Device& device : *devices) {
    table.Add({device.id, device.principal_name, OrDash(device.enrolled),
               OrDash(device.expires), device.revoked ? "revoked" : ""});
  }
  session.Print(table.Render(session.Style()));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> RevokeDevice(const Arguments& arguments,
                                      Session& session) {
  const auto id = ParseId("ID", arguments.One("ID"));
  if (!id.ok()) return id.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const absl::Status revoked = client->RevokeDevice(*id);
  if (!revoked.ok()) return revoked;
  session.Print(session.options().json
                    ? StringsJson({{"id", *id}, {"state", "revoked"}})
                    : "revoked " + *id + "\n");
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> RenewDevice(const Arguments& /*arguments*/,
                                     Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto expires = RenewNow(*client, session);
  if (!expires.ok()) return expires.status();
  session.Print(session.options().json
                    ? StringsJson({{"expires", FormatTime(*expires)}})
                    : "good until " + ShowTime(*expires) + " UTC\n");
  return ExitCode::kOk;
}

CommandSpec Leaf(std::string name, std::string summary, Handler handler) {
  CommandSpec spec;
  spec.name = std::move(name);
  spec.summary = std::move(summary);
  spec.handler = handler;
  return spec;
}

}  // namespace

CommandSpec InviteCommand() {
  CommandSpec spec =
      Leaf("invite", "make a file that enrols one device", &Invite);
  spec.details =
      "A new name makes a new person; the name or id of one that exists, a "
      "further device of theirs. The file is a secret until it is used.";
  spec.examples = {
      "sodality invite \"Rosa Diaz\" --role coordinator --out "
      "rosa.invite"};
  spec.options = {
      {"role", "ROLE", "admin, coordinator, member, source or auditor",
       Takes::kOne, /*required=*/true},
      {"out", "FILE", "where to write it; must not exist yet", Takes::kOne,
       /*required=*/true},
      {"ttl", "SPAN", "how long it is good for (default 24h, at most 7d)",
       Takes::kOne},
      {"member", "MEMBER", "with role member: whose record is theirs",
       Takes::kOne}};
  spec.positionals = {{"NAME", "who it is for"}};
  return spec;
}

CommandSpec PrincipalCommand() {
  CommandSpec suspend =
      Leaf("suspend", "stop all devices of somebody", &Suspend);
  suspend.options = {{"lift", "", "let them work again", Takes::kNothing}};
  suspend.positionals = {{"NAME", "a name that only one has, or an id"}};
  CommandSpec spec =
      Leaf("principal", "people and services with access", nullptr);
  spec.subcommands = {Leaf("list", "list them", &ListPrincipals),
                      std::move(suspend)};
  return spec;
}

CommandSpec DeviceCommand() {
  CommandSpec revoke =
      Leaf("revoke", "end a device's access from its next message on",
           &RevokeDevice);
  revoke.positionals = {{"ID", "the device's id"}};
  CommandSpec spec = Leaf("device", "enrolled devices", nullptr);
  spec.subcommands = {
      Leaf("list", "list them", &ListDevices), std::move(revoke),
      Leaf("renew", "renew this device's certificate now", &RenewDevice)};
  return spec;
}

}  // namespace sodality::cli
