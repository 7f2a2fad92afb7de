// Secrets in memory: the types that hold them, the one door through which raw
// bytes come out, and typed keys. Read next: record.h.
#ifndef SODALITY_CRYPTO_SECRET_H_
#define SODALITY_CRYPTO_SECRET_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sodality::crypto {

// Proof, at the place of the call, that raw secret bytes are wanted. Every
// `Expose(AllowSecretAccess())` in the tree is counted against
// .ci/secret_access_allowlist, so a new one is a reviewed change.
class SecretAccess {
 private:
  constexpr SecretAccess() = default;
  friend constexpr SecretAccess AllowSecretAccess();
};

// The only mint of SecretAccess.
constexpr SecretAccess AllowSecretAccess() { return SecretAccess(); }

// Overwrites with zeros; the compiler does not remove it. A string is left
// empty, and its whole capacity is wiped.
void Wipe(std::span<uint8_t> bytes);
void Wipe(std::string& text);

// How deep a call that is to be quick may have gone, and how deep a batch,
// through ICU and libphonenumber.
inline constexpr size_t kCallStack = size_t{8} << 10;
inline constexpr size_t kBatchStack = size_t{256} << 10;

// Overwrites what earlier calls have left on this thread's stack, `depth` bytes
// of it: short strings stand there and nowhere else. For the end of a task, in
// a function that is near the thread's first.
void WipeStack(size_t depth = kCallStack);

// Not made part of its caller's frame, which WipeStack() would leave.
template <class Task>
[[gnu::noinline]] auto InOwnFrame(const Task& task) {
  return task();
}

// What `task` returns, or throws, its stack wiped.
template <class Task>
auto WipingStack(const Task& task, size_t depth = kCallStack) {
  struct Wiper {
    ~Wiper() { WipeStack(depth); }
    const size_t depth;
  };
  const Wiper wiper{depth};
  return InOwnFrame(task);
}

// Takes a time that depends on the sizes alone. Different sizes are unequal.
[[nodiscard]] bool ConstantTimeEquals(std::span<const uint8_t> a,
                                      std::span<const uint8_t> b);

// The same bytes seen as text and back; nothing is copied.
std::string_view AsText(std::span<const uint8_t> bytes);
std::span<const uint8_t> AsBytes(std::string_view text);

// Bytes between guard pages of libsodium: for keys that live long. Costs at
// least four pages and three system calls each; for values see SecretBytes.
//
// Secrets: locked into memory where RLIMIT_MEMLOCK allows, excluded from core
// files, wiped at destruction. Cannot be copied, printed or made a string.
// Thread safety: const methods are safe. Ownership: move-only; a moved-from
// buffer is empty.
class SecretBuffer final {
 public:
  SecretBuffer() = default;
  // Copies `bytes`; the caller wipes its own copy. Aborts when memory is out.
  static SecretBuffer CopyOf(std::span<const uint8_t> bytes);
  // Zero-filled.
  static SecretBuffer OfSize(size_t size);

  SecretBuffer(SecretBuffer&& other) noexcept;
  SecretBuffer& operator=(SecretBuffer&& other) noexcept;
  ~SecretBuffer();

  SecretBuffer Clone() const;
  [[nodiscard]] bool Equals(const SecretBuffer& other) const;
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  std::span<const uint8_t> Expose(SecretAccess) const { return {data_, size_}; }
  std::span<uint8_t> ExposeMutable(SecretAccess) { return {data_, size_}; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

// Bytes on the ordinary heap, wiped at destruction: for opened values, which
// are many and live for one request. Costs one allocation.
//
// Secrets, thread safety and ownership as SecretBuffer, but neither locked nor
// guarded: the process switches core files off as a whole.
class SecretBytes final {
 public:
  SecretBytes() = default;
  static SecretBytes CopyOf(std::span<const uint8_t> bytes);
  static SecretBytes OfSize(size_t size);  // Content is undefined.
  // Takes what a person or a file supplied, and wipes the source.
  static SecretBytes FromString(std::string&& text);

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes();

  SecretBytes Clone() const;
  [[nodiscard]] bool Equals(const SecretBytes& other) const;
  // Shortens; the cut bytes are wiped at once. `size` beyond size() is ignored.
  void Truncate(size_t size);
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  std::span<const uint8_t> Expose(SecretAccess) const { return {data_, size_}; }
  std::span<uint8_t> ExposeMutable(SecretAccess) { return {data_, size_}; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

// A field's value, opened.
using Plaintext = SecretBytes;

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SECRET_H_
