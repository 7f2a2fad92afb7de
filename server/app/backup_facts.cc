#include "server/app/backup_facts.h"

#include <cstdint>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "platform/clock.h"
#include "server/app/custody.h"
#include "server/app/json_line.h"
#include "text/base32.h"
#include "text/utf8.h"

namespace sodality::app {
namespace {

using Json = nlohmann::ordered_json;

Json KeysAsJson(const std::vector<crypto::KeyInfo>& keys) {
  std::map<crypto::KeyKind, Json> kinds;
  for (const crypto::KeyInfo& key : keys) {
    kinds[key.kind].push_back(
        {{"version", key.version},
         {"state", std::string(crypto::KeyStateName(key.state))},
         {"created", platform::FormatTimestamp(key.created)}});
  }
  Json all = Json::array();
  for (const auto& [kind, versions] : kinds) {
    all.push_back({{"kind", std::string(crypto::KeyKindName(kind))},
                   {"versions", versions}});
  }
  return all;
}

Json AsJson(const BackupFacts& facts) {
  Json custody = Json::array();
  for (const crypto::RootSlot& slot : facts.slots) {
    custody.push_back(DescribeCustody(slot));
  }
  const core::BackupManifest& manifest = facts.manifest;
  Json json = {{"id", text::EncodeBase32(facts.id)},
               {"chapter",
                {{"id", text::EncodeBase32(facts.chapter.id.bytes)},
                 {"name", facts.chapter.name}}},
               {"created", platform::FormatTimestamp(manifest.created)},
               {"revision", manifest.revision},
               {"members", manifest.members},
               {"entries", manifest.ledger.number},
               {"keyring_generation", manifest.keyring_generation},
               {"custody", custody},
               {"keys", KeysAsJson(facts.keys)}};
  if (facts.known_until) {
    json["known_until"] = platform::FormatTimestamp(*facts.known_until);
  }
  if (facts.restored) {
    json["erased_again"] = facts.restored->erased;
    json["access_ended"] = facts.restored->ended;
  }
  return json;
}

void PrintLine(const char* what, const std::string& value) {
  std::printf("%-15s %s\n", what, value.c_str());
}

void PrintKeys(const std::vector<crypto::KeyInfo>& keys) {
  std::map<crypto::KeyKind, std::string> kinds;
  for (const crypto::KeyInfo& key : keys) {
    std::string& line = kinds[key.kind];
    if (!line.empty()) line += ", ";
    line += "version " + std::to_string(key.version) + " " +
            std::string(crypto::KeyStateName(key.state));
  }
  for (const auto& [kind, line] : kinds) {
    PrintLine("key", std::string(crypto::KeyKindName(kind)) + ": " + line);
  }
}

template <class Value>
void CheckSame(const char* what, const Value& opened, const Value& named,
               Findings& findings) {
  if (opened == named) {
    findings.Good("backup", std::string(what) + " as its manifest says");
  } else {
    findings.Bad("backup", std::string(what) + ": not as its manifest says");
  }
}

}  // namespace

void PrintBackupFacts(const BackupFacts& facts, bool json) {
  if (json) {
    std::printf("%s\n", JsonLine(AsJson(facts)).c_str());
    return;
  }
  const core::BackupManifest& manifest = facts.manifest;
  PrintLine("backup", text::EncodeBase32(facts.id));
  PrintLine("chapter", text::Printable(facts.chapter.name) + " (" +
                           text::EncodeBase32(facts.chapter.id.bytes) + ")");
  PrintLine("made", platform::FormatTimestamp(manifest.created));
  PrintLine("revision", std::to_string(manifest.revision));
  PrintLine("members", std::to_string(manifest.members));
  PrintLine("ledger entries", std::to_string(manifest.ledger.number));
  for (const crypto::RootSlot& slot : facts.slots) {
    PrintLine("custody", DescribeCustody(slot));
  }
  PrintKeys(facts.keys);
  if (facts.known_until) {
    PrintLine("ended since",
              "known until " + platform::FormatTimestamp(*facts.known_until));
  }
  if (!facts.restored) return;
  PrintLine("erased again", std::to_string(facts.restored->erased));
  PrintLine("access ended", std::to_string(facts.restored->ended));
}

void CheckManifest(const core::BackupManifest& manifest, core::Chapter& chapter,
                   Findings& findings) {
  const auto revision = chapter.store().LastRevision();
  const auto counts = chapter.store().Counts();
  if (!findings.Check("backup", revision.status(), "revision was read") ||
      !findings.Check("backup", counts.status(), "members were counted")) {
    return;
  }
  const core::Head head = chapter.ledger().head();
  CheckSame("revision", *revision, manifest.revision, findings);
  CheckSame("members", counts->members, manifest.members, findings);
  CheckSame("ledger entries", head.number, manifest.ledger.number, findings);
  CheckSame("last ledger entry", head.leaf, manifest.ledger.leaf, findings);
  CheckSame("revision that the ledger names", head.revision,
            manifest.ledger.revision, findings);
  CheckSame("keyring", chapter.keyring()->generation(),
            manifest.keyring_generation, findings);
}

}  // namespace sodality::app
