// Who signs what this device approves.
#ifndef SODALITY_CLIENT_CLI_APPROVER_H_
#define SODALITY_CLIENT_CLI_APPROVER_H_

#include <span>
#include <string>

#include "absl/status/status.h"
#include "client/include/sodality/client.h"
#include "crypto/act.h"
#include "crypto/signing.h"

namespace sodality::cli {

// Thread safety: const methods are safe. Secrets: the signer's.
class Approver final {
 public:
  Approver(const crypto::Bytes16& chapter, const crypto::Bytes16& device,
           const crypto::ApprovalKey& key)
      : chapter_(chapter), device_(device), signer_(key) {}

  const crypto::Bytes16& chapter() const { return chapter_; }
  // 64 bytes.
  std::string Sign(std::span<const uint8_t> form) const;
  // So that the server knows the key; without effect when it does.
  absl::Status Register(const Client& client) const;

 private:
  crypto::Bytes16 chapter_;
  crypto::Bytes16 device_;
  crypto::Signer signer_;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_APPROVER_H_
