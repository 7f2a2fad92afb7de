// The program's version; CMake sets it from the project's.
#ifndef SODALITY_CLIENT_CLI_VERSION_H_
#define SODALITY_CLIENT_CLI_VERSION_H_

#include <string_view>

namespace sodality::cli {

inline constexpr std::string_view kVersion = SODALITY_VERSION;

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_VERSION_H_
