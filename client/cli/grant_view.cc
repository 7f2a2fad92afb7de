#include "client/cli/grant_view.h"

#include <utility>

#include "client/cli/table.h"
#include "client/cli/values.h"

namespace sodality::cli {
namespace {

std::string ShowScopes(const std::vector<Scope>& scopes) {
  if (scopes.empty()) return "all";
  std::string text;
  for (const Scope& scope : scopes) {
    text += (text.empty() ? "" : "; ") + scope.field + "=" + scope.value;
  }
  return text;
}

std::string ShowClasses(const std::vector<std::string>& classes) {
  std::string text;
  for (const std::string& name : classes) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

}  // namespace

std::string ShowBudget(const Budget& limit, const Budget& value) {
  std::string text;
  const auto add = [&text](uint32_t of, uint32_t part, const char* unit) {
    if (of == 0) return;
    text += (text.empty() ? "" : ", ") + std::to_string(part) + unit;
  };
  add(limit.per_hour, value.per_hour, "/h");
  add(limit.per_day, value.per_day, "/d");
  add(limit.in_all, value.in_all, "");
  return text.empty() ? "-" : text;
}

std::string RenderGrants(const std::vector<Grant>& grants,
                         const Session& session) {
  Table table({"ID", "TO", "STATE", "SCOPE", "CLASSES", "UNTIL (UTC)", "BUDGET",
               "LEFT", "PURPOSE"});
  for (const Grant& grant : grants) {
    table.Add({grant.id, grant.principal_name, grant.state,
               ShowScopes(grant.scopes), ShowClasses(grant.classes),
               grant.not_after.has_value() ? ShowTime(*grant.not_after) : "",
               ShowBudget(grant.budget, grant.budget),
               ShowBudget(grant.budget, grant.left), grant.purpose});
  }
  return table.Render(session.Style());
}

}  // namespace sodality::cli
