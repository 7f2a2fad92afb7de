#include "client/roster/roster_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/status/status.h"

namespace sodality::roster {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const FieldCatalogue kFields = FieldCatalogue::Default();

TEST(RosterFileTest, GivesRowsInBatches) {
  std::string text = "email,caucus\n";
  for (int i = 1; i <= 1001; ++i) {
    text += "m" + std::to_string(i) + "@example.org,x\n";
  }
  std::istringstream input(text);
  absl::StatusOr<RosterFile> file = RosterFile::Open(input, kFields);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->unmapped(), ElementsAre("caucus"));
  EXPECT_EQ(file->Next()->size(), kBatchRows);
  const std::vector<RosterRow> second = file->Next().value();
  EXPECT_EQ(second.size(), kBatchRows);
  EXPECT_EQ(second[0].row, kBatchRows + 1);
  EXPECT_THAT(second[0].fields[0].values, ElementsAre("m501@example.org"));
  EXPECT_EQ(file->Next()->size(), 1U);
  EXPECT_EQ(file->Next()->size(), 0U);
  EXPECT_EQ(file->rows(), 1001U);
}

TEST(RosterFileTest, CountsAsManyRowsAsItGives) {
  for (const char* text :
       {"email\n", "email\na@example.org\n\nb@example.org"}) {
    std::istringstream read(text);
    std::istringstream counted(text);
    RosterFile file = RosterFile::Open(read, kFields).value();
    ASSERT_TRUE(file.Next().ok());
    EXPECT_EQ(RosterFile::Open(counted, kFields)->Count().value(), file.rows());
  }
}

TEST(RosterFileTest, EndsBatchesThatGrowLarge) {
  const std::string notes(60000, 'x');
  std::string text = "notes\n";
  for (int i = 0; i < 40; ++i) text += notes + "\n";
  std::istringstream input(text);
  absl::StatusOr<RosterFile> file = RosterFile::Open(input, kFields);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->Next()->size(), kBatchBytes / notes.size() + 1);
}

TEST(RosterFileTest, FollowsAMap) {
  std::istringstream input("Mail;Groups\nm@example.org;a|b\n");
  const MapFile map = ParseMapFile(
                          "[columns]\nMail = \"email\"\n"
                          "Groups = {field = \"committees\", split = \"|\"}\n")
                          .value();
  absl::StatusOr<RosterFile> file = RosterFile::Open(input, kFields, map);
  ASSERT_TRUE(file.ok()) << file.status();
  const std::vector<RosterRow> rows = file->Next().value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(rows[0].fields, ElementsAre(Field{"committees", {"a", "b"}},
                                          Field{"email", {"m@example.org"}}));
}

TEST(RosterFileTest, EndsWithAnErrorAtABadRow) {
  std::istringstream input("email\na@example.org\n\xFF\n");
  absl::StatusOr<RosterFile> file = RosterFile::Open(input, kFields);
  ASSERT_TRUE(file.ok()) << file.status();
  const absl::Status status = file->Next().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("row 2 (line 3)"));
  std::istringstream again("email\na@example.org\n\xFF\n");
  EXPECT_EQ(RosterFile::Open(again, kFields)->Count().status(), status);
}

TEST(RosterFileTest, RefusesFilesWithoutAKnownColumn) {
  std::istringstream input("x,y\n1,2\n");
  EXPECT_EQ(RosterFile::Open(input, kFields).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sodality::roster
