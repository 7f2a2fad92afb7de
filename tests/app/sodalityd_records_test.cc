// What `sodalityd doctor` says of records, and of a rotation that has not
// ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "crypto/root_key.h"
#include "crypto/sealed_blob.h"
#include "server/app/unsealing.h"
#include "server/core/access/codec.h"
#include "server/core/members.h"
#include "tests/app/sodalityd_fixture.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

using testing::HasSubstr;

class SodalitydRecordsTest : public SodalitydFixture {
 protected:
  // Into the folder's chapter, as a server of it would write.
  void Commit(store::Write (*make)(core::Chapter& chapter)) {
    const auto state = LoadPublicState(DataFolder(data_));
    ASSERT_TRUE(state.ok()) << state.status();
    const auto root = crypto::LoadRootKeyFile(platform::PosixFileSystem(),
                                              scratch_ / "root.key");
    ASSERT_TRUE(root.ok()) << root.status();
    const auto chapter = OpenChapter(*state, *root);
    ASSERT_TRUE(chapter.ok()) << chapter.status();
    const auto committed = (*chapter)->directory_parts().committer.Commit(
        make(**chapter), {.action = core::Action::kPushRoster});
    ASSERT_TRUE(committed.ok()) << committed.status();
  }
  Ended Doctor() { return RunProgram(OnData("doctor", WithKey())); }
};

store::PutMember NewMember(core::Chapter& chapter) {
  const auto members = core::Members::Create(chapter.directory_parts());
  return *members->sealer().Seal(core::Member::New(crypto::SystemRandom()));
}

TEST_F(SodalitydRecordsTest, DoctorOpensEveryRecord) {
  Init();
  Commit([](core::Chapter& chapter) {
    store::Write write;
    for (int i = 0; i < 501; ++i) {
      write.put_members.push_back(NewMember(chapter));
    }
    return write;
  });
  const Ended ended = Doctor();
  EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out,
              HasSubstr("ok    records: every field of every one opens\n"));
  EXPECT_THAT(ended.out, testing::Not(HasSubstr("keys:")));
}

TEST_F(SodalitydRecordsTest, DoctorNamesWhatDoesNotOpen) {
  Init();
  Commit([](core::Chapter& chapter) {
    store::Write write;
    write.put_members.push_back(NewMember(chapter));
    write.put_members.push_back(NewMember(chapter));
    write.put_members.back().id = store::MemberId{{7}};  // Moved.
    return write;
  });
  const Ended ended = Doctor();
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out,
              HasSubstr("bad   records: 1 do not open; the first: " +
                        text::EncodeBase32(store::MemberId{{7}}.bytes)));
}

TEST_F(SodalitydRecordsTest, DoctorOpensEveryField) {
  Init();
  Commit([](core::Chapter& chapter) {
    store::Write write;
    write.put_members.push_back(NewMember(chapter));
    write.put_members.back().sealed.back() ^= 1;  // Of the last field.
    return write;
  });
  const Ended ended = Doctor();
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out, HasSubstr("bad   records: 1 do not open"));
}

TEST_F(SodalitydRecordsTest, DoctorSeesARecordCountedToAnotherVersion) {
  Init();
  Commit([](core::Chapter& chapter) {
    store::Write write;
    write.put_members.push_back(NewMember(chapter));
    write.put_members.back().wrap_version = 2;
    return write;
  });
  const Ended ended = Doctor();
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out, HasSubstr("bad   records: 1 do not open"));
}

TEST_F(SodalitydRecordsTest, DoctorTellsOfARotationThatHasNotEnded) {
  Init();
  Commit([](core::Chapter& chapter) {
    const core::Rotation rotation{.id = {{1}}, .from = 1, .to = 2};
    const auto keyring = chapter.keyring();
    const crypto::RowSealer sealer(chapter.info().id.bytes,
                                   *keyring->Active<crypto::StateKey>());
    store::Write write;
    write.put_rows.push_back(
        *core::SealFact(rotation, sealer, crypto::SystemRandom()));
    return write;
  });
  const Ended ended = Doctor();
  EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out,
              HasSubstr("note  keys: a rotation to wrap key version 2 has not "
                        "ended: the server goes on with it\n"));
}

}  // namespace
}  // namespace sodality::app
