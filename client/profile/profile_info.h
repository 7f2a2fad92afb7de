// What a profile knows of its server and of itself, without secrets: the file
// profile.toml. Read next: profile.h.
#ifndef SODALITY_CLIENT_PROFILE_PROFILE_INFO_H_
#define SODALITY_CLIENT_PROFILE_PROFILE_INFO_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sodality {

struct ProfileInfo {
  std::string address;         // "host:port"
  std::string chapter_id;      // 26 base32 characters
  std::string chapter_name;    // to show
  std::string server_name;     // what the server's certificate must name
  std::string device_id;       // 26 base32 characters
  std::string principal_name;  // to show

  friend bool operator==(const ProfileInfo&, const ProfileInfo&) = default;
};

std::string FormatProfileInfo(const ProfileInfo& info);

// INVALID_ARGUMENT naming the line or the key: not TOML, a key that is missing,
// unknown or no string, an address that is not HOST:PORT, or another format
// ("newer than this program?").
absl::StatusOr<ProfileInfo> ParseProfileInfo(std::string_view text);

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_PROFILE_INFO_H_
