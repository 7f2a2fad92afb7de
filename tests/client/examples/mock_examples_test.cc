// What mock_connection.h shows, a test of a program of others; see
// call_examples_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "client/include/sodality/client.h"
#include "client/include/sodality/mock_connection.h"

namespace {

absl::StatusOr<std::string> PronounsOf(const sodality::Client& client,
                                       const std::string& id) {
  const auto member = client.Get({.member_id = id});
  if (!member.ok()) return member.status();
  for (const sodality::Field& field : member->fields) {
    if (field.name == "pronouns") return field.values.at(0);
  }
  return std::string();
}

// example: mock_connection.h library.md
TEST(PronounsTest, AreThoseOfTheMember) {
  auto mock = std::make_shared<sodality::MockConnection>();
  sodality::Member member{.id = "m1", .revision = 1};
  member.fields = {{"pronouns", {"they/them"}}};
  EXPECT_CALL(*mock, GetMember).WillOnce(testing::Return(member));
  EXPECT_EQ(PronounsOf(sodality::Client(mock), "m1").value(), "they/them");
}

TEST(PronounsTest, AnErrorIsTheAnswer) {
  auto mock = std::make_shared<sodality::MockConnection>();
  EXPECT_CALL(*mock, GetMember)
      .WillOnce(testing::Return(absl::PermissionDeniedError("no grant")));
  EXPECT_TRUE(absl::IsPermissionDenied(
      PronounsOf(sodality::Client(mock), "m1").status()));
}
// end of example

TEST(MockExamplesTest, CallsThatNoTestExpectsAnswer) {
  testing::NiceMock<sodality::MockConnection> mock;
  EXPECT_TRUE(absl::IsUnknown(mock.GetSelf().status()));
  EXPECT_TRUE(mock.DeleteSelf().ok());
}

}  // namespace
