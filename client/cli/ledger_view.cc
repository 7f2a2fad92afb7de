#include "client/cli/ledger_view.h"

#include <string>

#include "client/cli/json.h"
#include "client/cli/table.h"
#include "client/cli/values.h"

namespace sodality::cli {
namespace {

std::string Joined(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) {
    joined += (joined.empty() ? "" : ", ") + name;
  }
  return joined;
}

std::string Who(const LedgerEntry& entry) {
  return entry.actor.empty() ? entry.actor_id : entry.actor;
}

}  // namespace

void PrintLedger(const LedgerPage& page, Session& session) {
  if (session.options().json) {
    session.Print(LedgerJson(page));
    return;
  }
  if (page.entries.empty()) {
    session.Note("no entries");
    return;
  }
  Table table({"NO", "TIME (UTC)", "WHO", "WHAT", "MEMBERS", "FIELDS",
               "PURPOSE", "OUTCOME"});
  for (const LedgerEntry& entry : page.entries) {
    table.Add({std::to_string(entry.number),
               entry.time.has_value() ? ShowTime(*entry.time) : "", Who(entry),
               entry.action,
               entry.members == 0 ? "" : std::to_string(entry.members),
               Joined(entry.fields), entry.purpose, entry.outcome});
  }
  session.Print(table.Render(session.Style()));
  if (!page.next_page_token.empty()) session.Note("there are older entries");
}

}  // namespace sodality::cli
