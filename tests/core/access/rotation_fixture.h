// A chapter whose keys are rotated step by step.
#ifndef SODALITY_TESTS_CORE_ACCESS_ROTATION_FIXTURE_H_
#define SODALITY_TESTS_CORE_ACCESS_ROTATION_FIXTURE_H_

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/core/member.h"
#include "server/core/members.h"
#include "tests/core/access/chapter_fixture.h"

namespace sodality::core {

class RotationFixture : public ChapterFixture {
 protected:
  void SetUp() override { SetUpAdmin(); }

  absl::Status Restart() { return Open(/*create=*/false); }
  KeyRotation& rotation() { return chapter_->key_rotation(); }
  absl::StatusOr<Rotation> Start(RotationWork work = RotationWork::kRewrap) {
    return rotation().Start(admin_, work, NewRequest());
  }
  // Until nothing is left to do.
  absl::Status Run() {
    for (int steps = 0; steps < 50; ++steps) {
      const auto worked = rotation().Step();
      if (!worked.ok()) return worked.status();
      if (!*worked) return absl::OkStatus();
    }
    return absl::DeadlineExceededError("the rotation does not end");
  }

  // Sealed as a write would be that begins now.
  std::vector<store::PutMember> Seal(size_t members) {
    const Members all = *Members::Create(chapter_->directory_parts());
    std::vector<store::PutMember> puts;
    for (size_t i = 0; i < members; ++i) {
      Member member = Member::New(crypto::SystemRandom());
      const FieldSpec& name = *chapter_->schema().Find("given_name");
      member.Set(name.id,
                 ValueList::Encode(std::array<std::string_view, 1>{"Nadia"}));
      const std::string id = text::EncodeBase32(member.id.bytes);
      member.Set(chapter_->schema().unique_field()->id,
                 ValueList::Encode(std::array<std::string_view, 1>{id}));
      puts.push_back(*all.sealer().Seal(member));
    }
    return puts;
  }
  absl::Status Put(const std::vector<store::PutMember>& puts) {
    absl::Status status;
    for (size_t at = 0; at < puts.size() && status.ok();) {
      store::Write write;
      for (; at < puts.size() && write.put_members.size() < 1000; ++at) {
        write.put_members.push_back(puts[at]);
      }
      status = chapter_->directory_parts()
                   .committer
                   .Commit(std::move(write), {.action = Action::kPushRoster})
                   .status();
    }
    return status;
  }

  std::vector<std::pair<uint32_t, uint64_t>> Counts() {
    return chapter_->store().Counts()->members_by_wrap_version;
  }
  // How many of all members open.
  size_t Opened() {
    const Members all = *Members::Create(chapter_->directory_parts());
    size_t opened = 0;
    std::optional<MemberId> after;
    while (true) {
      auto page = *chapter_->store().Find({}, after, 1000);
      if (page.empty()) return opened;
      after = page.back().id;
      for (store::MemberRecord& record : page) {
        if (all.sealer().Open(std::move(record)).ok()) ++opened;
      }
    }
  }
  // What the ledger says of keys, oldest first.
  std::vector<std::string> KeyActs() {
    std::vector<std::string> acts;
    for (uint64_t n = 1; n <= chapter_->ledger().head().number; ++n) {
      const EntryHeader header = chapter_->ledger().Read(n)->header;
      if (header.action < Action::kRotateKey) continue;
      const auto subject = ReadKeySubject(header.subject);
      EXPECT_TRUE(subject);
      acts.push_back(std::string(ActionName(header.action)) + " " +
                     std::to_string(subject->version));
    }
    return acts;
  }
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_ACCESS_ROTATION_FIXTURE_H_
