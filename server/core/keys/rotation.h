// A rotation that runs, as its row in the store holds it.
#ifndef SODALITY_SERVER_CORE_KEYS_ROTATION_H_
#define SODALITY_SERVER_CORE_KEYS_ROTATION_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/key_kind.h"
#include "platform/clock.h"
#include "server/store/ids.h"

namespace sodality::core {

enum class RotationPhase : uint8_t {
  kStarting = 1,  // The new version is not in the keyring, or not known to be.
  kSweeping = 2,  // It seals; what is older is being brought under it.
  kCopying = 3,   // Pages are copied to be under it, which it is ready for.
  kSteppingBack = 4,  // Of a root: given up, but the new one may open still.
};
std::string_view RotationPhaseName(RotationPhase phase);  // "starting", ...

// What is done to every record, or page. The numbers stand in the row.
enum class RotationWork : uint8_t {
  kRewrap = 1,       // Its key under a new wrap key.
  kReencrypt = 2,    // Likewise, under a fresh record key.
  kReindex = 3,      // Tokens of a new index key.
  kRekeyPages = 4,   // The store's file anew, under a new page key.
  kRekeyLedger = 5,  // No record: entries and heads to come, under new keys.
  kRekeyRoot = 6,    // The keyring's file anew, under a new root key.
};
std::string_view RotationWorkName(RotationWork work);  // "rewrap", ...
// A root key is no kind of the keyring's, which it opens; this is its number in
// rows and entries. It has no versions: they are 0.
inline constexpr crypto::KeyKind kRootKind{255};
std::string_view KindName(crypto::KeyKind kind);  // "root", "wrap", ...
// Of which kind it makes a new version.
crypto::KeyKind KindOf(RotationWork work);

struct Rotation {
  store::RotationId id;
  uint64_t version = 0;  // Of the row.
  crypto::KeyKind kind = crypto::KeyKind::kWrap;
  RotationWork work = RotationWork::kRewrap;
  uint32_t from = 0;
  uint32_t to = 0;
  RotationPhase phase = RotationPhase::kStarting;
  store::MemberId cursor;  // The last member that was brought under `to`.
  uint64_t done = 0;       // Members up to it; counted by kReindex alone.
  platform::Timestamp started;
  // Not of the row, which is gone: the server gave it up.
  bool given_up = false;
};

[[nodiscard]] bool IsStarting(const Rotation& rotation);

// Which version of which key an entry of the ledger is about: the subject of
// kRotateKey and the actions that follow it. docs/formats-ledger.md "Header".
struct KeySubject {
  crypto::KeyKind kind = crypto::KeyKind::kWrap;
  uint32_t version = 0;
};
store::IdBytes WriteKeySubject(const KeySubject& subject);
// Nothing when the bytes are none.
std::optional<KeySubject> ReadKeySubject(const store::IdBytes& bytes);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_ROTATION_H_
