#include "server/store/sqlcipher/integrity.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlcipher/packing.h"
#include "sqlcipher/statement.h"

namespace sodality::store {
namespace {

using Findings = std::vector<std::string>;

// Damage that stops a check is a finding; any other error is the caller's.
absl::Status Note(const absl::Status& status, const char* check,
                  Findings& findings) {
  if (!absl::IsDataLoss(status)) return status;
  findings.push_back(absl::StrCat(check, ": ", std::string(status.message())));
  return absl::OkStatus();
}

// The number in "... page 12 ..."; 0 when there is none.
uint32_t PageNamed(const std::string& line) {
  uint32_t page = 0;
  const size_t at = line.find("page ");
  if (at == std::string::npos) return page;
  std::from_chars(line.data() + at + 5, line.data() + line.size(), page);
  return page;
}

// SQLCipher 4.6 looks for these in the wrong place (sqlcipher issue 604).
constexpr uint32_t kPagesItFinds = (uint64_t{1} << 32) / sqlcipher::kPageBytes;

// SQLCipher checks the pages of the file and does not see the log. What the log
// has a version of, the file may have a torn one of, which the next checkpoint
// mends; SQLite's check reads the version in force.
absl::Status CheckFile(sqlcipher::Connection& connection, Findings& findings) {
  constexpr const char* kCheck = "cipher_integrity_check";
  const auto in_log = connection.PagesInLog();
  if (!in_log.ok()) return in_log.status();
  const auto lines = connection.QueryTexts(absl::StrCat("PRAGMA ", kCheck));
  if (!lines.ok()) return Note(lines.status(), kCheck, findings);
  for (const std::string& line : *lines) {
    const uint32_t page = PageNamed(line);
    if (in_log->contains(page) || page > kPagesItFinds) continue;
    findings.push_back(absl::StrCat(kCheck, ": ", line));
  }
  return absl::OkStatus();
}

absl::Status CheckTree(sqlcipher::Connection& connection, Findings& findings) {
  constexpr const char* kCheck = "integrity_check";
  const auto lines = connection.QueryTexts(absl::StrCat("PRAGMA ", kCheck));
  if (!lines.ok()) return Note(lines.status(), kCheck, findings);
  for (const std::string& line : *lines) {
    if (line != "ok") findings.push_back(absl::StrCat(kCheck, ": ", line));
  }
  return absl::OkStatus();
}

absl::Status CheckCounts(sqlcipher::Connection& connection,
                         Findings& findings) {
  const auto wrong = connection.QueryInt(
      "SELECT count(*) FROM (SELECT wrap_version, count(*) AS n FROM members"
      " GROUP BY wrap_version) AS real FULL JOIN"
      " (SELECT * FROM wrap_counts WHERE members <> 0) AS kept"
      " USING(wrap_version) WHERE real.n IS NOT kept.members");
  if (!wrong.ok()) return wrong.status();
  if (*wrong != 0) {
    findings.push_back(absl::StrCat("member counts: wrong for ", *wrong,
                                    " wrap-key versions"));
  }
  return absl::OkStatus();
}

// Counts the members with a token that the index lacks, and all their tokens.
absl::StatusOr<std::pair<uint64_t, uint64_t>> ProbeTokens(
    sqlcipher::Connection& connection) {
  auto members = connection.Prepare("SELECT key, tokens FROM members");
  if (!members.ok()) return members.status();
  auto probe =
      connection.Prepare("SELECT 1 FROM tokens WHERE key = ? AND member = ?");
  if (!probe.ok()) return probe.status();
  uint64_t incomplete = 0;
  uint64_t all = 0;
  while (true) {
    const absl::StatusOr<bool> row = members->Step();
    if (!row.ok()) return row.status();
    if (!*row) return std::pair(incomplete, all);
    const absl::StatusOr<TokenKeys> tokens = DecodeTokenKeys(members->Blob(1));
    if (!tokens.ok()) return tokens.status();
    bool complete = true;
    for (const int64_t token : *tokens) {
      const absl::StatusOr<bool> found =
          probe->Bind(1, token).Bind(2, members->Int(0)).Step();
      if (!found.ok()) return found.status();
      complete &= *found;
      probe->Reset();
    }
    incomplete += complete ? 0 : 1;
    all += tokens->size();
  }
}

absl::Status CheckTokens(sqlcipher::Connection& connection,
                         Findings& findings) {
  const auto probed = ProbeTokens(connection);
  if (!probed.ok()) return probed.status();
  const auto rows = connection.QueryInt("SELECT count(*) FROM tokens");
  if (!rows.ok()) return rows.status();
  const auto [incomplete, all] = *probed;
  if (incomplete != 0) {
    findings.push_back(
        absl::StrCat("search index: incomplete for ", incomplete, " members"));
  } else if (static_cast<uint64_t>(*rows) != all) {
    findings.push_back(
        absl::StrCat("search index: ", static_cast<uint64_t>(*rows) - all,
                     " entries belong to no member"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Findings> CheckTrees(sqlcipher::Connection& connection) {
  Findings findings;
  const absl::Status status = CheckTree(connection, findings);
  if (!status.ok()) return status;
  return findings;
}

absl::StatusOr<Findings> CheckIntegrity(sqlcipher::Connection& connection) {
  Findings findings;
  absl::Status status = CheckFile(connection, findings);
  if (status.ok()) status = CheckTree(connection, findings);
  if (status.ok()) {
    status = Note(CheckCounts(connection, findings), "member counts", findings);
  }
  if (status.ok()) {
    status = Note(CheckTokens(connection, findings), "search index", findings);
  }
  if (!status.ok()) return status;
  return findings;
}

}  // namespace sodality::store
