#include "crypto/secret.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <exception>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "tests/crypto/hex.h"

namespace sodality::crypto {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <class T>
concept Text = std::convertible_to<T, std::string> ||
    std::convertible_to<T, std::string_view>;

template <class T>
class SecretTypes : public testing::Test {};
using Types = testing::Types<SecretBuffer, SecretBytes>;
TYPED_TEST_SUITE(SecretTypes, Types);

TYPED_TEST(SecretTypes, CannotBeCopiedPrintedComparedOrMadeText) {
  static_assert(!std::is_copy_constructible_v<TypeParam>);
  static_assert(!std::is_copy_assignable_v<TypeParam>);
  static_assert(std::is_nothrow_move_constructible_v<TypeParam>);
  static_assert(!Printable<TypeParam>);
  static_assert(!Text<TypeParam>);
  static_assert(!std::equality_comparable<TypeParam>);
  static_assert(!std::is_default_constructible_v<SecretAccess>);
}

TYPED_TEST(SecretTypes, MovingEmptiesTheSource) {
  TypeParam from = TypeParam::CopyOf(AsBytes("a secret"));
  const TypeParam to = std::move(from);
  EXPECT_EQ(from.size(), 0u);  // NOLINT(bugprone-use-after-move): promised.
  EXPECT_EQ(AsText(to.Expose(AllowSecretAccess())), "a secret");
}

TYPED_TEST(SecretTypes, MoveAssignmentKeepsTheNewContent) {
  TypeParam to = TypeParam::CopyOf(AsBytes("old"));
  to = TypeParam::CopyOf(AsBytes("new one"));
  EXPECT_EQ(AsText(to.Expose(AllowSecretAccess())), "new one");
}

TYPED_TEST(SecretTypes, CloneIsEqualAndApart) {
  TypeParam one = TypeParam::CopyOf(AsBytes("a secret"));
  const TypeParam two = one.Clone();
  EXPECT_TRUE(one.Equals(two));
  one.ExposeMutable(AllowSecretAccess())[0] ^= 1;
  EXPECT_FALSE(one.Equals(two));
}

TYPED_TEST(SecretTypes, DifferentLengthsAreUnequal) {
  EXPECT_FALSE(TypeParam::CopyOf(AsBytes("abc"))
                   .Equals(TypeParam::CopyOf(AsBytes("ab"))));
  EXPECT_TRUE(TypeParam().Equals(TypeParam::CopyOf({})));
}

TEST(SecretBytesTest, FromStringWipesTheSource) {
  std::string text(100, 'x');
  const char* const place = text.data();
  const size_t capacity = text.capacity();
  const SecretBytes secret = SecretBytes::FromString(std::move(text));
  EXPECT_EQ(secret.size(), 100u);
  // The string keeps its (now wiped) buffer, so reading it is allowed.
  text.resize(capacity);  // NOLINT(bugprone-use-after-move): promised.
  ASSERT_EQ(text.data(), place);
  EXPECT_EQ(text, std::string(capacity, '\0'));
}

TEST(SecretBytesTest, TruncateWipesWhatItCuts) {
  SecretBytes secret = SecretBytes::CopyOf(AsBytes("keep cut"));
  const auto all = secret.ExposeMutable(AllowSecretAccess());
  secret.Truncate(5);
  EXPECT_EQ(Reveal(secret), "keep ");
  EXPECT_EQ(AsText(all.subspan(5)), std::string_view("\0\0\0", 3));
  secret.Truncate(50);
  EXPECT_EQ(secret.size(), 5u);
}

TEST(SecretBufferTest, AWriteBehindTheEndStopsTheProcess) {
  SecretBuffer buffer = SecretBuffer::OfSize(32);
  volatile uint8_t* const data =
      buffer.ExposeMutable(AllowSecretAccess()).data();
  EXPECT_DEATH(data[32] = 1, "");
}

TEST(WipeTest, EmptiesAStringAndItsCapacity) {
  std::string text = "0123456789";
  text.reserve(64);
  const char* const place = text.data();
  Wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(place[1], '\0');
}

constexpr char kLeft = 'L';
// Registers that held some may have been saved there since.
constexpr ptrdiff_t kRegisters = 64;
using Frame = std::array<char, 4096>;

// Where it has left a frame full of kLeft: on the real stack, not on that of a
// sanitizer.
[[gnu::noinline, gnu::no_sanitize_address]] uintptr_t LeaveSomething() {
  Frame frame;
  frame.fill(kLeft);
  auto place = reinterpret_cast<uintptr_t>(frame.data());
  asm volatile("" : "+r"(place) : : "memory");
  return place;
}

// Read as a file: a frame that was left is no object any more.
[[gnu::noinline]] ptrdiff_t LeftAt(uintptr_t place) {
  static Frame copy;
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(pread(memory, copy.data(), copy.size(), static_cast<off_t>(place)),
            static_cast<ssize_t>(copy.size()));
  close(memory);
  return std::ranges::count(copy, kLeft);
}

TEST(WipeStackTest, WhatCallsLeftIsGone) {
  EXPECT_GT(LeftAt(LeaveSomething()), ptrdiff_t{1000});  // The control.
  const uintptr_t place = LeaveSomething();
  WipeStack();
  EXPECT_LE(LeftAt(place), kRegisters);
}

// The same below a frame that most calls do not have.
[[gnu::noinline, gnu::no_sanitize_address]] uintptr_t LeaveSomethingDeep() {
  std::array<volatile char, 100'000> between;
  between[0] = 0;
  const uintptr_t place = LeaveSomething();
  between[1] = between[0];
  return place;
}

TEST(WipeStackTest, GoesAsDeepAsItIsTold) {
  uintptr_t place = LeaveSomethingDeep();
  WipeStack(kCallStack);
  EXPECT_GT(LeftAt(place), ptrdiff_t{1000});
  place = LeaveSomethingDeep();
  WipeStack(kBatchStack);
  EXPECT_LE(LeftAt(place), kRegisters);
}

struct LeavingTask {
  [[gnu::no_sanitize_address]] uintptr_t operator()() const {
    Frame frame;
    frame.fill(kLeft);
    auto place = reinterpret_cast<uintptr_t>(frame.data());
    asm volatile("" : "+r"(place) : : "memory");
    return place;
  }
};

// A task is not made part of its caller's frame, which stays.
TEST(WipeStackTest, WhatATaskLeftIsGone) {
  EXPECT_LE(LeftAt(WipingStack(LeavingTask())), kRegisters);
  const auto fails = [] { WipingStack([] { throw std::exception(); }); };
  EXPECT_THROW(fails(), std::exception);
}

TEST(ConstantTimeEqualsTest, ComparesContentAndLength) {
  EXPECT_TRUE(ConstantTimeEquals({}, {}));
  EXPECT_TRUE(ConstantTimeEquals(AsBytes("same"), AsBytes("same")));
  EXPECT_FALSE(ConstantTimeEquals(AsBytes("same"), AsBytes("sane")));
  EXPECT_FALSE(ConstantTimeEquals(AsBytes("same"), AsBytes("sam")));
}

}  // namespace
}  // namespace sodality::crypto
