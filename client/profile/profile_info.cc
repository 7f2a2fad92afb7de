#include "client/profile/profile_info.h"

#include <toml++/toml.h>

#include <array>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/pki/identity.h"
#include "crypto/pki/invite_file.h"
#include "text/toml_text.h"

namespace sodality {
namespace {

constexpr std::string_view kFormatKey = "format";
constexpr int64_t kFormat = 1;

struct Key {
  std::string_view name;
  std::string ProfileInfo::*value;
};

constexpr std::array<Key, 6> kKeys = {{
    {"address", &ProfileInfo::address},
    {"chapter_id", &ProfileInfo::chapter_id},
    {"chapter_name", &ProfileInfo::chapter_name},
    {"server_name", &ProfileInfo::server_name},
    {"device_id", &ProfileInfo::device_id},
    {"principal_name", &ProfileInfo::principal_name},
}};

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(std::string(what));
}

absl::Status CheckFormat(const toml::table& table) {
  const auto format = table[kFormatKey].value<int64_t>();
  if (!format.has_value()) return Wrong("key 'format' is missing");
  if (*format == kFormat) return absl::OkStatus();
  return Wrong("its format is not 1: newer than this program?");
}

absl::Status CheckKeys(const toml::table& table) {
  for (const auto& [key, value] : table) {
    bool known = key.str() == kFormatKey;
    for (const Key& k : kKeys) known = known || key.str() == k.name;
    if (!known) {
      return Wrong(
          absl::StrCat("line ", value.source().begin.line, ": unknown key"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ProfileInfo> FromTable(const toml::table& table) {
  ProfileInfo info;
  for (const Key& key : kKeys) {
    auto value = table[key.name].value_exact<std::string>();
    if (!value.has_value()) {
      return Wrong(absl::StrCat("key '", std::string(key.name),
                                "' is missing or no string"));
    }
    info.*key.value = *std::move(value);
  }
  return info;
}

absl::Status CheckInfo(const ProfileInfo& info) {
  if (auto s = pki::CheckAddress(info.address); !s.ok()) return s;
  if (!pki::IsId(info.chapter_id)) return Wrong("key 'chapter_id' is no id");
  if (!pki::IsId(info.device_id)) return Wrong("key 'device_id' is no id");
  return absl::OkStatus();
}

absl::StatusOr<toml::table> ParseToml(std::string_view text) {
  if (const auto line = text::LineBeyondAscii(text)) {
    return Wrong(
        absl::StrCat("line ", *line, ": ", std::string(text::kBeyondAscii)));
  }
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return Wrong(
        absl::StrCat("line ", error.source().begin.line, ": not TOML"));
  }
}

}  // namespace

std::string FormatProfileInfo(const ProfileInfo& info) {
  toml::table table;
  table.insert(kFormatKey, kFormat);
  for (const Key& key : kKeys) table.insert(key.name, info.*key.value);
  std::ostringstream out;
  out << table;
  std::string text = out.str();
  if (!text.ends_with('\n')) text += '\n';  // Versions of the library differ.
  return text;
}

absl::StatusOr<ProfileInfo> ParseProfileInfo(std::string_view text) {
  const auto table = ParseToml(text);
  if (!table.ok()) return table.status();
  // The format first: a newer one may have other keys.
  if (auto s = CheckFormat(*table); !s.ok()) return s;
  if (auto s = CheckKeys(*table); !s.ok()) return s;
  auto info = FromTable(*table);
  if (!info.ok()) return info;
  if (auto s = CheckInfo(*info); !s.ok()) return s;
  return info;
}

}  // namespace sodality
