#include "crypto/secret.h"

#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "crypto/sodium_ready.h"

namespace sodality::crypto {
void Wipe(std::span<uint8_t> bytes) {
  if (!bytes.empty()) sodium_memzero(bytes.data(), bytes.size());
}

void Wipe(std::string& text) {
  text.resize(text.capacity());  // Never allocates.
  sodium_memzero(text.data(), text.size());
  text.clear();
}

void WipeStack(size_t depth) { sodium_stackzero(depth); }

bool ConstantTimeEquals(std::span<const uint8_t> a,
                        std::span<const uint8_t> b) {
  if (a.size() != b.size()) return false;
  return a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view AsText(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

SecretBuffer SecretBuffer::OfSize(size_t size) {
  SecretBuffer out;
  if (size == 0) return out;
  EnsureSodium();
  out.data_ = static_cast<uint8_t*>(sodium_malloc(size));
  if (out.data_ == nullptr) std::abort();
  out.size_ = size;
  sodium_memzero(out.data_, size);
  return out;
}

SecretBuffer SecretBuffer::CopyOf(std::span<const uint8_t> bytes) {
  SecretBuffer out = OfSize(bytes.size());
  std::copy(bytes.begin(), bytes.end(), out.data_);
  return out;
}

SecretBuffer::SecretBuffer(SecretBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SecretBuffer& SecretBuffer::operator=(SecretBuffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

SecretBuffer::~SecretBuffer() { sodium_free(data_); }

SecretBuffer SecretBuffer::Clone() const { return CopyOf({data_, size_}); }

bool SecretBuffer::Equals(const SecretBuffer& other) const {
  return ConstantTimeEquals({data_, size_}, {other.data_, other.size_});
}

SecretBytes SecretBytes::OfSize(size_t size) {
  SecretBytes out;
  if (size == 0) return out;
  out.data_ = new uint8_t[size];
  out.size_ = out.capacity_ = size;
  return out;
}

SecretBytes SecretBytes::CopyOf(std::span<const uint8_t> bytes) {
  SecretBytes out = OfSize(bytes.size());
  std::copy(bytes.begin(), bytes.end(), out.data_);
  return out;
}

SecretBytes SecretBytes::FromString(std::string&& text) {
  SecretBytes out = CopyOf(AsBytes(text));
  Wipe(text);
  return out;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

SecretBytes::~SecretBytes() {
  Wipe(std::span<uint8_t>(data_, capacity_));
  delete[] data_;
}

SecretBytes SecretBytes::Clone() const { return CopyOf({data_, size_}); }

bool SecretBytes::Equals(const SecretBytes& other) const {
  return ConstantTimeEquals({data_, size_}, {other.data_, other.size_});
}

void SecretBytes::Truncate(size_t size) {
  if (size >= size_) return;
  Wipe(std::span<uint8_t>(data_ + size, size_ - size));
  size_ = size;
}

}  // namespace sodality::crypto
