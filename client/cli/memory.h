// What the device remembers of its server between commands. A seam: the
// profile's folder, or a test's.
#ifndef SODALITY_CLIENT_CLI_MEMORY_H_
#define SODALITY_CLIENT_CLI_MEMORY_H_

#include <string>

#include "absl/status/status.h"
#include "client/include/sodality/ledger_types.h"
#include "client/ledger_chain.h"

namespace sodality::cli {

// Read when opened: open it before the server is asked for its head.
class Memory {
 public:
  virtual ~Memory() = default;
  // Where the server is, and where this is remembered; to show.
  [[nodiscard]] virtual std::string address() const = 0;
  [[nodiscard]] virtual std::string folder() const = 0;
  // Tells `chain` which entry was seen before, if any.
  virtual void Expect(LedgerChain* chain) const = 0;
  // Verifies the signature of `head`, that it is not behind what was seen, and
  // remembers it. DATA_LOSS (BAD_HEAD, SERVER_WENT_BACK), FAILED_PRECONDITION
  // (LEDGER_KEY_CHANGED).
  virtual absl::Status Advance(const LedgerHead& head) = 0;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_MEMORY_H_
