// What the device remembers of its server between commands. A seam: the
// profile's folder, or a test's.
#ifndef SODALITY_CLIENT_CLI_MEMORY_H_
#define SODALITY_CLIENT_CLI_MEMORY_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/include/sodality/ledger_types.h"
#include "client/ledger_chain.h"

namespace sodality::cli {

// Said once, when Advance answers true.
inline constexpr char kRestored[] =
    "the chapter was restored from a backup: what came after that is lost, "
    "looks on record and changes of members among it. Ask an admin why";

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
  // remembers it. True: the server was restored from a backup since, and what
  // was seen after that backup is lost. DATA_LOSS (BAD_HEAD, SERVER_WENT_BACK),
  // FAILED_PRECONDITION (LEDGER_KEY_CHANGED).
  virtual absl::StatusOr<bool> Advance(const LedgerHead& head) = 0;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_MEMORY_H_
