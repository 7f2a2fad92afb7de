#include "client/include/sodality/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "client/include/sodality/mock_connection.h"

namespace sodality {
namespace {

using testing::_;
using testing::AllOf;
using testing::Field;
using testing::Return;

TEST(ClientTest, CopiesShareTheConnection) {
  auto mock = std::make_shared<MockConnection>();
  EXPECT_CALL(*mock, GetSelf()).Times(2).WillRepeatedly(Return(Member{}));
  const Client one(mock);
  const Client two = one;
  EXPECT_TRUE(one.GetSelf().ok());
  EXPECT_TRUE(two.GetSelf().ok());
}

TEST(ClientTest, PassesQuestionsAndAnswersThrough) {
  auto mock = std::make_shared<MockConnection>();
  MemberPage page;
  page.members = {{"id1", 3, {{"given_name", {"Maria"}}}, {"phone"}}};
  page.next_page_token = "t";
  EXPECT_CALL(*mock,
              SearchMembers(AllOf(Field(&MemberQuery::words,
                                        testing::ElementsAre("maria", "gonz")),
                                  Field(&MemberQuery::page_size, 20))))
      .WillOnce(Return(page));
  const auto found = Client(mock).Search({.words = {"maria", "gonz"}});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->members[0].id, "id1");
  EXPECT_EQ(found->next_page_token, "t");
}

TEST(ClientTest, SuspendingAndLiftingAreOneCallTwoWays) {
  auto mock = std::make_shared<MockConnection>();
  EXPECT_CALL(*mock, SuspendPrincipal("Rosa", false))
      .WillOnce(Return(absl::OkStatus()));
  EXPECT_CALL(*mock, SuspendPrincipal("Rosa", true))
      .WillOnce(Return(absl::NotFoundError("nobody")));
  const Client client(mock);
  EXPECT_TRUE(client.SuspendPrincipal("Rosa").ok());
  EXPECT_TRUE(absl::IsNotFound(client.LiftSuspension("Rosa")));
}

TEST(ClientTest, GrantsEndingSoonAreAskedForByWindow) {
  auto mock = std::make_shared<MockConnection>();
  EXPECT_CALL(*mock, ListGrants(std::chrono::seconds(0)))
      .WillOnce(Return(std::vector<Grant>(2)));
  EXPECT_CALL(*mock, ListGrants(std::chrono::seconds(60)))
      .WillOnce(Return(std::vector<Grant>(1)));
  const Client client(mock);
  EXPECT_EQ(client.ListGrants()->size(), 2u);
  EXPECT_EQ(client.ListGrantsEndingWithin(std::chrono::seconds(60))->size(),
            1u);
}

TEST(ClientTest, KeysAreListedRotatedAndWatched) {
  auto mock = std::make_shared<MockConnection>();
  EXPECT_CALL(*mock, ListKeys())
      .WillOnce(Return(KeyList{.keys = {{.kind = "wrap", .version = 1}}}));
  EXPECT_CALL(*mock, RotateKey("wrap"))
      .WillOnce(Return(KeyRotation{.id = "r1", .to = 2}));
  EXPECT_CALL(*mock, Reencrypt()).WillOnce(Return(KeyRotation{.to = 3}));
  EXPECT_CALL(*mock, WatchRotation("r1", _))
      .WillOnce([](const std::string&, const RotationVisitor& visit) {
        return visit({.id = "r1", .done = 7});
      });
  const Client client(mock);
  EXPECT_EQ(client.ListKeys()->keys.at(0).version, 1u);
  EXPECT_EQ(client.RotateKey("wrap")->to, 2u);
  EXPECT_EQ(client.Reencrypt()->to, 3u);
  uint64_t done = 0;
  const auto see = [&](const KeyRotation& rotation) {
    done = rotation.done;
    return absl::OkStatus();
  };
  EXPECT_TRUE(client.WatchRotation("r1", see).ok());
  EXPECT_EQ(done, 7u);
}

}  // namespace
}  // namespace sodality
