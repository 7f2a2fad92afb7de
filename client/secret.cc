#include "client/include/sodality/secret.h"

#include <utility>

#include "crypto/secret.h"

namespace sodality {

Secret::Secret() = default;

Secret::Secret(crypto::SecretBuffer bytes)
    : bytes_(std::make_unique<crypto::SecretBuffer>(std::move(bytes))) {}

Secret::Secret(Secret&& other) noexcept = default;
Secret& Secret::operator=(Secret&& other) noexcept = default;
Secret::~Secret() = default;

Secret Secret::FromString(std::string&& text) {
  Secret secret(crypto::SecretBuffer::CopyOf(crypto::AsBytes(text)));
  crypto::Wipe(text);
  return secret;
}

bool Secret::empty() const { return bytes().empty(); }

const crypto::SecretBuffer& Secret::bytes() const {
  static const crypto::SecretBuffer kNothing;
  return bytes_ ? *bytes_ : kNothing;
}

}  // namespace sodality
