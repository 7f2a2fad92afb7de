// What a program hands to the library and must not leak: a private key, a
// passphrase. Read next: connect.h, connect_profile.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_SECRET_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_SECRET_H_

#include <memory>
#include <string>

namespace sodality {
namespace crypto {
class SecretBuffer;
}  // namespace crypto

// Bytes that go in and come out only inside the library. Move-only.
//
// Secrets: lie between guard pages of libsodium, locked into memory where
// RLIMIT_MEMLOCK allows, and are wiped when the object goes. What the program
// read them into is wiped by FromString alone.
//
// Thread safety: const use from several threads is safe.
//
// Cost: at least four pages of memory and three system calls each.
//
// Example:
//   sodality::ProfileOptions options;
//   options.passphrase = []() -> absl::StatusOr<sodality::Secret> {
//     std::string typed = ReadPassphraseFromTerminal();
//     return sodality::Secret::FromString(std::move(typed));
//   };
//   auto connection = sodality::ConnectProfile(folder, options);
class Secret final {
 public:
  // Nothing.
  Secret();
  // Copies `text`, then wipes all of the string's memory and leaves it empty.
  static Secret FromString(std::string&& text);

  // The source is empty afterwards.
  Secret(Secret&& other) noexcept;
  // What was here is wiped; the source is empty afterwards.
  Secret& operator=(Secret&& other) noexcept;
  // Wipes.
  ~Secret();

  // Whether there is nothing in it.
  [[nodiscard]] bool empty() const;

  // For the library's own sources: the type is not installed.
  explicit Secret(crypto::SecretBuffer bytes);
  // Likewise.
  const crypto::SecretBuffer& bytes() const;

 private:
  std::unique_ptr<crypto::SecretBuffer> bytes_;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_SECRET_H_
