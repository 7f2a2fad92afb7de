// What docs/library.md shows of edits; see call_examples_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "client/include/sodality/client.h"
#include "client/include/sodality/error_info.h"
#include "client/include/sodality/mock_connection.h"

namespace {

using sodality::Member;
using sodality::MemberEdit;
using sodality::Written;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::Return;

// example: library.md
absl::Status AddCommittee(const sodality::Client& client, const std::string& id,
                          const std::string& committee) {
  absl::Status status;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto member = client.Get({.member_id = id});
    if (!member.ok()) return member.status();
    sodality::Field committees{.name = "committees"};
    for (const sodality::Field& field : member->fields) {
      if (field.name == committees.name) committees = field;
    }
    committees.values.push_back(committee);
    status = client
                 .Update({.member_id = id,
                          .revision = member->revision,
                          .changes = {std::move(committees)}})
                 .status();
    if (sodality::GetErrorInfo(status).reason != "STALE_REVISION") break;
  }
  return status;
}
// end of example

absl::Status Stale() {
  return sodality::MakeError(absl::StatusCode::kAborted, "somebody was faster",
                             {.reason = "STALE_REVISION"});
}

class EditExamplesTest : public testing::Test {
 protected:
  absl::Status Added() {
    return AddCommittee(sodality::Client(mock_), "m1", "Labor");
  }
  const std::shared_ptr<sodality::MockConnection> mock_ =
      std::make_shared<sodality::MockConnection>();
};

TEST_F(EditExamplesTest, WhoeverWasFasterIsKept) {
  const Member one{.id = "m1", .revision = 1};
  const Member two{
      .id = "m1",
      .revision = 2,
      .fields = {{"pronouns", {"she/her"}}, {"committees", {"Housing"}}}};
  EXPECT_CALL(*mock_, GetMember).WillOnce(Return(one)).WillOnce(Return(two));
  EXPECT_CALL(*mock_, UpdateMember(Field(&MemberEdit::revision, 1)))
      .WillOnce(Return(Stale()));
  EXPECT_CALL(*mock_, UpdateMember(AllOf(
                          Field(&MemberEdit::revision, 2),
                          Field(&MemberEdit::changes,
                                ElementsAre(sodality::Field{
                                    "committees", {"Housing", "Labor"}})))))
      .WillOnce(Return(Written{"m1", 3}));
  EXPECT_TRUE(Added().ok());
}

TEST_F(EditExamplesTest, ThreeTimesTooLateIsTheAnswer) {
  EXPECT_CALL(*mock_, GetMember).Times(3).WillRepeatedly(Return(Member{}));
  EXPECT_CALL(*mock_, UpdateMember).Times(3).WillRepeatedly(Return(Stale()));
  EXPECT_TRUE(absl::IsAborted(Added()));
}

TEST_F(EditExamplesTest, AnotherErrorIsNotTriedAgain) {
  EXPECT_CALL(*mock_, GetMember).WillOnce(Return(Member{}));
  EXPECT_CALL(*mock_, UpdateMember)
      .WillOnce(Return(absl::DeadlineExceededError("no answer in time")));
  EXPECT_TRUE(absl::IsDeadlineExceeded(Added()));
}

}  // namespace
