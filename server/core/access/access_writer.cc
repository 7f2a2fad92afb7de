#include "server/core/access/access_writer.h"

#include <utility>
#include <variant>

#include "server/core/error.h"

namespace sodality::core {

void Settle(std::vector<AccessFact> facts, const DirectoryParts& parts) {
  std::vector<Tombstone> ended;
  for (const AccessFact& fact : facts) {
    const auto more = TombstonesOf(fact);
    ended.insert(ended.end(), more.begin(), more.end());
  }
  for (AccessFact& fact : facts) {
    std::visit(
        [&](auto& f) {
          if constexpr (requires { parts.access.Put(f); }) {
            ++f.version;
            parts.access.Put(std::move(f));
          } else if constexpr (requires { parts.suppressions.Add(f.id); }) {
            parts.suppressions.Add(f.id);
          }
        },
        fact);
  }
  // Last, since a slow disk must keep nobody's access alive. The act stands in
  // the store: what is owed is tried again before whatever ends next, by the
  // housekeeper, and at a start.
  if (!ended.empty()) (void)parts.tombstones.Record(std::move(ended));
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
  Settle(std::move(change.facts), parts_);
  return absl::OkStatus();
}

}  // namespace sodality::core
