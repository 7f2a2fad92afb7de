// How a store's files are named. Read next: sqlcipher_store.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_STORE_FILE_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_STORE_FILE_H_

#include <cstdint>
#include <string>

namespace sodality::store {

// The file of a version of the page key. `path` itself is that of the first;
// of a/members.db the second is a/members.2.db.
std::string PathOf(const std::string& path, uint32_t version);

// Where a copy for a backup is made: a/members.backup.db.
std::string BackupPathOf(const std::string& path);

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_STORE_FILE_H_
