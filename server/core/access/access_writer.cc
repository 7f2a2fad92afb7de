#include "server/core/access/access_writer.h"

#include <utility>
#include <variant>

#include "server/core/error.h"

namespace sodality::core {

void Remember(AccessFact fact, AccessTable& table,
              SuppressionList& suppressions) {
  std::visit(
      [&](auto& f) {
        if constexpr (requires { table.Put(f); }) {
          ++f.version;
          table.Put(std::move(f));
        } else if constexpr (requires { suppressions.Add(f.id); }) {
          suppressions.Add(f.id);
        }
      },
      fact);
}

AccessWriter::AccessWriter(const DirectoryParts& parts) : parts_(parts) {}

absl::Status AccessWriter::Apply(AccessChange change) const {
  const auto keyring = parts_.keys->Current();
  auto key = keyring->Active<crypto::StateKey>();
  if (!key.ok()) return key.status();
  const crypto::RowSealer sealer(parts_.info.id.bytes, *key);
  store::Write write;
  for (const AccessFact& fact : change.facts) {
    auto row = SealFact(fact, sealer, parts_.random);
    if (!row.ok()) return row.status();
    write.put_rows.push_back(*std::move(row));
  }
  write.request = std::move(change.request);
  auto revision =
      parts_.committer.Commit(std::move(write), std::move(change.entry));
  if (!revision.ok()) return FromStore(revision.status());
  for (AccessFact& fact : change.facts) {
    Remember(std::move(fact), parts_.access, parts_.suppressions);
  }
  return absl::OkStatus();
}

}  // namespace sodality::core
