// How streams of look-ups end, and what they give back.
#include <chrono>
#include <functional>

#include "tests/rpc/lookup_fixture.h"

namespace sodality::rpc {
namespace {

// ---- Ends of a stream that nobody speaks on

class IdleStreamTest : public LookupFixture {
 protected:
  // The reason with which a stream ends after `act`, and that it ends soon.
  std::string EndAfter(const Access& access, const std::function<void()>& act) {
    Lookup lookup(server_.ChannelOf(access.person));
    v1::LookupRequest request;
    AddGet(request, 1, ana_);
    EXPECT_TRUE(lookup.Write(request));
    EXPECT_TRUE(lookup.Read()->has_get());
    const auto begin = std::chrono::steady_clock::now();
    act();
    const grpc::Status status = lookup.Finish();
    // A quarter of a second on a machine with time to spare.
    EXPECT_LT(std::chrono::steady_clock::now() - begin,
              std::chrono::seconds(10));
    return ReasonOf(status);
  }
};

TEST_F(IdleStreamTest, EndsWhenTheDeviceIsRevoked) {
  const Access cora = Enrol("Cora");
  EXPECT_EQ(EndAfter(cora,
                     [&] {
                       ASSERT_TRUE(control()
                                       .RevokeDevice(chapter_.admin().caller,
                                                     cora.person.caller.device,
                                                     chapter_.NewRequest())
                                       .ok());
                     }),
            "DEVICE_REVOKED");
}

TEST_F(IdleStreamTest, EndsWhenThePrincipalIsSuspended) {
  EXPECT_EQ(
      EndAfter(Enrol("Cora"),
               [&] {
                 ASSERT_TRUE(control()
                                 .SuspendPrincipal(chapter_.admin().caller,
                                                   "Cora", /*lift=*/false,
                                                   chapter_.NewRequest())
                                 .ok());
               }),
      "PRINCIPAL_SUSPENDED");
}

TEST_F(IdleStreamTest, EndsWhenTheGrantIsRevoked) {
  const Access cora = Enrol("Cora");
  EXPECT_EQ(
      EndAfter(cora,
               [&] {
                 ASSERT_TRUE(control()
                                 .RevokeGrant(chapter_.admin().caller,
                                              cora.grant, chapter_.NewRequest())
                                 .ok());
               }),
      "GRANT_ENDED");
}

TEST_F(IdleStreamTest, EndsWhenTheGrantIsOver) {
  EXPECT_EQ(EndAfter(Enrol("Cora"),
                     [&] { chapter_.clock().Advance(std::chrono::hours(25)); }),
            "GRANT_ENDED");
}

// Take waits until every call has let go of the chapter.
TEST_F(IdleStreamTest, EndsWhenTheChapterIsSealed) {
  EXPECT_EQ(EndAfter(Enrol("Cora"), [&] { chapter_.Seal(); }), "SEALED");
}

TEST_F(IdleStreamTest, EndsWithTheServer) {
  Lookup lookup(server_.ChannelOf(Enrol("Cora").person));
  v1::LookupRequest request;
  AddGet(request, 1, ana_);
  ASSERT_TRUE(lookup.Write(request));
  ASSERT_TRUE(lookup.Read());
  server_.server().Shutdown(std::chrono::milliseconds(0));
  EXPECT_FALSE(lookup.Finish().ok());
}

TEST_F(IdleStreamTest, AStreamThatEndsGivesItsPlaceBack) {
  const auto channel = server_.ChannelOf(Enrol("Cora").person);
  for (int i = 0; i < 40; ++i) {  // Of 8 places.
    Lookup lookup(channel);
    v1::LookupRequest request;
    AddGet(request, 1, ana_);
    ASSERT_TRUE(lookup.Write(request));
    ASSERT_TRUE(lookup.Read());
    lookup.ReadAll();
    EXPECT_TRUE(lookup.Finish().ok());
  }
}

TEST_F(IdleStreamTest, AClientThatGoesAwayGivesItsPlaceBack) {
  const auto channel = server_.ChannelOf(Enrol("Cora").person);
  v1::LookupRequest request;
  AddGet(request, 1, ana_);
  for (int i = 0; i < 8; ++i) {
    Lookup lookup(channel);
    ASSERT_TRUE(lookup.Write(request));
    ASSERT_TRUE(lookup.Read());
    lookup.Cancel();
  }
  // The server hears of it a little later.
  grpc::Status status;
  for (int tries = 0; tries < 10000; ++tries) {
    Lookup lookup(channel);
    lookup.Write(request);
    lookup.ReadAll();
    status = lookup.Finish();
    if (status.ok()) break;
    EXPECT_EQ(ReasonOf(status), "RATE_LIMITED");
  }
  EXPECT_TRUE(status.ok());
}

}  // namespace
}  // namespace sodality::rpc
