#include "tests/store/conformance.h"

#include "server/store/memory/memory_store.h"
#include "server/store/sqlcipher/sqlcipher_store.h"
#include "tests/sqlcipher/test_key.h"

namespace sodality::store {
namespace {

std::unique_ptr<MemberStore> OpenSqlcipher(const std::string& folder) {
  const std::vector<uint8_t> key = sqlcipher::TestKey();
  SqlcipherStore::Options options;
  options.path = folder + "/members.db";
  options.key = key;
  options.create = true;
  auto store = SqlcipherStore::Open(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreConformance,
    testing::Values(StoreKind{"Memory",
                              [](const std::string&) {
                                return std::make_unique<MemoryStore>();
                              }},
                    StoreKind{"MemoryThatRecalls",
                              [](const std::string&) {
                                auto store = std::make_unique<MemoryStore>();
                                store->RecallEverybody();
                                return store;
                              }},
                    StoreKind{"Sqlcipher", OpenSqlcipher}),
    [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace sodality::store
