// ledger: who has read and changed what, and whether the record holds.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/ledger_view.h"
#include "client/cli/session.h"
#include "client/cli/values.h"
#include "client/ledger_chain.h"

namespace sodality::cli {
namespace {

constexpr int64_t kDefaultLimit = 50;
constexpr int64_t kMaxLimit = 100'000;
constexpr int64_t kMaxPage = 500;

absl::StatusOr<LedgerQuery> QueryOf(const Arguments& arguments, Time now) {
  LedgerQuery query;
  query.actor = arguments.One("by");
  query.grant_id = arguments.One("grant");
  if (arguments.Has("member")) {
    auto member = ParseId("--member", arguments.One("member"));
    if (!member.ok()) return member.status();
    query.member_id = *std::move(member);
  }
  if (arguments.Has("since")) {
    const auto since = ParsePastTime(arguments.One("since"), now);
    if (!since.ok()) return since.status();
    query.since = *since;
  }
  return query;
}

absl::StatusOr<int64_t> LimitOf(const Arguments& arguments) {
  if (!arguments.Has("limit")) return kDefaultLimit;
  return ParseNumber(arguments.One("limit"), {"--limit", 1, kMaxLimit});
}

absl::StatusOr<LedgerPage> ListUpTo(int64_t limit, LedgerQuery query,
                                    const Client& client) {
  LedgerPage all;
  do {
    const int64_t missing = limit - static_cast<int64_t>(all.entries.size());
    query.page_size = static_cast<int>(std::min(missing, kMaxPage));
    auto page = client.ListLedger(query);
    if (!page.ok()) return page.status();
    for (LedgerEntry& entry : page->entries) {
      all.entries.push_back(std::move(entry));
    }
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty() &&
           static_cast<int64_t>(all.entries.size()) < limit);
  all.next_page_token = query.page_token;
  return all;
}

absl::StatusOr<ExitCode> List(const Arguments& arguments, Session& session) {
  auto query = QueryOf(arguments, session.Now());
  if (!query.ok()) return query.status();
  const auto limit = LimitOf(arguments);
  if (!limit.ok()) return limit.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto page = ListUpTo(*limit, *std::move(query), *client);
  if (!page.ok()) return page.status();
  PrintLedger(*page, session);
  return ExitCode::kOk;
}

absl::StatusOr<LedgerHead> VerifyChain(const Client& client,
                                       LedgerChain* chain) {
  auto head = client.StreamLeaves(
      1, [&](const std::vector<LedgerLeaf>& leaves) -> absl::Status {
        for (const LedgerLeaf& leaf : leaves) {
          const absl::Status added = chain->Add(leaf);
          if (!added.ok()) return added;
        }
        return absl::OkStatus();
      });
  if (!head.ok()) return head.status();
  const absl::Status ends = chain->EndsIn(*head);
  if (!ends.ok()) return ends;
  return head;
}

absl::StatusOr<ExitCode> Verify(const Arguments& /*arguments*/,
                                Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto memory = session.environment().memory(session);
  if (!memory.ok()) return memory.status();
  LedgerChain chain;
  (*memory)->Expect(&chain);
  // A unary call first: it is repeated where a stream is not.
  const auto first = client->GetLedgerHead();
  if (!first.ok()) return first.status();
  const auto head = VerifyChain(*client, &chain);
  if (!head.ok()) return head.status();
  const auto restored = (*memory)->Advance(*head);
  if (!restored.ok()) return restored.status();
  if (*restored) session.Warn(kRestored);
  session.Print(session.options().json
                    ? VerifyJson({*head, chain.entries()})
                    : absl::StrCat("verified: ", chain.entries(),
                                   " entries, none missing, none changed\n"));
  return ExitCode::kOk;
}

}  // namespace

CommandSpec LedgerCommand() {
  CommandSpec verify = {
      .name = "verify",
      .summary = "check that no entry is missing or changed",
      .details =
          "Reads no member. Remembers the head, and notices when the "
          "server was set back behind it.",
      .examples = {},
      .options = {},
      .positionals = {},
      .subcommands = {},
      .handler = &Verify};
  return {.name = "ledger",
          .summary = "who has read and changed what",
          .details = "",
          .examples = {"sodality ledger --by \"Rosa Diaz\" --since 7d",
                       "sodality ledger verify"},
          .options = {{"member", "MEMBER", "about this member", Takes::kOne},
                      {"by", "NAME", "by this person or service", Takes::kOne},
                      {"since", "TIME", "from then on", Takes::kOne},
                      {"limit", "N", "at most so many entries (default 50)",
                       Takes::kOne},
                      {"grant", "ID", "with --member: look through this grant",
                       Takes::kOne}},
          .positionals = {},
          .subcommands = {std::move(verify)},
          .handler = &List};
}

}  // namespace sodality::cli
