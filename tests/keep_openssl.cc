// For tests that speak gRPC: its threads may still free a connection while the
// test program ends, so OpenSSL must not have gone before them, as in the two
// programs' main(). LeakSanitizer saw what was left otherwise.
#include "crypto/pki/at_exit.h"

namespace {
[[maybe_unused]] const bool kKept = [] {
  sodality::pki::KeepOpensslUntilExit();
  return true;
}();
}  // namespace
