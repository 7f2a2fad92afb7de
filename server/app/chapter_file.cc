#include "server/app/chapter_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <sstream>

#include "crypto/pki/invite_file.h"
#include "text/base32.h"
#include "text/toml_text.h"
#include "text/utf8.h"

namespace sodality::app {
namespace {

constexpr char kName[] = "chapter.toml";
constexpr size_t kMaxNameBytes = 128;

absl::Status Wrong(const toml::source_position& where, std::string_view what) {
  std::ostringstream text;
  text << kName << ":" << where.line << ": " << what;
  return absl::InvalidArgumentError(text.str());
}

absl::Status CheckKeys(const toml::table& table,
                       const std::set<std::string_view>& known) {
  for (const auto& [key, value] : table) {
    if (!known.contains(key.str())) {
      return Wrong(value.source().begin, "an unknown key");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadText(const toml::table& table,
                                     std::string_view key) {
  const auto value = table[key].value<std::string>();
  if (value) return *value;
  return Wrong(table.source().begin,
               "\"" + std::string(key) + "\" must be a string");
}

absl::Status ReadLimit(const toml::table& limits, std::string_view key,
                       uint32_t& limit) {
  const toml::node* node = limits.get(key);
  if (node == nullptr) return absl::OkStatus();
  const auto value = node->value<int64_t>();
  if (!value || *value < 1 || *value > 1'000'000) {
    return Wrong(node->source().begin,
                 "\"" + std::string(key) + "\" must be 1 to 1000000");
  }
  limit = static_cast<uint32_t>(*value);
  return absl::OkStatus();
}

absl::Status ReadLimits(const toml::table& root, rpc::CallLimits& limits) {
  const toml::node* node = root.get("limits");
  if (node == nullptr) return absl::OkStatus();
  const toml::table* table = node->as_table();
  if (table == nullptr) return Wrong(node->source().begin, "not a table");
  absl::Status status =
      CheckKeys(*table, {"calls_at_once", "streams_at_once", "per_second"});
  if (status.ok()) status = ReadLimit(*table, "calls_at_once", limits.at_once);
  if (status.ok()) {
    status = ReadLimit(*table, "streams_at_once", limits.streams_at_once);
  }
  if (status.ok()) status = ReadLimit(*table, "per_second", limits.per_second);
  return status;
}

// Each text with what checks it; the first that is wrong is named.
absl::Status ReadTexts(const toml::table& root, ChapterFile& file) {
  struct Text {
    std::string_view key;
    std::string& into;
    absl::Status (*check)(std::string_view);
  };
  std::string id;
  const Text texts[] = {
      {"id", id,
       [](std::string_view text) { return text::DecodeBase32(text).status(); }},
      {"name", file.info.name, CheckChapterName},
      {"country", file.info.country, CheckCountry},
      {"listen", file.listen,
       [](std::string_view) { return absl::OkStatus(); }},
      {"address", file.info.address, pki::CheckAddress},
  };
  for (const Text& text : texts) {
    auto value = ReadText(root, text.key);
    if (!value.ok()) return value.status();
    const absl::Status good = text.check(*value);
    if (!good.ok()) {
      return Wrong(root.get(text.key)->source().begin,
                   std::string(text.key) + ": " + std::string(good.message()));
    }
    text.into = *std::move(value);
  }
  file.info.id.bytes = *text::DecodeBase32(id);
  return absl::OkStatus();
}

absl::StatusOr<ChapterFile> ReadFileTable(const toml::table& root) {
  ChapterFile file;
  absl::Status status =
      CheckKeys(root, {"id", "name", "country", "listen", "address", "limits"});
  if (status.ok()) status = ReadTexts(root, file);
  if (status.ok()) status = ReadLimits(root, file.limits);
  if (!status.ok()) return status;
  return file;
}

}  // namespace

absl::StatusOr<ChapterFile> ParseChapterFile(std::string_view toml) {
  if (const auto line = text::LineBeyondAscii(toml)) {
    return Wrong({*line, 1}, text::kBeyondAscii);
  }
  try {
    return ReadFileTable(toml::parse(toml));
  } catch (const toml::parse_error& error) {
    return Wrong(error.source().begin, "not valid TOML");
  }
}

std::string FormatChapterFile(const ChapterFile& file) {
  const toml::table root{
      {"id", text::EncodeBase32(file.info.id.bytes)},
      {"name", file.info.name},
      {"country", file.info.country},
      {"listen", file.listen},
      {"address", file.info.address},
  };
  std::ostringstream text;
  text << "# This chapter. `id` never changes; `listen` is where the server "
          "listens,\n# `address` what new invites tell people to dial.\n"
       << root << "\n";
  return text.str();
}

absl::Status CheckChapterName(std::string_view name) {
  const bool has_control = std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (name.empty() || name.size() > kMaxNameBytes || has_control ||
      !text::IsValidUtf8(name)) {
    return absl::InvalidArgumentError(
        "a chapter's name must have 1 to 128 bytes of UTF-8 on one line");
  }
  return absl::OkStatus();
}

absl::Status CheckCountry(std::string_view country) {
  const bool letters = std::all_of(country.begin(), country.end(),
                                   [](char c) { return c >= 'A' && c <= 'Z'; });
  if (country.size() == 2 && letters) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "a country must be two capital letters, like US");
}

}  // namespace sodality::app
