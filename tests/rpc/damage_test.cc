// What a call that meets damage tells its caller, and whom else.
#include <gtest/gtest.h>

#include "platform/mutex.h"
#include "server/core/waiter.h"
#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "sodality/v1/directory.pb.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {
namespace {

class DamageTest : public testing::Test {
 protected:
  DamageTest() {
    core::Waiter<store::Revision> stored;
    store::Write write;
    write.outbox = {1};
    write.put_members.push_back({.id = {member_.bytes},
                                 .expected = 1,
                                 .wrap_version = 1,
                                 .sealed = store::Bytes(200, 1),
                                 .tokens = {}});
    chapter_.chapter().store().Submit(std::move(write), [&](auto revision) {
      stored.Set(std::move(revision));
    });
    EXPECT_TRUE(stored.Wait().ok());
  }

  Answer Ask(std::string_view method, const google::protobuf::Message& asked) {
    return CallWith(server_.ChannelOf(chapter_.admin()), method,
                    {asked.SerializeAsString()});
  }
  void ExpectToldOnce() {
    const platform::MutexLock lock(mutex_);
    EXPECT_EQ(told_,
              std::vector<std::string>{"these bytes are no sealed record"});
  }
  static void ExpectCodeAlone(const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::DATA_LOSS);
    EXPECT_EQ(status.error_message(), "stored data is damaged");
    EXPECT_EQ(status.error_details(), "");
  }
  [[nodiscard]] std::string id() const { return FormatId(member_.bytes); }

  platform::Mutex mutex_;
  std::vector<std::string> told_ SODALITY_GUARDED_BY(mutex_);
  TestChapter chapter_;
  const core::MemberId member_ = chapter_.AddMember({{"given_name", "Ana"}});
  TestServer server_{chapter_, {}, [this](const absl::Status& status) {
                       const platform::MutexLock lock(mutex_);
                       told_.emplace_back(status.message());
                     }};
};

TEST_F(DamageTest, AnAsynchronousCallReportsIt) {
  v1::GetMemberRequest request;
  request.set_member_id(id());
  ExpectCodeAlone(Ask(method::kGetMember, request).status);
  ExpectToldOnce();
}

TEST_F(DamageTest, ABlockingCallReportsIt) {
  v1::UpdateMemberRequest request;
  request.set_member_id(id());
  request.add_update_mask("pronouns");
  request.set_request_id(FormatId(chapter_.NewRequest().bytes));
  ExpectCodeAlone(Ask(method::kUpdateMember, request).status);
  ExpectToldOnce();
}

TEST_F(DamageTest, AQueryOfAStreamReportsIt) {
  v1::LookupRequest request;
  request.add_queries()->mutable_get()->set_member_id(id());
  const Answer answer = Ask(method::kLookup, request);
  v1::LookupResponse response;
  ASSERT_EQ(answer.messages.size(), 1u);
  ASSERT_TRUE(response.ParseFromString(answer.messages[0]));
  const v1::LookupError& error = response.answers(0).error();
  EXPECT_EQ(error.code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(error.message(), "stored data is damaged");
  ExpectToldOnce();
}

TEST_F(DamageTest, OtherErrorsAreNobodyElsesBusiness) {
  v1::GetMemberRequest request;
  request.set_member_id(FormatId(chapter_.NewRequest().bytes));
  EXPECT_EQ(Ask(method::kGetMember, request).status.error_code(),
            grpc::StatusCode::NOT_FOUND);
  const platform::MutexLock lock(mutex_);
  EXPECT_TRUE(told_.empty());
}

}  // namespace
}  // namespace sodality::rpc
