// Wrote store_v1.db, with program 0.1. Kept to say how it came about; a later
// schema has a fixture and a maker of its own. `make_store_v1 FILE`.
#include <cstdio>
#include <string>
#include <utility>

#include "server/store/sqlcipher/sqlcipher_store.h"
#include "tests/compat/store_v1.h"
#include "tests/store/sample.h"

namespace sodality::store {
namespace {

class FixedDigest final : public DigestSealer {
 public:
  absl::StatusOr<Bytes> SealAfter(std::span<const RowChange>,
                                  Revision revision) override {
    return BytesOf("digest at " + std::to_string(revision));
  }
  void Resolve(bool) override {}
};

PutMember Member(uint8_t first, uint64_t expected) {
  PutMember put;
  put.id = {compat::StoreV1Id(first)};
  put.expected = expected;
  put.wrap_version = expected == 0 ? 1 : 2;
  put.sealed = BytesOf("sealed record");
  put.tokens = {{1, 4, first}, {1, 8, 5}};
  return put;
}

absl::Status Fill(MemberStore& store) {
  Write members = EmptyWrite();
  for (const uint8_t first : compat::kStoreV1Members) {
    members.put_members.push_back(Member(first, 0));
  }
  Write rest = EmptyWrite();
  rest.put_members.push_back(Member(0x80, 1));
  rest.put_rows = {
      {AccessTable::kGrants, compat::StoreV1Id(1), 0, BytesOf("grant")}};
  rest.request =
      PutRequest{{compat::StoreV1Id(2)}, {1700000000000}, BytesOf("outcome")};
  store.AppendLedgerIndex({{{compat::StoreV1Id(3)}, 7}}, 9);
  for (Write* write : {&members, &rest}) {
    const auto done = Apply(store, std::move(*write));
    if (!done.ok()) return done.status();
  }
  return absl::OkStatus();
}

absl::Status Make(const char* path) {
  const std::vector<uint8_t> key = compat::StoreV1Key();
  SqlcipherStore::Options options;
  options.path = path;
  options.key = key;
  options.create = true;
  auto store = SqlcipherStore::Open(options);
  if (!store.ok()) return store.status();
  FixedDigest digest;
  (*store)->SetDigestSealer(digest);
  const absl::Status filled = Fill(**store);
  store->reset();
  return filled;
}

}  // namespace
}  // namespace sodality::store

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const absl::Status made = sodality::store::Make(argv[1]);
  if (!made.ok()) std::fprintf(stderr, "%s\n", made.ToString().c_str());
  return made.ok() ? 0 : 1;
}
