#include "server/store/sqlcipher/reader_pool.h"

#include <utility>

namespace sodality::store {

absl::StatusOr<std::unique_ptr<ReaderPool>> ReaderPool::Open(
    const sqlcipher::OpenOptions& options, int readers) {
  std::vector<std::unique_ptr<Reader>> opened;
  for (int i = 0; i < readers; ++i) {
    absl::StatusOr<std::unique_ptr<Reader>> reader = Reader::Open(options);
    if (!reader.ok()) return reader.status();
    opened.push_back(*std::move(reader));
  }
  return std::unique_ptr<ReaderPool>(new ReaderPool(std::move(opened)));
}

ReaderPool::Lease ReaderPool::Borrow() {
  const platform::MutexLock lock(mutex_);
  while (free_.empty()) returned_.Wait(mutex_);
  std::unique_ptr<Reader> reader = std::move(free_.back());
  free_.pop_back();
  return Lease(*this, std::move(reader));
}

void ReaderPool::Return(std::unique_ptr<Reader> reader) {
  {
    const platform::MutexLock lock(mutex_);
    free_.push_back(std::move(reader));
  }
  returned_.NotifyOne();
}

}  // namespace sodality::store
