// grant: who may look at whom, at what, what for, and until when.
#include <algorithm>
#include <utility>

#include "client/cli/commands.h"
#include "client/cli/grant_view.h"
#include "client/cli/json.h"
#include "client/cli/session.h"
#include "client/cli/values.h"

namespace sodality::cli {
namespace {

constexpr size_t kMinPurposeBytes = 3;
constexpr size_t kMaxPurposeBytes = 500;

absl::Status Invalid(const std::string& message, const std::string& hint) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {.reason = "INVALID_VALUE", .hint = hint});
}

// "basic,contact" is as good as "basic contact".
absl::StatusOr<std::vector<std::string>> ClassesOf(const Arguments& arguments) {
  static const std::vector<std::string> known = {"basic", "contact",
                                                 "sensitive"};
  std::vector<std::string> classes;
  for (const std::string& given : arguments.Many("class")) {
    for (size_t begin = 0; begin <= given.size();) {
      const size_t end = std::min(given.find(',', begin), given.size());
      classes.push_back(given.substr(begin, end - begin));
      const absl::Status status = CheckKnown("class", classes.back(), known);
      if (!status.ok()) return status;
      begin = end + 1;
    }
  }
  return classes;
}

absl::Status SetWhen(const Arguments& arguments, Time now, NewGrant* grant) {
  const auto until = ParseTime(arguments.One("until"), now);
  if (!until.ok()) return until.status();
  if (*until <= now) {
    return Invalid("--until lies in the past", "a date, or a span such as 14d");
  }
  grant->not_after = *until;
  if (!arguments.Has("budget")) return absl::OkStatus();
  const auto budget = ParseBudget(arguments.One("budget"));
  if (!budget.ok()) return budget.status();
  grant->budget = *budget;
  return absl::OkStatus();
}

absl::StatusOr<NewGrant> GrantOf(const Arguments& arguments, Time now) {
  NewGrant grant;
  grant.principal = arguments.One("to");
  grant.role = arguments.One("role");
  grant.purpose = arguments.One("purpose");
  if (grant.purpose.size() < kMinPurposeBytes ||
      grant.purpose.size() > kMaxPurposeBytes) {
    return Invalid("--purpose must say in words what the access is for",
                   "3 to 500 bytes, such as: phone bank in May");
  }
  const auto scopes = ParseAssignments(arguments.Many("scope"));
  if (!scopes.ok()) return scopes.status();
  for (const Filter& scope : *scopes) {
    grant.scopes.push_back({scope.field, scope.value});
  }
  auto classes = ClassesOf(arguments);
  if (!classes.ok()) return classes.status();
  grant.classes = *std::move(classes);
  const absl::Status when = SetWhen(arguments, now, &grant);
  if (!when.ok()) return when;
  return grant;
}

absl::StatusOr<ExitCode> Add(const Arguments& arguments, Session& session) {
  const auto grant = GrantOf(arguments, session.Now());
  if (!grant.ok()) return grant.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto id = client->CreateGrant(*grant);
  if (!id.ok()) return id.status();
  session.Print(session.options().json ? StringsJson({{"id", *id}})
                                       : *id + "\n");
  session.Note("good until " + ShowTime(grant->not_after) + " UTC");
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> List(const Arguments& arguments, Session& session) {
  std::chrono::seconds window(0);
  if (arguments.Has("ending")) {
    const auto parsed = ParseDuration(arguments.One("ending"));
    if (!parsed.ok()) return parsed.status();
    window = *parsed;
  }
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto grants = window.count() == 0
                          ? client->ListGrants()
                          : client->ListGrantsEndingWithin(window);
  if (!grants.ok()) return grants.status();
  if (session.options().json) {
    session.Print(GrantsJson(*grants));
  } else if (grants->empty()) {
    session.Note("no grants");
  } else {
    session.Print(RenderGrants(*grants, session));
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Revoke(const Arguments& arguments, Session& session) {
  const auto id = ParseId("ID", arguments.One("ID"));
  if (!id.ok()) return id.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const absl::Status revoked = client->RevokeGrant(*id);
  if (!revoked.ok()) return revoked;
  session.Print(session.options().json
                    ? StringsJson({{"id", *id}, {"state", "revoked"}})
                    : "revoked " + *id + "\n");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec GrantCommand() {
  CommandSpec add = {
      .name = "add",
      .summary = "let somebody look at members, for a purpose, until a date",
      .details =
          "Without --scope: all members. Classes: basic (names, pronouns, "
          "region, committees), contact (e-mail, phone, address, consents), "
          "sensitive (the rest). A budget counts distinct members shown: "
          "20/h,100/d,500 is 20 an hour, 100 a day, 500 in all.",
      .examples = {"sodality grant add --to \"Rosa Diaz\" --role coordinator "
                   "--scope committees=Housing --class basic contact "
                   "--purpose \"phone bank in May\" --until 14d --budget "
                   "20/h,100/d"},
      .options = {{"to", "NAME", "to whom: a name that only one has, or an id",
                   Takes::kOne, /*required=*/true},
                  {"role", "ROLE", "the role it is used in", Takes::kOne,
                   /*required=*/true},
                  {"scope", "FIELD=VALUE",
                   "members with this value; any of several", Takes::kEach},
                  {"class", "CLASS", "basic, contact or sensitive",
                   Takes::kSeveral,
                   /*required=*/true},
                  {"purpose", "TEXT", "what for, in words", Takes::kOne,
                   /*required=*/true},
                  {"until", "TIME", "a date, a time, or a span from now (14d)",
                   Takes::kOne, /*required=*/true},
                  {"budget", "N/h,N/d,N", "how many members it may show",
                   Takes::kOne}},
      .positionals = {},
      .subcommands = {},
      .handler = &Add};
  CommandSpec list = {
      .name = "list",
      .summary = "list grants",
      .details = "",
      .examples = {},
      .options = {{"ending", "SPAN", "only those that end within so long",
                   Takes::kOne}},
      .positionals = {},
      .subcommands = {},
      .handler = &List};
  CommandSpec revoke = {.name = "revoke",
                        .summary = "end a grant now",
                        .details = "",
                        .examples = {},
                        .options = {},
                        .positionals = {{"ID", "the grant's id"}},
                        .subcommands = {},
                        .handler = &Revoke};
  return {.name = "grant",
          .summary = "who may look at whom, what for and until when",
          .details = "",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {std::move(add), std::move(list), std::move(revoke)},
          .handler = nullptr};
}

}  // namespace sodality::cli
