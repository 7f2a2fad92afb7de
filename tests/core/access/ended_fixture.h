// A chapter that is put back as it was, beside what its tombstones said when
// it was lost.
#ifndef SODALITY_TESTS_CORE_ACCESS_ENDED_FIXTURE_H_
#define SODALITY_TESTS_CORE_ACCESS_ENDED_FIXTURE_H_

#include <filesystem>
#include <string>
#include <vector>

#include "tests/core/access/rotation_fixture.h"

namespace sodality::core {

class EndedFixture : public RotationFixture {
 protected:
  static constexpr store::IdBytes kBackup = {4, 2};

  std::string path() const { return folder_ + "/tombstones"; }
  std::string before() const { return scratch_ / "before"; }

  absl::StatusOr<TombstoneContent> Content() {
    const auto bytes =
        platform::ReadFile(platform::PosixFileSystem(), path(), 1 << 20);
    if (!bytes.ok()) return bytes.status();
    return TombstoneCodec::Create(keyring_)->Read(*bytes);
  }
  Ended Recorded() {
    Ended ended;
    const auto content = Content();
    EXPECT_TRUE(content.ok()) << content.status();
    if (!content.ok()) return ended;
    for (const auto& entry : content->entries) ended.Add(entry);
    return ended;
  }

  std::vector<MemberId> Members(size_t count) {
    std::vector<MemberId> ids;
    const auto puts = Seal(count);
    EXPECT_TRUE(Put(puts).ok());
    for (const auto& put : puts) ids.push_back(put.id);
    return ids;
  }
  absl::Status Erase(const MemberId& member) {
    return chapter_->directory().Erase(admin_, member, std::nullopt,
                                       NewRequest());
  }
  bool Named(const Ended& ended, const MemberId& member) {
    const auto row = chapter_->directory_parts().suppressions.RowId(member);
    return ended.Holds({EndedKind::kErased, row});
  }
  bool IsThere(const MemberId& member) {
    return chapter_->store().Get(member).ok();
  }

  absl::Status Suspend(std::string_view name, bool lift = false) {
    return chapter_->access_control().SuspendPrincipal(admin_, name, lift,
                                                       NewRequest());
  }

  // The folder as it is, and again as it was.
  void BackUp() {
    chapter_.reset();
    std::filesystem::copy(folder_, before(),
                          std::filesystem::copy_options::recursive);
    ASSERT_TRUE(Restart().ok());
  }
  // What the file said when that was lost.
  Ended PutBack() {
    chapter_.reset();
    const Ended ended = Recorded();
    std::filesystem::remove_all(folder_);
    std::filesystem::copy(before(), folder_,
                          std::filesystem::copy_options::recursive);
    EXPECT_TRUE(Restart().ok());
    return ended;
  }
  absl::StatusOr<RestoreOutput> Declare(const Ended& ended,
                                        const std::string& admin = "") {
    return chapter_->access_control().DeclareRestored(
        {.backup = kBackup,
         .ended = ended,
         .keep_access = admin.empty(),
         .admin = admin});
  }
  absl::Status Live(const Caller& caller) {
    return chapter_->access().CheckLive(caller.principal, caller.device,
                                        clock_.Now());
  }
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_ACCESS_ENDED_FIXTURE_H_
