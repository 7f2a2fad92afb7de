#include "crypto/pki/at_exit.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <cstdlib>

#include "crypto/pki/key.h"

namespace sodality::pki {
namespace {

constexpr int kStillThere = 3;
constexpr int kGone = 4;

bool WasNotThere(int status) {
  return !testing::ExitedWithCode(kStillThere)(status);
}

// Runs after what OpenSSL asked to be run at exit, having been asked before.
void LookForOpenssl() {
  const OpensslPtr<EVP_PKEY_CTX> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "ED25519", nullptr));
  std::_Exit(context != nullptr ? kStillThere : kGone);
}

[[noreturn]] void EndAfterUse(bool keep) {
  std::atexit(&LookForOpenssl);
  if (keep) KeepOpensslUntilExit();
  const bool works = PrivateKey::Generate().ok();
  std::exit(works ? EXIT_SUCCESS : EXIT_FAILURE);
}

TEST(AtExitTest, OpensslIsKept) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(EndAfterUse(/*keep=*/true), testing::ExitedWithCode(kStillThere),
              "");
  // Otherwise it is gone, and may crash who uses it.
  EXPECT_EXIT(EndAfterUse(/*keep=*/false), WasNotThere, "");
}

}  // namespace
}  // namespace sodality::pki
