// find and show: looking members up.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/member_view.h"
#include "client/cli/session.h"
#include "client/cli/values.h"

namespace sodality::cli {
namespace {

constexpr int64_t kDefaultLimit = 20;
constexpr int64_t kMaxLimit = 10'000;
constexpr int64_t kMaxPage = 100;

absl::StatusOr<MemberQuery> MakeQuery(const Arguments& arguments) {
  auto filters = ParseAssignments(arguments.Many("where"));
  if (!filters.ok()) return filters.status();
  MemberQuery query;
  query.words = arguments.Many("WORD");
  query.filters = *std::move(filters);
  query.grant_id = arguments.One("grant");
  query.view.reveal = arguments.Has("reveal");
  if (query.words.empty() && query.filters.empty()) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "nothing to look for",
        {.reason = "USAGE", .hint = "name somebody: sodality find maria gonz"});
  }
  return query;
}

// Pages until `limit` members are there or there are no more.
absl::StatusOr<MemberList> FindUpTo(int64_t limit, MemberQuery query,
                                    const Client& client) {
  MemberList list;
  do {
    const int64_t missing = limit - static_cast<int64_t>(list.members.size());
    query.page_size = static_cast<int>(std::min(missing, kMaxPage));
    auto page = client.Search(query);
    if (!page.ok()) return page.status();
    for (Member& member : page->members) {
      list.members.push_back(std::move(member));
    }
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty() &&
           static_cast<int64_t>(list.members.size()) < limit);
  list.more = !query.page_token.empty();
  SortByName(&list.members);
  return list;
}

// How many fields a grant would show on request.
size_t CountHidden(const std::vector<Member>& members) {
  std::set<std::string> names;
  for (const Member& member : members) {
    names.insert(member.hidden.begin(), member.hidden.end());
  }
  return names.size();
}

void Describe(const MemberList& list, Session& session) {
  if (list.members.empty()) session.Note("nobody found");
  if (list.more) session.Note("there are more: narrow it, or raise --limit");
  const size_t hidden = CountHidden(list.members);
  if (hidden > 0) {
    session.Hint(absl::StrCat(
        hidden, hidden == 1 ? " field is" : " fields are",
        " not shown; --reveal shows all, show MEMBER --field NAME one"));
  }
}

absl::Status PrintMembers(const MemberList& list, bool as_records,
                          Session& session) {
  if (session.options().json) {
    const auto client = session.Connected();
    if (!client.ok()) return client.status();
    const auto catalogue = LoadCatalogue(*client);
    if (!catalogue.ok()) return catalogue.status();
    session.Print(MembersJson(list, *catalogue));
    return absl::OkStatus();
  }
  if (as_records) {
    for (const Member& member : list.members) {
      if (!session.printed().empty()) session.Print("\n");
      session.Print(RenderRecord(member, session));
    }
  } else if (!list.members.empty()) {
    session.Print(RenderTable(list.members, session));
  }
  Describe(list, session);
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Find(const Arguments& arguments, Session& session) {
  auto query = MakeQuery(arguments);
  if (!query.ok()) return query.status();
  int64_t limit = kDefaultLimit;
  if (arguments.Has("limit")) {
    const auto parsed =
        ParseNumber(arguments.One("limit"), {"--limit", 1, kMaxLimit});
    if (!parsed.ok()) return parsed.status();
    limit = *parsed;
  }
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const bool as_records = query->view.reveal;
  const auto list = FindUpTo(limit, *std::move(query), *client);
  if (!list.ok()) return list.status();
  const absl::Status printed = PrintMembers(*list, as_records, session);
  if (!printed.ok()) return printed;
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Show(const Arguments& arguments, Session& session) {
  auto id = ParseId("MEMBER", arguments.One("MEMBER"));
  if (!id.ok()) return id.status();
  MemberRequest request;
  request.member_id = *std::move(id);
  request.grant_id = arguments.One("grant");
  request.view.reveal = arguments.Has("reveal");
  request.view.fields = arguments.Many("field");
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  auto member = client->Get(request);
  if (!member.ok()) return member.status();
  const absl::Status printed =
      PrintMembers({{*std::move(member)}, /*more=*/false},
                   /*as_records=*/true, session);
  if (!printed.ok()) return printed;
  return ExitCode::kOk;
}

}  // namespace

CommandSpec FindCommand() {
  return {
      .name = "find",
      .summary = "find members by name, phone, e-mail or any field",
      .details =
          "Words are looked for in the names: a beginning from three letters "
          "on, the whole word below. One with @ is an e-mail address; seven "
          "digits or more are a telephone number in any spelling. --FIELD "
          "VALUE is short for --where FIELD=VALUE.",
      .examples = {"sodality find maria gonz",
                   "sodality find \"(212) 555-0123\"",
                   "sodality find --committees Housing --limit 50"},
      .options = {{"where", "FIELD=VALUE",
                   "only where this field has this value", Takes::kEach},
                  {"grant", "ID", "look through this grant", Takes::kOne},
                  {"limit", "N", "at most so many members (default 20)",
                   Takes::kOne},
                  {"reveal", "", "show every field that the grant allows",
                   Takes::kNothing}},
      .positionals = {{"WORD", "what to look for", Takes::kSeveral,
                       /*required=*/false}},
      .subcommands = {},
      .handler = &Find,
      .field_options = true,
  };
}

CommandSpec ShowCommand() {
  return {
      .name = "show",
      .summary = "show one member",
      .details =
          "Fields of contact and sensitive classes are shown when named "
          "with --field, or all of them with --reveal.",
      .examples = {"sodality show k7q2m5x3r4t6v2b3n5c7d2f4ga --field phone"},
      .options = {{"field", "NAME", "this field alone", Takes::kEach},
                  {"reveal", "", "show every field that the grant allows",
                   Takes::kNothing},
                  {"grant", "ID", "look through this grant", Takes::kOne}},
      .positionals = {{"MEMBER", "the member's id"}},
      .subcommands = {},
      .handler = &Show,
      .field_options = false,
  };
}

}  // namespace sodality::cli
