// A whole chapter, store and ledger and keys, on one disk that can fail under
// both. Read next: scenario.h.
#ifndef SODALITY_TESTS_CHAPTER_CHAPTER_WORLD_H_
#define SODALITY_TESTS_CHAPTER_CHAPTER_WORLD_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/keyring_file.h"
#include "crypto/pki/authority.h"
#include "platform/clock.h"
#include "server/core/chapter.h"
#include "tests/core/cells.h"
#include "tests/faults/fault_disk.h"
#include "tests/scratch.h"

namespace sodality::core {

// What is in a folder, by path below it.
using Image = std::map<std::string, platform::Bytes>;

// Thread safety: as the chapter's; opening and closing, one thread. One at a
// time in a process, since SQLite's file layer is the process's.
class ChapterWorld final {
 public:
  // `random` makes ids; keys are always the system's.
  explicit ChapterWorld(crypto::Random& random = crypto::SystemRandom());
  ~ChapterWorld();

  // A log and segments so short that every few acts begin anew with them.
  absl::Status Open(bool create = false);
  void Close();  // In order: queued writes end, the log is folded in.

  // The chapter is closed.
  Image Snapshot() const;
  void Restore(const Image& image);

  faults::FaultDisk& disk() { return *disk_; }
  // The keyring's file as it stands, for the root key as it stands.
  absl::StatusOr<crypto::Keyring> ReadKeyring();
  // Whether the chapter's first root key still opens it.
  [[nodiscard]] bool FirstRootOpens() {
    return File().Load(roots_.front().key).ok();
  }
  Chapter& chapter() { return *chapter_; }
  [[nodiscard]] bool is_open() const { return chapter_ != nullptr; }
  platform::FakeClock& clock() { return clock_; }

  absl::StatusOr<Caller> FoundWithAdmin(const std::string& name);
  absl::StatusOr<Caller> Enrol(const Caller& admin, const std::string& name,
                               Role role);
  absl::StatusOr<Caller> Join(const InviteOutput& invite);

  absl::StatusOr<ProjectedMember> Get(const Caller& caller, GetQuery query);
  absl::StatusOr<SearchResult> Search(const Caller& caller, SearchQuery query);
  absl::StatusOr<RosterCounts> Push(const Caller& caller,
                                    const std::vector<Cells>& rows);

 private:
  crypto::KeyringFile File() {
    return {disk_->file_system(), folder_ + "/keyring"};
  }
  // In the folder, so that it is on the disk that fails.
  std::string RootKeyFile() const { return folder_ + "/root.key"; }

  const Scratch scratch_{Scratch::On::kMemory};
  const std::string folder_;
  const ChapterId chapter_id_{{1, 2, 3}};
  crypto::Random& random_;
  platform::FakeClock clock_{Timestamp{1'790'000'000'000}};
  pki::CertificateAuthority authority_;
  const std::vector<crypto::Root> roots_;
  std::optional<faults::FaultDisk> disk_;
  std::unique_ptr<Chapter> chapter_;
};

RequestId NewRequest();

// Numbers, chain and members' sequences are without gaps, each write has its
// entry, and the store is at the revision that the ledger names.
void ExpectWholeLedger(Chapter& chapter);

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CHAPTER_CHAPTER_WORLD_H_
