#include "text/roff.h"

#include <gtest/gtest.h>

namespace sodality::text {
namespace {

TEST(RoffTest, WhatManWouldReadAsItsOwnIsEscaped) {
  EXPECT_EQ(Roff("plain"), "plain");
  EXPECT_EQ(Roff("--data"), "\\-\\-data");
  EXPECT_EQ(Roff("a\\b"), "a\\eb");
  EXPECT_EQ(Roff(".TH"), "\\&.TH");
  EXPECT_EQ(Roff("'quoted'\n.line"), "\\&'quoted'\n\\&.line");
  EXPECT_EQ(Roff(""), "");
}

}  // namespace
}  // namespace sodality::text
