#include "client/cli/json_acts.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "client/cli/act_view.h"
#include "client/cli/values.h"
#include "platform/clock.h"
#include "text/base32.h"

namespace sodality::cli {
namespace {

using ActsJsonValue = nlohmann::ordered_json;

std::string DumpActs(const ActsJsonValue& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false,
                   ActsJsonValue::error_handler_t::replace) +
         "\n";
}

ActsJsonValue WhenOrNull(const std::optional<Time>& time) {
  return time.has_value() ? ActsJsonValue(FormatTime(*time))
                          : ActsJsonValue(nullptr);
}

ActsJsonValue OneOf(const PendingAct& act) {
  ActsJsonValue names = ActsJsonValue::array();
  for (const Approval& one : act.approvals) {
    names.push_back({{"id", one.principal_id}, {"name", one.principal_name}});
  }
  const auto form = ReadAct(act.form);
  const bool known = form.ok();
  ActsJsonValue what = ActsJsonValue::array();
  if (known) what = *WhatHappens(*form);
  const auto time = [&](platform::Timestamp when) {
    return ActsJsonValue(platform::FormatTimestamp(when));
  };
  return {{"id", act.id},
          {"state", act.state},
          {"kind", known ? "trim-keys" : "unknown"},
          {"what", what},
          {"proposer", known ? text::EncodeBase32(form->proposer) : ""},
          {"approved_by", names},
          {"approvals", act.counted},
          {"needed", act.needed},
          {"alone_from", WhenOrNull(act.alone_from)},
          {"created", known ? time(form->created) : ActsJsonValue(nullptr)},
          {"expires", known ? time(form->expires) : ActsJsonValue(nullptr)},
          {"ended", WhenOrNull(act.ended)}};
}

}  // namespace

std::string ActJson(const PendingAct& act) {
  return DumpActs({{"id", act.id},
                   {"waiting", act.state == "pending"},
                   {"state", act.state},
                   {"approvals", act.counted},
                   {"needed", act.needed},
                   {"alone_from", WhenOrNull(act.alone_from)}});
}

std::string ActsJson(const std::vector<PendingAct>& acts) {
  ActsJsonValue array = ActsJsonValue::array();
  for (const PendingAct& act : acts) array.push_back(OneOf(act));
  return DumpActs({{"approvals", array}, {"more", false}});
}

}  // namespace sodality::cli
