#include "crypto/pki/plain_text.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sodality::pki {
namespace {

// Length of a sequence and the bits its first byte gives, by that byte.
struct Lead {
  size_t length;
  uint32_t bits;
  uint32_t least;  // Smaller values have a shorter form.
};

std::optional<Lead> LeadOf(uint8_t b) {
  if (b < 0x80) return Lead{1, b, 0};
  if ((b & 0xe0) == 0xc0) return Lead{2, b & 0x1fU, 0x80};
  if ((b & 0xf0) == 0xe0) return Lead{3, b & 0x0fU, 0x800};
  if ((b & 0xf8) == 0xf0) return Lead{4, b & 0x07U, 0x10000};
  return std::nullopt;
}

bool IsShown(uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  const bool surrogate = c >= 0xd800 && c < 0xe000;
  return !control && !surrogate && c <= 0x10ffff;
}

}  // namespace

bool IsPlainText(std::string_view text) {
  while (!text.empty()) {
    const auto lead = LeadOf(static_cast<uint8_t>(text.front()));
    if (!lead.has_value() || text.size() < lead->length) return false;
    uint32_t c = lead->bits;
    for (size_t i = 1; i < lead->length; ++i) {
      const auto b = static_cast<uint8_t>(text[i]);
      if ((b & 0xc0) != 0x80) return false;
      c = (c << 6) | (b & 0x3fU);
    }
    if (c < lead->least || !IsShown(c)) return false;
    text.remove_prefix(lead->length);
  }
  return true;
}

}  // namespace sodality::pki
