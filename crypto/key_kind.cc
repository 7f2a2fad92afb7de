#include "crypto/key_kind.h"

namespace sodality::crypto {

std::string_view KeyKindName(KeyKind kind) {
  switch (kind) {
    case KeyKind::kPage:
      return "page";
    case KeyKind::kWrap:
      return "wrap";
    case KeyKind::kIndex:
      return "index";
    case KeyKind::kState:
      return "state";
    case KeyKind::kLedger:
      return "ledger";
    case KeyKind::kLedgerSign:
      return "ledger-sign";
    case KeyKind::kLease:
      return "lease";
    case KeyKind::kSuppression:
      return "suppression";
    case KeyKind::kCa:
      return "ca";
  }
  return "unknown";
}

}  // namespace sodality::crypto
