#include "server/core/request_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/waiter.h"
#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {
namespace {

class RequestLogTest : public testing::Test {
 protected:
  Act ActOf(const std::string& content) const {
    return {{{1}}, {{2}}, log_.Digest("test").AddText(content).Finish()};
  }
  absl::Status Keep(const Act& act, const std::string& answer) {
    auto put =
        log_.Make(act, crypto::SecretBytes::CopyOf(crypto::AsBytes(answer)));
    if (!put.ok()) return put.status();
    store::Write write;
    write.request = *std::move(put);
    write.outbox = {1};
    Waiter<store::Revision> waiter;
    chapter_.store.Submit(std::move(write),
                          [&](absl::StatusOr<store::Revision> revision) {
                            waiter.Set(revision);
                          });
    return waiter.Wait().status();
  }

  TestChapter chapter_;
  RequestLog log_ = *RequestLog::Create(*chapter_.keys->Current(),
                                        chapter_.clock, crypto::SystemRandom());
};

TEST_F(RequestLogTest, ANewActHasNoAnswer) {
  const auto found = log_.Find(chapter_.store, ActOf("a"));
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->has_value());
}

TEST_F(RequestLogTest, TheSameActGetsItsAnswer) {
  ASSERT_TRUE(Keep(ActOf("a"), "done").ok());
  const auto found = log_.Find(chapter_.store, ActOf("a"));
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ(crypto::AsText((*found)->Expose(crypto::AllowSecretAccess())),
            "done");
  EXPECT_TRUE(absl::IsAlreadyExists(Keep(ActOf("a"), "again")));
}

TEST_F(RequestLogTest, AnotherContentUnderTheIdIsRefused) {
  ASSERT_TRUE(Keep(ActOf("a"), "").ok());
  EXPECT_THAT(
      log_.Find(chapter_.store, ActOf("b")).status(),
      FailsWith(absl::StatusCode::kInvalidArgument, Reason::kRequestIdReused));
}

TEST_F(RequestLogTest, AnotherPrincipalsIdIsAnotherId) {
  ASSERT_TRUE(Keep(ActOf("a"), "").ok());
  Act other = ActOf("a");
  other.principal.bytes = {77};
  const auto found = log_.Find(chapter_.store, other);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->has_value());
}

TEST_F(RequestLogTest, IsKeptForADay) {
  const auto put = log_.Make(ActOf("a"), {});
  ASSERT_TRUE(put.ok());
  EXPECT_EQ(put->expires, chapter_.clock.Now() + std::chrono::hours(24));
}

TEST_F(RequestLogTest, BoundariesAndOrderOfPartsCount) {
  const auto ab_c = log_.Digest("test").AddText("ab").AddText("c").Finish();
  const auto a_bc = log_.Digest("test").AddText("a").AddText("bc").Finish();
  const auto c_ab = log_.Digest("test").AddText("c").AddText("ab").Finish();
  const auto other = log_.Digest("tests").AddText("ab").AddText("c").Finish();
  EXPECT_NE(ab_c, a_bc);
  EXPECT_NE(ab_c, c_ab);
  EXPECT_NE(ab_c, other);
  EXPECT_EQ(ab_c, log_.Digest("test").AddText("ab").AddText("c").Finish());
}

}  // namespace
}  // namespace sodality::core
