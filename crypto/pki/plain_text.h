// Text that may be shown: what an invite says of its bearer. For this folder
// only.
#ifndef SODALITY_CRYPTO_PKI_PLAIN_TEXT_H_
#define SODALITY_CRYPTO_PKI_PLAIN_TEXT_H_

#include <string_view>

namespace sodality::pki {

// Well-formed UTF-8 (no overlong forms, surrogates or values above U+10FFFF)
// without control characters (C0, DEL, C1).
[[nodiscard]] bool IsPlainText(std::string_view text);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_PLAIN_TEXT_H_
