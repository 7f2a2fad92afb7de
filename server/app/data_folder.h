// What lies where in a data folder.
#ifndef SODALITY_SERVER_APP_DATA_FOLDER_H_
#define SODALITY_SERVER_APP_DATA_FOLDER_H_

#include <string>
#include <utility>
#include <vector>

namespace sodality::app {

inline constexpr char kControlSocket[] = "unseal.sock";

class DataFolder final {
 public:
  explicit DataFolder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  // Names of what is readable while sealed.
  static std::vector<std::string> PublicFiles() {
    return {"chapter.toml", "schema.toml", "ca.pem", "server.key",
            "server.pem"};
  }
  // Readable while sealed.
  std::string chapter() const { return path_ + "/chapter.toml"; }
  std::string schema() const { return path_ + "/schema.toml"; }
  std::string authority() const { return path_ + "/ca.pem"; }
  std::string server_key() const { return path_ + "/server.key"; }
  std::string server_certificate() const { return path_ + "/server.pem"; }
  // Sealed.
  std::string keyring() const { return path_ + "/keyring"; }
  std::string tombstones() const { return path_ + "/tombstones"; }
  // Of the first page key; store::SqlcipherStore names those of later ones.
  std::string store() const { return path_ + "/members.db"; }

 private:
  std::string path_;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_DATA_FOLDER_H_
