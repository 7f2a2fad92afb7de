#include "server/app/version.h"

namespace sodality::app {

const std::string_view kVersion = SODALITY_VERSION;

}  // namespace sodality::app
