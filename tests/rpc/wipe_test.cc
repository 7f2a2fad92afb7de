#include "server/rpc/wipe.h"

#include <gtest/gtest.h>

#include "sodality/v1/access.pb.h"
#include "sodality/v1/directory.pb.h"
#include "sodality/v1/ledger.pb.h"
#include "sodality/v1/roster.pb.h"

namespace sodality::rpc {
namespace {

TEST(WipeTest, WipesMarkedFieldsAtEveryDepth) {
  v1::SearchMembersResponse message;
  v1::Member& member = *message.add_members();
  member.set_id("k7q2");
  v1::Field& field = *member.add_fields();
  field.set_name("phone");
  field.add_values("+15550100");
  field.add_values("+15550101");
  message.set_next_page_token("token");
  WipeSensitive(message);
  EXPECT_EQ(message.members(0).id(), "");
  EXPECT_EQ(message.members(0).fields(0).values(0), "");
  EXPECT_EQ(message.members(0).fields(0).values(1), "");
  EXPECT_EQ(message.next_page_token(), "");
}

TEST(WipeTest, LeavesWhatIsPublic) {
  v1::GetMemberRequest message;
  message.set_member_id("k7q2");
  message.set_grant_id("g1");
  message.mutable_view()->add_fields("phone");
  WipeSensitive(message);
  EXPECT_EQ(message.member_id(), "");
  EXPECT_EQ(message.grant_id(), "g1");
  EXPECT_EQ(message.view().fields(0), "phone");
}

// The bytes themselves go, not only the length.
TEST(WipeTest, OverwritesTheBytes) {
  v1::CreateInviteResponse message;
  message.set_invite(std::string(200, 'x'));
  const char* bytes = message.invite().data();
  WipeSensitive(message);
  for (int i = 0; i < 200; ++i) ASSERT_EQ(bytes[i], 0) << i;
}

TEST(WipeTest, WipesWithinAOneof) {
  v1::PushRosterRequest message;
  message.mutable_batch()->add_rows()->add_fields()->add_values("Ana");
  WipeSensitive(message);
  EXPECT_EQ(message.batch().rows(0).fields(0).values(0), "");
}

TEST(WipeTest, AnEmptyMessageStaysAsItIs) {
  v1::GetMemberResponse message;
  WipeSensitive(message);
  EXPECT_FALSE(message.has_member());
}

TEST(WipeTest, ARequestIsWipedWhenItsHandlerReturns) {
  v1::ListEntriesRequest request;
  request.set_actor("Ana");
  { const RequestWiper wiper(request); }
  EXPECT_EQ(request.actor(), "");
}

}  // namespace
}  // namespace sodality::rpc
