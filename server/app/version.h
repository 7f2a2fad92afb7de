// The program's version, from CMakeLists.txt at the root.
#ifndef SODALITY_SERVER_APP_VERSION_H_
#define SODALITY_SERVER_APP_VERSION_H_

#include <string_view>

namespace sodality::app {

extern const std::string_view kVersion;

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_VERSION_H_
