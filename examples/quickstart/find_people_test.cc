#include "find_people.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodality/mock_connection.h>

#include <memory>
#include <sstream>

namespace {

using sodality::Client;
using sodality::MemberPage;
using sodality::MemberQuery;
using testing::Field;
using testing::Return;

TEST(FindPeopleTest, PrintsEveryPage) {
  auto mock = std::make_shared<sodality::MockConnection>();
  MemberPage first;
  first.members = {{"id1", 1, {{"given_name", {"Maria"}}}, {}}};
  first.next_page_token = "more";
  MemberPage last;
  last.members = {{"id2", 1, {{"committees", {"Housing", "Labor"}}}, {}}};
  EXPECT_CALL(*mock, SearchMembers(Field(&MemberQuery::page_token, "")))
      .WillOnce(Return(first));
  EXPECT_CALL(*mock, SearchMembers(Field(&MemberQuery::page_token, "more")))
      .WillOnce(Return(last));
  std::ostringstream out;
  EXPECT_TRUE(FindPeople(Client(mock), {"maria"}, out).ok());
  EXPECT_EQ(out.str(),
            "id1 given_name=Maria\n"
            "id2 committees=Housing committees=Labor\n");
}

TEST(FindPeopleTest, AnErrorIsTheAnswer) {
  auto mock = std::make_shared<sodality::MockConnection>();
  EXPECT_CALL(*mock, SearchMembers)
      .WillOnce(Return(absl::PermissionDeniedError("no grant")));
  std::ostringstream out;
  EXPECT_TRUE(
      absl::IsPermissionDenied(FindPeople(Client(mock), {"maria"}, out)));
  EXPECT_EQ(out.str(), "");
}

}  // namespace
