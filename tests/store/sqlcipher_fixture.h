// A SQLCipher store in a folder of its own, opened and looked into.
#ifndef SODALITY_TESTS_STORE_SQLCIPHER_FIXTURE_H_
#define SODALITY_TESTS_STORE_SQLCIPHER_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/store/sqlcipher/sqlcipher_store.h"
#include "sqlcipher/connection.h"
#include "tests/scratch.h"
#include "tests/sqlcipher/test_key.h"
#include "tests/store/sample.h"

namespace sodality::store {

class SqlcipherFixture : public testing::Test {
 protected:
  SqlcipherStore::Options Options() {
    SqlcipherStore::Options options;
    options.path = path_;
    options.key = key_;
    options.readers = 2;  // The fault loops open a store hundreds of times.
    return options;
  }
  // Opens store_, made when it is absent.
  void Open() {
    SqlcipherStore::Options options = Options();
    options.create = true;
    auto store = SqlcipherStore::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void Close() { store_.reset(); }
  absl::Status OpenStatus() { return SqlcipherStore::Open(Options()).status(); }
  // Runs SQL behind the back of a closed store, all of it in the file.
  void Tamper(const char* sql) {
    auto raw = sqlcipher::Connection::Open(
        {path_, key_, sqlcipher::OpenMode::kReadWrite});
    ASSERT_TRUE(raw.ok()) << raw.status();
    const absl::Status done = raw->Execute(sql);
    ASSERT_TRUE(done.ok()) << done;
    ASSERT_TRUE(raw->Checkpoint(sqlcipher::CheckpointMode::kTruncate).ok());
  }

  Scratch scratch_{Scratch::On::kMemory};
  const std::string path_ = scratch_ / "members.db";
  const std::vector<uint8_t> key_ = sqlcipher::TestKey();
  std::unique_ptr<SqlcipherStore> store_;
};

}  // namespace sodality::store

#endif  // SODALITY_TESTS_STORE_SQLCIPHER_FIXTURE_H_
