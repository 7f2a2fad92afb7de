// What is said over real connections of a root key that is replaced.
#include <gtest/gtest.h>

#include "sodality/v1/keys.grpc.pb.h"
#include "tests/rpc/key_service_fixture.h"

namespace sodality::rpc {
namespace {

class RootKeyServiceTest : public KeyServiceFixture {};

TEST_F(RootKeyServiceTest, ARootKeyIsReplaced) {
  v1::Rotation begun;
  ASSERT_TRUE(Rotate(Rotation("root"), &begun).ok());
  EXPECT_EQ(begun.kind(), "root");
  EXPECT_EQ(begun.work(), "rekey-root");
  EXPECT_EQ(begun.from(), 0u);
  EXPECT_EQ(begun.to(), 0u);
  EXPECT_EQ(begun.phase(), "sweeping");
  EXPECT_EQ(begun.done(), 1u);
  EXPECT_EQ(begun.total(), 2u);
  Finish();
  Watch watch(*keys_, begun.id());
  ASSERT_TRUE(watch.Read());
  EXPECT_FALSE(watch.message().has_rotation());
  EXPECT_EQ(watch.End(), "OK");
  const auto subjects = Subjects();
  EXPECT_EQ(subjects.at("ROTATE_KEY"), "root");
  EXPECT_EQ(subjects.at("ACTIVATE_KEY"), "root");
  EXPECT_EQ(subjects.at("FINISH_ROTATION"), "root");
}

TEST_F(RootKeyServiceTest, WhoWatchesARotationHearsThatItWasGivenUp) {
  const v1::RotateKeyRequest request = Rotation("root");
  v1::Rotation begun;
  ASSERT_TRUE(Rotate(request, &begun).ok());
  EXPECT_FALSE(begun.given_up());
  chapter_.roots().lost = true;
  Finish();
  Watch watch(*keys_, begun.id());
  ASSERT_TRUE(watch.Read());
  EXPECT_EQ(watch.message().rotation().id(), begun.id());
  EXPECT_TRUE(watch.message().rotation().given_up());
  ASSERT_TRUE(watch.Read());
  EXPECT_FALSE(watch.message().has_rotation());
  EXPECT_EQ(watch.End(), "OK");
  ASSERT_TRUE(Rotate(request, &begun).ok());
  EXPECT_TRUE(begun.given_up());
  EXPECT_EQ(Subjects().at("ABANDON_ROTATION"), "root");
}

}  // namespace
}  // namespace sodality::rpc
