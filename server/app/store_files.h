// The files in a data folder that are or were the store, for doctor. Internal
// to doctor.cc.
#ifndef SODALITY_SERVER_APP_STORE_FILES_H_
#define SODALITY_SERVER_APP_STORE_FILES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/app/data_folder.h"

namespace sodality::app {

// Paths, sorted; without write-ahead logs. Empty when the folder cannot be
// read.
std::vector<std::string> StoreFiles(const DataFolder& folder);

// Those that are not of this version of the page key.
std::vector<std::string> OtherStoreFiles(const DataFolder& folder,
                                         uint32_t page_version);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_STORE_FILES_H_
