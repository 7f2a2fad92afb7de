// What several people decide on, byte for byte: the act that each of them
// signs, and that whoever signs is shown from the same bytes.
// docs/formats-pki.md "Acts". Read next: signing.h.
#ifndef SODALITY_CRYPTO_ACT_H_
#define SODALITY_CRYPTO_ACT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/key_kind.h"
#include "crypto/random.h"
#include "platform/clock.h"

namespace sodality::crypto {

// The numbers stand in what was signed; they are never reused.
enum class ActKind : uint16_t {
  kTrimKeys = 1,
  // 2 is kept for new shares, 3 for extra recipients of backups.
};

// Public facts.
struct ActForm {
  Bytes16 chapter{};
  Bytes16 incarnation{};  // Zeros in a chapter that was never restored.
  Bytes16 id{};           // Random, the proposer's choice.
  ActKind kind = ActKind::kTrimKeys;
  std::vector<uint8_t> content;  // As its kind says.
  Bytes16 proposer{};            // The principal.
  platform::Timestamp created;
  platform::Timestamp expires;  // kActLife later.
};

inline constexpr std::chrono::hours kActLife{24 * 7};
inline constexpr size_t kMaxActBytes = 4096;

// The bytes that are signed.
std::vector<uint8_t> EncodeAct(const ActForm& act);
// INVALID_ARGUMENT unless they are what EncodeAct gives; FAILED_PRECONDITION
// when the kind is newer than this program.
absl::StatusOr<ActForm> DecodeAct(std::span<const uint8_t> bytes);

// The content of kTrimKeys: every version of `kind` below `below` is destroyed,
// and a new root key made.
struct TrimOrder {
  static constexpr size_t kMostBackups = 128;
  KeyKind kind = KeyKind::kWrap;
  uint32_t below = 0;
  // Backups that the proposer states are destroyed; ascending, each once.
  std::vector<Bytes16> destroyed;
};
std::vector<uint8_t> EncodeTrim(const TrimOrder& order);
// INVALID_ARGUMENT unless they are what EncodeTrim gives.
absl::StatusOr<TrimOrder> DecodeTrim(std::span<const uint8_t> content);

// The bytes that a device proves with that it has the approval key which it
// registers.
std::vector<uint8_t> KeyProofMessage(const Bytes16& chapter,
                                     const Bytes16& device);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_ACT_H_
