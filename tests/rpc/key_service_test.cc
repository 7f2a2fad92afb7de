// What the keys' service answers, over real connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "sodality/v1/keys.grpc.pb.h"
#include "tests/rpc/key_service_fixture.h"

namespace sodality::rpc {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

class KeyServiceTest : public KeyServiceFixture {};

TEST_F(KeyServiceTest, EveryKeyIsListedWithoutARotation) {
  const v1::ListKeysResponse listed = List();
  EXPECT_GE(listed.keys_size(), 8);
  EXPECT_FALSE(listed.has_rotation());
  const v1::KeyVersion wrap = Wrap(1);
  EXPECT_EQ(wrap.state(), "ACTIVE");
  EXPECT_FALSE(wrap.created().empty());
  EXPECT_TRUE(wrap.has_records());
  for (const v1::KeyVersion& key : listed.keys()) {
    const bool counted = key.kind() == "wrap" || key.kind() == "index";
    EXPECT_EQ(key.has_records(), counted) << key.kind();
  }
}

TEST_F(KeyServiceTest, ARotationSealsAtOnceAndIsFinishedStepByStep) {
  v1::Rotation begun;
  const auto status = Rotate(Rotation(), &begun);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(begun.kind(), "wrap");
  EXPECT_EQ(begun.work(), "rewrap");
  EXPECT_EQ(begun.from(), 1u);
  EXPECT_EQ(begun.to(), 2u);
  EXPECT_EQ(begun.id().size(), 26u);
  EXPECT_FALSE(begun.started().empty());
  EXPECT_EQ(Wrap(1).state(), "RETIRED");
  EXPECT_EQ(Wrap(2).state(), "ACTIVE");
  EXPECT_EQ(List().rotation().id(), begun.id());
  Finish();
  EXPECT_FALSE(List().has_rotation());
  EXPECT_EQ(Wrap(1).records(), 0u);
  EXPECT_GE(Wrap(2).records(), 3u);
}

TEST_F(KeyServiceTest, TheSameRequestAgainHasTheSameAnswerAndAnotherIsRefused) {
  const v1::RotateKeyRequest request = Rotation();
  v1::Rotation first;
  v1::Rotation second;
  ASSERT_TRUE(Rotate(request, &first).ok());
  ASSERT_TRUE(Rotate(request, &second).ok());
  EXPECT_EQ(first.id(), second.id());
  EXPECT_EQ(second.to(), 2u);
  const grpc::Status refused = Rotate(Rotation());
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(refused), "ROTATION_RUNNING");
}

TEST_F(KeyServiceTest, AReencryptionIsARotationOfTheWrapKeyWithMoreWork) {
  v1::Rotation begun;
  const std::string id = NewRequestId();
  const auto status = Reencrypt(id, &begun);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(begun.kind(), "wrap");
  EXPECT_EQ(begun.work(), "reencrypt");
  EXPECT_EQ(begun.to(), 2u);
  EXPECT_EQ(List().rotation().work(), "reencrypt");
  v1::Rotation again;
  ASSERT_TRUE(Reencrypt(id, &again).ok());
  EXPECT_EQ(again.id(), begun.id());
  EXPECT_EQ(ReasonOf(Reencrypt(NewRequestId())), "ROTATION_RUNNING");
  EXPECT_EQ(ReasonOf(Rotate(Rotation())), "ROTATION_RUNNING");
  Finish();
  EXPECT_EQ(Wrap(1).records(), 0u);
  EXPECT_GE(Wrap(2).records(), 3u);
  const auto subjects = Subjects();
  EXPECT_EQ(subjects.at("REENCRYPT_RECORDS"), "wrap-2");
  EXPECT_EQ(subjects.at("RESEAL_RECORDS"), "wrap-2");
  EXPECT_EQ(subjects.at("FINISH_ROTATION"), "wrap-2");
  EXPECT_FALSE(subjects.contains("ROTATE_KEY"));
}

TEST_F(KeyServiceTest, AnIndexKeyIsRotatedAndItsMembersAreCounted) {
  const uint64_t members = Key("index", 1).records();
  EXPECT_GE(members, 3u);
  v1::Rotation begun;
  const auto status = Rotate(Rotation("index"), &begun);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(begun.kind(), "index");
  EXPECT_EQ(begun.work(), "reindex");
  Finish();
  EXPECT_EQ(Key("index", 1).state(), "RETIRED");
  EXPECT_EQ(Key("index", 1).records(), 0u);
  EXPECT_EQ(Key("index", 2).records(), members);
  const auto subjects = Subjects();
  EXPECT_EQ(subjects.at("ROTATE_KEY"), "index-2");
  EXPECT_EQ(subjects.at("REINDEX_RECORDS"), "index-2");
  EXPECT_EQ(subjects.at("FINISH_ROTATION"), "index-2");
}

TEST_F(KeyServiceTest, TheLedgersKeysAreRotatedAndTold) {
  v1::Rotation begun;
  const grpc::Status status = Rotate(Rotation("ledger"), &begun);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(begun.work(), "rekey-ledger");
  EXPECT_EQ(begun.to(), 2u);
  EXPECT_EQ(List().rotation().total(), 2u);
  Finish();
  EXPECT_EQ(Key("ledger", 1).state(), "RETIRED");
  EXPECT_EQ(Key("ledger", 2).state(), "ACTIVE");
  EXPECT_EQ(Key("ledger-sign", 2).state(), "ACTIVE");
  EXPECT_EQ(Subjects().at("ACTIVATE_KEY"), "ledger-2");
}

// This service's store keeps no files; page_rotation_test.cc has one that does.
TEST_F(KeyServiceTest, AStoreWithoutFilesHasNoPageKey) {
  const grpc::Status refused = Rotate(Rotation("page"));
  EXPECT_EQ(ReasonOf(refused), "INVALID_VALUE");
  EXPECT_THAT(refused.error_message(), HasSubstr("has no page key"));
  EXPECT_FALSE(List().has_rotation());
}

TEST_F(KeyServiceTest, KindsThatCannotBeRotatedYetAreNotThoseThatThereAreNot) {
  const auto says = [this](const char* kind) {
    const grpc::Status refused = Rotate(Rotation(kind));
    EXPECT_EQ(ReasonOf(refused), "INVALID_VALUE") << kind;
    return refused.error_message();
  };
  EXPECT_THAT(says("ledger-sign"), HasSubstr("rotated with the ledger key"));
  for (const char* kind : {"state", "lease", "suppression", "ca"}) {
    EXPECT_THAT(says(kind), HasSubstr("the " + std::string(kind) +
                                      " key cannot be rotated yet"));
  }
  for (const char* kind : {"", "no", "WRAP", "wrap\n", "index "}) {
    EXPECT_THAT(says(kind), HasSubstr("no such kind of key")) << kind;
  }
  v1::RotateKeyRequest request = Rotation();
  request.clear_request_id();
  EXPECT_EQ(ReasonOf(Rotate(request)), "INVALID_VALUE");
  EXPECT_EQ(ReasonOf(Reencrypt("")), "INVALID_VALUE");
  EXPECT_FALSE(List().has_rotation());
}

TEST_F(KeyServiceTest, AWatchEndsAtOnceWhenNothingRuns) {
  Watch watch(*keys_, "");
  ASSERT_TRUE(watch.Read());
  EXPECT_FALSE(watch.message().has_rotation());
  EXPECT_EQ(watch.End(), "OK");
}

TEST_F(KeyServiceTest, AWatchTellsHowFarItIsAndThatItHasEnded) {
  v1::Rotation begun;
  ASSERT_TRUE(Rotate(Rotation(), &begun).ok());
  Watch other(*keys_, NewRequestId());
  EXPECT_EQ(other.End(), "OK");
  Watch watch(*keys_, begun.id());
  ASSERT_TRUE(watch.Read());
  EXPECT_EQ(watch.message().rotation().id(), begun.id());
  Finish();
  EXPECT_EQ(watch.End(), "OK");
  EXPECT_LT(watch.took(), seconds(1));
  EXPECT_FALSE(watch.message().has_rotation());
}

TEST_F(KeyServiceTest, ARevokedDeviceIsToldNoMore) {
  ASSERT_TRUE(Rotate(Rotation()).ok());
  const Person other = chapter_.Enrol("Ben Admin", core::Role::kAdmin);
  const auto stub = v1::KeyService::NewStub(server_.ChannelOf(other));
  Watch watch(*stub, "");
  ASSERT_TRUE(watch.Read());
  ASSERT_TRUE(chapter_.chapter()
                  .access_control()
                  .RevokeDevice(chapter_.admin().caller, other.caller.device,
                                chapter_.NewRequest())
                  .ok());
  EXPECT_EQ(watch.End(), "DEVICE_REVOKED");
  EXPECT_LT(watch.took(), seconds(1));
}

TEST_F(KeyServiceTest, SealingEndsAWatchAndIsNotHeldUpByIt) {
  ASSERT_TRUE(Rotate(Rotation()).ok());
  Watch watch(*keys_, "");
  ASSERT_TRUE(watch.Read());
  const auto start = steady_clock::now();
  chapter_.Seal();
  EXPECT_LT(steady_clock::now() - start, seconds(1));
  EXPECT_EQ(watch.End(), "SEALED");
}

TEST_F(KeyServiceTest, TheLedgerNamesTheKeyVersion) {
  ASSERT_TRUE(Rotate(Rotation()).ok());
  Finish();
  const auto subjects = Subjects();
  EXPECT_EQ(subjects.at("ROTATE_KEY"), "wrap-2");
  EXPECT_EQ(subjects.at("FINISH_ROTATION"), "wrap-2");
}

}  // namespace
}  // namespace sodality::rpc
