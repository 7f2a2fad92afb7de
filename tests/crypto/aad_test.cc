#include "crypto/aad.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "tests/crypto/hex.h"

namespace sodality::crypto {
namespace {

std::string Canonical(const std::vector<std::string>& parts) {
  AssociatedData out("test/1");
  for (const std::string& part : parts) out.AddText(part);
  return ToHex(out.bytes());
}

TEST(AssociatedDataTest, WritesLengthAndBytesOfEveryPart) {
  AssociatedData out("d");
  out.AddU8(1).AddU16(0x0203).AddU32(4).AddU64(5).AddText("").Add(
      FromHex("aabb"));
  EXPECT_EQ(ToHex(out.bytes()),
            "0100000064"
            "0100000001"
            "020000000302"
            "0400000004000000"
            "080000000500000000000000"
            "00000000"
            "02000000aabb");
}

TEST(AssociatedDataTest, AShiftedBorderIsAnotherValue) {
  EXPECT_NE(Canonical({"ab", "c"}), Canonical({"a", "bc"}));
  EXPECT_NE(Canonical({"ab"}), Canonical({"ab", ""}));
  EXPECT_NE(AssociatedData("a").AddText("b").bytes().size(),
            AssociatedData("ab").bytes().size());
}

RC_GTEST_PROP(AssociatedDataProperty, DifferentPartsNeverGiveTheSameBytes, ()) {
  const auto a = *rc::gen::arbitrary<std::vector<std::string>>();
  const auto b = *rc::gen::arbitrary<std::vector<std::string>>();
  RC_ASSERT((a == b) == (Canonical(a) == Canonical(b)));
}

}  // namespace
}  // namespace sodality::crypto
