#include "server/store/sqlcipher/database.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlcipher/schema.h"
#include "server/store/sqlcipher/store_file.h"

namespace sodality::store {
namespace {

sqlcipher::OpenMode WriterMode(const DatabaseOptions& options) {
  if (options.examine) return sqlcipher::OpenMode::kExamine;
  return options.create ? sqlcipher::OpenMode::kCreate
                        : sqlcipher::OpenMode::kReadWrite;
}

absl::StatusOr<std::unique_ptr<Writer>> OpenWriter(
    const DatabaseOptions& options) {
  auto connection = sqlcipher::Connection::Open({options.path, options.key,
                                                 WriterMode(options),
                                                 options.writer_cache_bytes});
  if (!connection.ok()) return connection.status();
  const absl::Status prepared = PrepareSchema(*connection, options.create);
  if (!prepared.ok()) return prepared;
  const uint64_t pages = std::clamp<uint64_t>(
      options.checkpoint_bytes / sqlcipher::kPageBytes, 1, 1 << 20);
  return Writer::Open(*std::move(connection), static_cast<int>(pages));
}

}  // namespace

absl::StatusOr<Database> OpenDatabase(const DatabaseOptions& options) {
  auto writer = OpenWriter(options);
  if (!writer.ok()) return writer.status();
  auto readers =
      ReaderPool::Open({options.path, options.key,
                        options.examine ? sqlcipher::OpenMode::kExamine
                                        : sqlcipher::OpenMode::kReadOnly,
                        options.reader_cache_bytes},
                       options.readers);
  if (!readers.ok()) return readers.status();
  return Database{*std::move(writer), *std::move(readers)};
}

namespace {

// a/members.db with `part` "2": a/members.2.db.
std::string WithPart(const std::string& path, const std::string& part) {
  const size_t dot = path.rfind('.');
  const size_t end =
      dot == std::string::npos || path.find('/', dot) != std::string::npos
          ? path.size()
          : dot;
  return absl::StrCat(path.substr(0, end), ".", part, path.substr(end));
}

}  // namespace

std::string PathOf(const std::string& path, uint32_t version) {
  return version == 1 ? path : WithPart(path, std::to_string(version));
}

std::string BackupPathOf(const std::string& path) {
  return WithPart(path, "backup");
}

}  // namespace sodality::store
