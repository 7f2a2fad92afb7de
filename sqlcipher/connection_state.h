// What a connection is inside this folder. Internal.
#ifndef SODALITY_SQLCIPHER_CONNECTION_STATE_H_
#define SODALITY_SQLCIPHER_CONNECTION_STATE_H_

#include <sqlite3.h>

#include <string>

#include "sqlcipher/connection.h"

namespace sodality::sqlcipher {

struct Connection::State {
  sqlite3* db = nullptr;
  std::string path;
  int log_frames = 0;
  bool writable = false;

  ~State() { (void)sqlite3_close(db); }
};

std::string FolderOf(const std::string& path);

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_CONNECTION_STATE_H_
