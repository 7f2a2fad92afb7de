// The few read-only connections, lent out one thread at a time.
// Read next: reader.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_READER_POOL_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_READER_POOL_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/mutex.h"
#include "server/store/sqlcipher/reader.h"

namespace sodality::store {

// Thread safety: safe. The reader given back last is lent first: its page cache
// is the warmest.
class ReaderPool {
 public:
  // Gives the reader back when it goes out of scope.
  class [[nodiscard]] Lease {
   public:
    ~Lease() { pool_.Return(std::move(reader_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Reader* operator->() const { return reader_.get(); }

   private:
    friend class ReaderPool;
    Lease(ReaderPool& pool, std::unique_ptr<Reader> reader)
        : pool_(pool), reader_(std::move(reader)) {}
    ReaderPool& pool_;
    std::unique_ptr<Reader> reader_;
  };

  static absl::StatusOr<std::unique_ptr<ReaderPool>> Open(
      const sqlcipher::OpenOptions& options, int readers);

  // Waits until one is free.
  Lease Borrow() SODALITY_EXCLUDES(mutex_);

 private:
  explicit ReaderPool(std::vector<std::unique_ptr<Reader>> readers)
      : free_(std::move(readers)) {}
  void Return(std::unique_ptr<Reader> reader) SODALITY_EXCLUDES(mutex_);

  platform::Mutex mutex_;
  platform::CondVar returned_;
  std::vector<std::unique_ptr<Reader>> free_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_READER_POOL_H_
