#include "client/cli/approver.h"

#include "crypto/secret.h"

namespace sodality::cli {

std::string Approver::Sign(std::span<const uint8_t> form) const {
  return std::string(crypto::AsText(signer_.Sign(form).bytes));
}

absl::Status Approver::Register(const Client& client) const {
  return client.RegisterApprovalKey(
      std::string(crypto::AsText(signer_.public_key().bytes)),
      Sign(crypto::KeyProofMessage(chapter_, device_)));
}

}  // namespace sodality::cli
