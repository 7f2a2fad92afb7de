#include "server/app/new_folder.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "platform/file.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;

bool Exists(const std::string& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

// The path without slashes at its end, from the root.
fs::path PlaceOf(const std::string& path) {
  std::error_code error;  // Empty has no place.
  return (fs::absolute(path, error).lexically_normal() / "").parent_path();
}

}  // namespace

Outcome CheckParent(const std::string& path) {
  std::error_code error;
  const fs::path parent = PlaceOf(path).parent_path();
  if (fs::is_directory(parent, error)) return {};
  return Fail(ExitCode::kUsage,
              "there is no folder \"" + parent.string() + "\"",
              "make it, or name another");
}

Outcome CheckVacant(const std::string& folder) {
  std::error_code error;
  if (!Exists(folder) || fs::is_empty(folder, error)) return {};
  return Fail(ExitCode::kConflict, folder + " is there and not empty",
              "choose another folder, or move that one away");
}

Outcome CheckAbsent(const std::string& path) {
  if (!Exists(path)) return {};
  return Fail(ExitCode::kConflict, path + " exists already",
              "name another file, or move that one away");
}

absl::StatusOr<std::string> MakeFolderBeside(const std::string& path) {
  std::string name = PlaceOf(path).string() + ".new-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    return absl::UnavailableError("cannot create a folder beside " + path);
  }
  return name;
}

absl::Status MoveIntoPlace(const std::string& folder, const std::string& data) {
  const fs::path place = PlaceOf(data);
  platform::FileSystem& files = platform::PosixFileSystem();
  absl::Status status = files.SyncFolder(folder);
  if (status.ok()) status = files.Rename(folder, place);
  if (!status.ok()) return status;
  status = files.SyncFolder(place.parent_path());
  // Whoever is told that nothing was made finds nothing there.
  if (!status.ok()) (void)files.Rename(place, folder);
  return status;
}

}  // namespace sodality::app
