// The connections to one file of the store. Internal to sqlcipher_store.cc.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_DATABASE_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_DATABASE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "server/store/sqlcipher/reader_pool.h"
#include "server/store/sqlcipher/writer.h"

namespace sodality::store {

struct DatabaseOptions {
  std::string path;
  std::span<const uint8_t> key;  // Used while it is opened alone.
  bool create = false;
  bool examine = false;
  int readers = 0;
  uint64_t reader_cache_bytes = 0;  // Each.
  uint64_t writer_cache_bytes = 0;
  uint64_t checkpoint_bytes = 0;
};

// Readers may outlast the writer, as long as somebody has borrowed one.
struct Database {
  std::shared_ptr<Writer> writer;
  std::shared_ptr<ReaderPool> readers;
};

// Errors: as SqlcipherStore::Open.
absl::StatusOr<Database> OpenDatabase(const DatabaseOptions& options);

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_DATABASE_H_
