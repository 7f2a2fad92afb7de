#include "text/tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/text/some_text.h"

namespace sodality::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TagsTest, SameTagIgnoresHowPeopleVaryIt) {
  EXPECT_TRUE(SameTag("Housing", " housing "));
  EXPECT_TRUE(SameTag("Energy & Commerce", "energy and commerce"));
  EXPECT_TRUE(SameTag("Ways-and-Means", "Ways and Means"));
  EXPECT_TRUE(SameTag("St. Louis", "St Louis"));
  EXPECT_TRUE(SameTag("N.Y.", "NY"));
  EXPECT_TRUE(SameTag("People's Budget", "People’s Budget"));
  EXPECT_TRUE(SameTag("Español", "espanol"));
  EXPECT_TRUE(SameTag("住房", "住房"));
  EXPECT_TRUE(SameTag("Жильё", "жилье"));
}

TEST(TagsTest, OtherTagsDiffer) {
  EXPECT_FALSE(SameTag("Housing", "House"));
  EXPECT_FALSE(SameTag("Labor", "Labor North"));
  EXPECT_FALSE(SameTag("C", "C++"));
  EXPECT_FALSE(SameTag("C#", "C"));
  EXPECT_FALSE(SameTag("", ""));
  EXPECT_FALSE(SameTag("---", "..."));
}

TEST(TagsTest, SplitsLists) {
  EXPECT_THAT(SplitList("Housing; Labor ;;  "),
              ElementsAre("Housing", "Labor"));
  EXPECT_THAT(SplitList("Housing"), ElementsAre("Housing"));
  EXPECT_THAT(SplitList("a|b;c|A", '|'), ElementsAre("a", "b;c"));
  EXPECT_THAT(SplitList(""), IsEmpty());
  EXPECT_THAT(SplitList(" ; ;"), IsEmpty());
}

RC_GTEST_PROP(TagsPropertyTest, NormalisingIsIdempotent, ()) {
  const std::string once = NormaliseTag(*AnyBytes());
  RC_ASSERT(NormaliseTag(once) == once);
}

}  // namespace
}  // namespace sodality::text
