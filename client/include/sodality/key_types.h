// The server's keys and how one of them is replaced: facts, never key bytes.
// Read next: client.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_KEY_TYPES_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_KEY_TYPES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sodality/types.h"

namespace sodality {

// One version of one key.
struct KeyVersion {
  // page, wrap, index, state, ledger, ledger-sign, lease, suppression or ca.
  std::string kind = {};
  // From 1, without gaps, for each kind.
  uint32_t version = 0;
  // PREPARED, ACTIVE (it seals what is written), RETIRED (it only opens) or
  // DESTROYED.
  std::string state = {};
  // When it was made.
  std::optional<Time> created = {};
  // How many members are under it, or, of kind index, are found by it; exact
  // while no rotation runs. Of kinds wrap and index alone.
  std::optional<uint64_t> records = {};
};

// A rotation that runs, and how far it is.
struct KeyRotation {
  // For WatchRotation.
  std::string id = {};
  // As in KeyVersion, or root.
  std::string kind = {};
  // The version that was active; 0 of a root, which has none.
  uint32_t from = 0;
  // The version that seals now, or, of kind page, soon; 0 of a root.
  uint32_t to = 0;
  // starting; copying, of kind page; sweeping: what is older is brought under
  // `to`; or stepping-back, of a root whose new key was lost.
  std::string phase = {};
  // Members that need nothing more, of `total`; of kind page, pages; of kind
  // root, steps.
  uint64_t done = 0;
  // All members, or pages.
  uint64_t total = 0;
  // Of what `done` counts, a second; 0: not known yet.
  double per_second = 0;
  // At that rate; empty: not known.
  std::optional<std::chrono::seconds> left = {};
  // Why it does not go on, in words; empty when it does. The server tries again
  // by itself.
  std::string problem = {};
  // When it was begun.
  std::optional<Time> started = {};
  // What is done to every record: rewrap, reencrypt or reindex; to every page:
  // rekey-pages; to the keyring's file: rekey-root. rekey-ledger: what the
  // ledger gets from now on is under new keys.
  std::string work = {};
  // Of kind root: it has ended, and the old key serves on, for the new one was
  // lost meanwhile.
  bool given_up = false;
};

// All keys.
struct KeyList {
  // By kind, then version.
  std::vector<KeyVersion> keys = {};
  // Empty: none runs.
  std::optional<KeyRotation> rotation = {};
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_KEY_TYPES_H_
