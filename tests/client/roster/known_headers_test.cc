// The exports that chapters have, header by header: what is understood, and
// what is reported instead of guessed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "client/roster/header_map.h"
#include "tests/client/roster/known_exports.h"

namespace sodality::roster {
namespace {

class KnownHeadersTest : public testing::TestWithParam<Export> {};

TEST_P(KnownHeadersTest, IsUnderstood) {
  const Header& header = GetParam().header;
  const auto map = MapHeader(header, FieldCatalogue::Default(), {});
  ASSERT_TRUE(map.ok()) << map.status();
  std::map<std::string, Header> fields;
  for (const FieldPlan& plan : map->fields) {
    for (const ColumnUse& use : plan.columns) {
      fields[plan.field].push_back(header[use.column]);
    }
  }
  EXPECT_EQ(fields, GetParam().fields);
  EXPECT_EQ(map->unmapped, GetParam().unmapped);
}

INSTANTIATE_TEST_SUITE_P(Exports, KnownHeadersTest,
                         testing::Values(ActionNetwork(), NationBuilder(),
                                         CiviCrm(), CiviCrmByLocation(),
                                         GoogleContacts(), OldGoogleContacts(),
                                         Outlook(), SolidarityTech(), Dsa()),
                         [](const auto& source) { return source.param.name; });

}  // namespace
}  // namespace sodality::roster
