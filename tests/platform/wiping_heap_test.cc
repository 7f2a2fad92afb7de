// Linked with sodality::wiping_heap. Freed memory is read through
// /proc/self/mem: to follow the pointer would be undefined.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

namespace sodality::platform {
namespace {

// The heap's own links lie at the head of a free block, and its size at the
// end.
constexpr size_t kLinks = 32;
constexpr size_t kEnd = 8;
constexpr char kSecret = 'S';

// From here on glibc maps a block by itself, and unmaps it when it is freed.
constexpr size_t kMapped = 128 * 1024;

// How many of a block's bytes, freed or not, are kSecret. Nothing is allocated:
// it might be the block.
size_t SecretsAt(uintptr_t address, size_t size) {
  static std::array<char, 1 << 20> copy;
  const size_t wanted = size - kLinks - kEnd;
  const int file = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  const ssize_t got =
      pread(file, copy.data(), wanted, static_cast<off_t>(address + kLinks));
  close(file);
  if (size < kMapped) {
    EXPECT_EQ(got, static_cast<ssize_t>(wanted));
  }
  return static_cast<size_t>(std::count(
      copy.data(), copy.data() + std::max<ssize_t>(got, 0), kSecret));
}

class WipingHeapTest : public testing::TestWithParam<size_t> {};

TEST_P(WipingHeapTest, FreedMemoryIsForgotten) {
  void* const block = std::malloc(GetParam());
  void* const after = std::malloc(1);  // Keeps it from the heap's free end.
  const auto address = reinterpret_cast<uintptr_t>(block);
  std::memset(block, kSecret, GetParam());
  // The control: the secret is seen where it stands.
  EXPECT_EQ(SecretsAt(address, GetParam()), GetParam() - kLinks - kEnd);
  std::free(block);
  EXPECT_EQ(SecretsAt(address, GetParam()), 0u);
  std::free(after);
}

TEST_P(WipingHeapTest, WhatMovedIsForgottenWhereItWas) {
  void* const block = std::malloc(GetParam());
  const auto address = reinterpret_cast<uintptr_t>(block);
  std::memset(block, kSecret, GetParam());
  char* const moved = static_cast<char*>(std::realloc(block, 3 * GetParam()));
  ASSERT_NE(reinterpret_cast<uintptr_t>(moved), address);
  EXPECT_EQ(std::count(moved, moved + GetParam(), kSecret),
            static_cast<ptrdiff_t>(GetParam()));
  EXPECT_EQ(SecretsAt(address, GetParam()), 0u);
  std::free(moved);
}

TEST_P(WipingHeapTest, ShrinkingKeepsTheHead) {
  void* const block = std::malloc(GetParam());
  std::memset(block, kSecret, GetParam());
  const auto address = reinterpret_cast<uintptr_t>(block);
  const size_t small = GetParam() / 8;
  char* const kept = static_cast<char*>(std::realloc(block, small));
  EXPECT_EQ(std::count(kept, kept + small, kSecret),
            static_cast<ptrdiff_t>(small));
  EXPECT_EQ(SecretsAt(address, GetParam()), 0u);
  std::free(kept);
}

// In a bin, in a large bin, mapped by itself.
INSTANTIATE_TEST_SUITE_P(Sizes, WipingHeapTest,
                         testing::Values(512, 5'000, 100'000, 1'000'000));

TEST(WipingHeapOfLibrariesTest, WhatCxxDeletesIsForgotten) {
  auto text = std::make_unique<std::string>(1'000, kSecret);
  const auto address = reinterpret_cast<uintptr_t>(text->data());
  EXPECT_GT(SecretsAt(address, 1'000), 0u);
  text.reset();
  EXPECT_EQ(SecretsAt(address, 1'000), 0u);
}

// open_memstream and fclose free inside glibc.
TEST(WipingHeapOfLibrariesTest, WhatGlibcFreesIsForgotten) {
  char* buffer = nullptr;
  size_t size = 0;
  FILE* const stream = open_memstream(&buffer, &size);
  const std::string text(1'000, kSecret);
  fwrite(text.data(), 1, text.size(), stream);
  fflush(stream);
  const auto address = reinterpret_cast<uintptr_t>(buffer);
  EXPECT_GT(SecretsAt(address, 1'000), 0u);
  for (int i = 0; i < 20; ++i) fwrite(text.data(), 1, text.size(), stream);
  fflush(stream);
  ASSERT_NE(reinterpret_cast<uintptr_t>(buffer), address);
  EXPECT_EQ(SecretsAt(address, 1'000), 0u);
  fclose(stream);
  std::free(buffer);
}

TEST(WipingHeapOfLibrariesTest, ShrinkingInPlaceForgetsTheTail) {
  void* const block = std::malloc(1'000);
  std::memset(block, kSecret, 1'000);
  void* const same = std::realloc(block, 700);
  ASSERT_EQ(same, block);
  EXPECT_EQ(SecretsAt(reinterpret_cast<uintptr_t>(same), 1'000), 700 - kLinks);
  std::free(same);
}

// Wiping must not hide it from glibc, which ends the program.
TEST(WipingHeapOfLibrariesTest, WhatIsFreedTwiceIsFoundOut) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  void* volatile block = std::malloc(100);
  const auto free_twice = [&] {
    std::free(block);
    std::free(block);
  };
  EXPECT_DEATH(free_twice(), "double free");
  std::free(block);
}

TEST(WipingHeapOfLibrariesTest, ReallocOfNothingAndToNothing) {
  void* const block = std::realloc(nullptr, 100);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(std::realloc(block, 0), nullptr);
  EXPECT_EQ(std::realloc(nullptr, SIZE_MAX / 2), nullptr);
}

}  // namespace
}  // namespace sodality::platform
