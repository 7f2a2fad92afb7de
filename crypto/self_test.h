// Known answers, checked at start before anything is served. Read next:
// tests/vectors/.
#ifndef SODALITY_CRYPTO_SELF_TEST_H_
#define SODALITY_CRYPTO_SELF_TEST_H_

#include "absl/status/status.h"

namespace sodality::crypto {

// Runs every primitive, through the wrappers that the program uses, against
// published vectors and one negative case. INTERNAL naming the primitive that
// differs. Takes some 2 ms (its Argon2id is a small one).
absl::Status SelfTest();

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SELF_TEST_H_
