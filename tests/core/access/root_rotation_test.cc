// A root key that is rotated: what core asks of the files, in which order, and
// what it makes of any failure and any stop.
#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/access/fake_roots.h"
#include "tests/core/access/rotation_fixture.h"

namespace sodality::core {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;

class RootRotationTest : public RotationFixture {
 protected:
  void SetUp() override {
    fake_ = std::make_shared<FakeRoots>([this](const crypto::Keyring& keyring) {
      return StoreKeyring(keyring);
    });
    roots_ = fake_;
    SetUpAdmin();
  }
  absl::StatusOr<Rotation> StartRoot(const RequestId& request) {
    return rotation().Start(admin_, RotationWork::kRekeyRoot, request);
  }
  absl::StatusOr<Rotation> StartRoot() { return StartRoot(NewRequest()); }
  absl::Status Reopen() {
    EXPECT_TRUE(fake_->Begin()) << "no key opens the keyring";
    return Restart();
  }
  void ExpectRotated(int root) {
    EXPECT_FALSE(rotation().Status()->rotation);
    EXPECT_EQ(fake_->in_place(), root);
    EXPECT_THAT(fake_->file(), ElementsAre(root));
  }

  const RequestId request_ = NewRequest();
  std::shared_ptr<FakeRoots> fake_;
};

TEST_F(RootRotationTest, TheNewRootKeyTakesTheOldOnesPlace) {
  const uint64_t generation = keyring_.generation();
  const auto infos = keyring_.Infos();
  const auto begun = StartRoot();
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->kind, kRootKind);
  EXPECT_EQ(begun->to, 0u);
  EXPECT_THAT(fake_->file(), ElementsAre(1, 2));
  EXPECT_EQ(fake_->in_place(), 1);
  const auto progress = rotation().Status()->rotation;
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->rotation.phase, RotationPhase::kSweeping);
  EXPECT_EQ(progress->done, 1u);
  EXPECT_EQ(progress->total, 2u);
  EXPECT_EQ(ReasonOf(Start().status()), Reason::kRotationRunning);
  ASSERT_TRUE(Run().ok());
  ExpectRotated(2);
  EXPECT_EQ(keyring_.generation(), generation + 2);
  EXPECT_EQ(keyring_.Infos(), infos);
  EXPECT_THAT(KeyActs(), ElementsAre("ROTATE_KEY 0", "ACTIVATE_KEY 0",
                                     "FINISH_ROTATION 0"));
  ASSERT_TRUE(Reopen().ok());
  ExpectRotated(2);
  // And again, and another work.
  ASSERT_TRUE(StartRoot().ok());
  ASSERT_TRUE(Run().ok());
  ExpectRotated(3);
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Run().ok());
  ASSERT_TRUE(Reopen().ok());
}

TEST_F(RootRotationTest, TheSameRequestGetsTheSameAnswer) {
  const auto begun = StartRoot(request_);
  ASSERT_TRUE(begun.ok());
  EXPECT_EQ(StartRoot(request_)->id, begun->id);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(StartRoot(request_)->id, begun->id);
  EXPECT_FALSE(StartRoot(request_)->given_up);
  EXPECT_FALSE(rotation().FindGivenUp(begun->id).value());
  ExpectRotated(2);
}

TEST_F(RootRotationTest, WithoutAPlaceNothingIsBegun) {
  fake_->has_place = false;
  const auto refused = StartRoot();
  EXPECT_EQ(refused.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(refused.status()), Reason::kNoRootKeyFile);
  EXPECT_FALSE(rotation().Status()->rotation);
  EXPECT_THAT(KeyActs(), IsEmpty());
  roots_.reset();
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(ReasonOf(StartRoot().status()), Reason::kInvalidValue);
}

// Every change fails once, in both ways; it is tried again, at once or by the
// next start.
TEST_F(RootRotationTest, WhateverFailsIsTriedAgain) {
  for (const auto fault :
       {FakeRoots::Fault::kRefused, FakeRoots::Fault::kUnknown}) {
    for (const bool restarts : {false, true}) {
      for (int nth = 1; nth <= 5; ++nth) {
        SCOPED_TRACE(testing::Message()
                     << nth << (restarts ? ", restarted" : "")
                     << (fault == FakeRoots::Fault::kUnknown ? ", done" : ""));
        fake_->FailAt(nth, fault);
        const auto begun = StartRoot();
        const absl::Status ran = begun.ok() ? Run() : begun.status();
        EXPECT_EQ(ran.ok(), nth == 5) << ran;
        if (nth < 5) {
          EXPECT_EQ(ran.code(), StatusCode::kUnavailable);
          EXPECT_NE(rotation().Status()->rotation->problem, "");
        }
        if (restarts) {
          const absl::Status opened = Reopen();
          ASSERT_TRUE(opened.ok()) << opened;
        }
        ASSERT_TRUE(Run().ok());
        ExpectRotated(fake_->in_place());
      }
    }
  }
  ASSERT_TRUE(Reopen().ok());
}

// Between any two acts.
TEST_F(RootRotationTest, GoesOnAfterAnyStop) {
  for (int steps = 0; steps <= 2; ++steps) {
    ASSERT_TRUE(StartRoot().ok());
    for (int i = 0; i < steps; ++i) ASSERT_TRUE(rotation().Step().ok());
    const absl::Status opened = Reopen();
    ASSERT_TRUE(opened.ok()) << opened;
    ASSERT_TRUE(Run().ok());
    ExpectRotated(steps + 2);
  }
}

TEST_F(RootRotationTest, ANewKeyThatIsLostIsGivenUp) {
  // The keyring is for both, named by a transaction or not.
  for (const int fails : {2, 0}) {
    SCOPED_TRACE(fails);
    const RequestId request = NewRequest();
    fake_->FailAt(fails, FakeRoots::Fault::kUnknown);
    EXPECT_EQ(StartRoot(request).ok(), fails == 0);
    const Rotation begun = rotation().Status()->rotation->rotation;
    EXPECT_EQ(IsStarting(begun), fails != 0);
    fake_->FailAt(0, FakeRoots::Fault::kNone);
    fake_->Lose();
    ASSERT_TRUE(Reopen().ok());
    EXPECT_THAT(fake_->file(), testing::SizeIs(2));
    ASSERT_TRUE(rotation().Step().ok());
    EXPECT_EQ(rotation().Status()->rotation->rotation.phase,
              RotationPhase::kSteppingBack);
    ASSERT_TRUE(Run().ok());
    ExpectRotated(1);
    const auto found = rotation().FindGivenUp(begun.id);
    ASSERT_TRUE(found.ok() && found->has_value());
    EXPECT_TRUE((*found)->given_up);
    EXPECT_EQ((*found)->id, begun.id);
    EXPECT_TRUE(StartRoot(request)->given_up);
    ASSERT_TRUE(Reopen().ok());
    EXPECT_TRUE(StartRoot(request)->given_up);
    ExpectRotated(1);
  }
  EXPECT_THAT(KeyActs(),
              ElementsAre("ROTATE_KEY 0", "ABANDON_ROTATION 0",
                          "FINISH_ROTATION 0", "ROTATE_KEY 0", "ACTIVATE_KEY 0",
                          "ABANDON_ROTATION 0", "FINISH_ROTATION 0"));
  ASSERT_TRUE(StartRoot().ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_NE(fake_->in_place(), 1);
}

TEST_F(RootRotationTest, SteppingBackGoesOnAfterAnyStop) {
  for (const auto fault :
       {FakeRoots::Fault::kRefused, FakeRoots::Fault::kUnknown}) {
    for (const bool restarts : {false, true}) {
      ASSERT_TRUE(StartRoot().ok());
      fake_->Lose();
      fake_->FailAt(1, fault);
      EXPECT_EQ(Run().code(), StatusCode::kUnavailable);
      EXPECT_EQ(rotation().Status()->rotation->rotation.phase,
                RotationPhase::kSteppingBack);
      if (restarts) {
        ASSERT_TRUE(Reopen().ok());
      }
      ASSERT_TRUE(Run().ok());
      ExpectRotated(1);
    }
  }
}

// A keyring from before the rotation, put back under the new database.
TEST_F(RootRotationTest, AnOlderKeyringIsRefused) {
  const crypto::Keyring before = keyring_.Clone();
  ASSERT_TRUE(StartRoot().ok());
  ASSERT_TRUE(Run().ok());
  keyring_ = before.Clone();
  EXPECT_EQ(Restart().code(), StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sodality::core
