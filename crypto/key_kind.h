// The kinds of keys that a keyring holds, and which type is of which kind.
// Read next: keyring.h.
#ifndef SODALITY_CRYPTO_KEY_KIND_H_
#define SODALITY_CRYPTO_KEY_KIND_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "crypto/key.h"
#include "crypto/secret.h"

namespace sodality::crypto {

// The numbers stand in the file; they are never reused.
enum class KeyKind : uint8_t {
  kPage = 1,
  kWrap = 2,
  kIndex = 3,
  kState = 4,
  kLedger = 5,
  kLedgerSign = 6,
  kLease = 7,
  kSuppression = 8,
  kCa = 9,
};

// Every kind that this folder makes itself; the CA key comes from pki.
inline constexpr std::array kGeneratedKinds = {
    KeyKind::kPage,  KeyKind::kWrap,       KeyKind::kIndex,
    KeyKind::kState, KeyKind::kLedger,     KeyKind::kLedgerSign,
    KeyKind::kLease, KeyKind::kSuppression};

// "page", "wrap", "index", "state", "ledger", "ledger-sign", "lease",
// "suppression", "ca".
std::string_view KeyKindName(KeyKind kind);

// The chapter's signing key for certificates: PKCS #8 DER, opaque here.
struct CaKey {
  SecretBuffer pkcs8;
};

// Which kind a key type has; KindOf<WrapKey>() is kWrap.
template <class K>
constexpr KeyKind KindOf();

template <>
constexpr KeyKind KindOf<PageKey>() {
  return KeyKind::kPage;
}
template <>
constexpr KeyKind KindOf<WrapKey>() {
  return KeyKind::kWrap;
}
template <>
constexpr KeyKind KindOf<IndexKey>() {
  return KeyKind::kIndex;
}
template <>
constexpr KeyKind KindOf<StateKey>() {
  return KeyKind::kState;
}
template <>
constexpr KeyKind KindOf<LedgerKey>() {
  return KeyKind::kLedger;
}
template <>
constexpr KeyKind KindOf<LedgerSignKey>() {
  return KeyKind::kLedgerSign;
}
template <>
constexpr KeyKind KindOf<LeaseKey>() {
  return KeyKind::kLease;
}
template <>
constexpr KeyKind KindOf<SuppressionKey>() {
  return KeyKind::kSuppression;
}
template <>
constexpr KeyKind KindOf<CaKey>() {
  return KeyKind::kCa;
}

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEY_KIND_H_
