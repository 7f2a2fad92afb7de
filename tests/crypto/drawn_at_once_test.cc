#include "crypto/drawn_at_once.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace sodality::crypto {
namespace {

// 0, 1, 2, ..., and how often it was asked.
class CountingSource final : public Random {
 public:
  void Fill(std::span<uint8_t> out) override {
    ++calls;
    for (uint8_t& byte : out) byte = next_++;
  }
  int calls = 0;

 private:
  uint8_t next_ = 0;
};

TEST(DrawnAtOnceTest, HandsOutItsSourcesBytesInTheirOrderAfterOneCall) {
  CountingSource source;
  DrawnAtOnce drawn(source, 5);
  std::array<uint8_t, 2> first{};
  std::array<uint8_t, 3> second{};
  drawn.Fill(first);
  drawn.Fill({});
  drawn.Fill(second);
  EXPECT_EQ(first, (std::array<uint8_t, 2>{0, 1}));
  EXPECT_EQ(second, (std::array<uint8_t, 3>{2, 3, 4}));
  EXPECT_EQ(source.calls, 1);
}

TEST(DrawnAtOnceDeathTest, NoByteIsHandedOutTwice) {
  CountingSource source;
  DrawnAtOnce drawn(source, 5);
  std::array<uint8_t, 4> some{};
  drawn.Fill(some);
  EXPECT_DEATH(drawn.Fill(some), "");
}

}  // namespace
}  // namespace sodality::crypto
