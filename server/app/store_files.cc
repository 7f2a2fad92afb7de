#include "server/app/store_files.h"

#include <algorithm>
#include <string_view>

#include "platform/file.h"
#include "server/store/sqlcipher/store_file.h"

namespace sodality::app {
namespace {

// "members.db", "members.2.db" and so on.
bool IsStoreName(std::string_view name) {
  constexpr std::string_view kStart = "members.";
  constexpr std::string_view kEnd = "db";
  if (!name.starts_with(kStart) || !name.ends_with(kEnd)) return false;
  name.remove_prefix(kStart.size());
  name.remove_suffix(kEnd.size());
  if (name.empty()) return true;
  return name.size() > 1 && name.back() == '.' &&
         std::all_of(name.begin(), name.end() - 1,
                     [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<std::string> StoreFiles(const DataFolder& folder) {
  std::vector<std::string> paths;
  const auto names = platform::PosixFileSystem().List(folder.path());
  if (!names.ok()) return paths;
  for (const std::string& name : *names) {
    if (IsStoreName(name)) paths.push_back(folder.path() + "/" + name);
  }
  return paths;
}

std::vector<std::string> OtherStoreFiles(const DataFolder& folder,
                                         uint32_t page_version) {
  std::vector<std::string> paths = StoreFiles(folder);
  std::erase(paths, store::PathOf(folder.store(), page_version));
  return paths;
}

}  // namespace sodality::app
