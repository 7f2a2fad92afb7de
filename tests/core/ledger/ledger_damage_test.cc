// Every way in which the files can be other than they were written.
#include <fstream>
#include <iterator>

#include "server/core/ledger/entry_codec.h"
#include "server/core/ledger/segment.h"
#include "tests/core/ledger/ledger_fixture.h"

namespace sodality::core {
namespace {

using testing::HasSubstr;

class LedgerDamageTest : public LedgerFixture {
 protected:
  std::string PathOf(size_t index) const {
    return folder_ + "/" + platform::PosixFileSystem().List(folder_)->at(index);
  }
  static std::string Load(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void Save(const std::string& path, const std::string& bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  // One group an entry, 1 KiB or so each.
  void WriteEntries(int count) {
    segment_bytes_ = 16 * 1024;
    ASSERT_TRUE(Create().ok());
    for (int i = 0; i < count; ++i) ASSERT_TRUE(Release(Look({0})).ok());
    ledger_.reset();
  }
  // Where the group after `from` begins; npos when there is none.
  static size_t GroupAfter(const std::string& bytes, size_t from) {
    for (size_t at = from; at < bytes.size(); at += kBlockBytes) {
      if (bytes.compare(at, 4, "SLG1") == 0) return at;
    }
    return std::string::npos;
  }
  static constexpr size_t kBlockBytes = 512;
  static constexpr size_t kGroup = 4 * kBlockBytes;  // More than one entry's.
};

TEST_F(LedgerDamageTest, FlippedByteInAnEarlierGroupIsNamed) {
  WriteEntries(3);
  const std::string path = PathOf(0);
  const std::string whole = Load(path);
  const size_t second = GroupAfter(whole, 2 * kBlockBytes);
  const size_t third = GroupAfter(whole, second + kBlockBytes);
  ASSERT_NE(third, std::string::npos);
  int refused = 0;
  for (size_t at = second; at < third; ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x40);
    Save(path, flipped);
    const absl::Status s = Reopen();
    if (s.ok()) {
      // Only the padding behind a group may differ, and it changes nothing.
      EXPECT_EQ(ledger_->head().number, 3u) << at;
      continue;
    }
    ++refused;
    EXPECT_THAT(std::string(s.message()), HasSubstr("ledger")) << at;
    EXPECT_EQ(Load(path), flipped) << "the damaged file is kept";
  }
  EXPECT_GT(refused, 400);
}

TEST_F(LedgerDamageTest, TornLastGroupIsDroppedAndWritingGoesOn) {
  WriteEntries(2);
  const std::string path = PathOf(0);
  std::string bytes = Load(path);
  const size_t last = GroupAfter(bytes, 2 * kBlockBytes);
  ASSERT_NE(last, std::string::npos);
  for (size_t kept : {size_t{0}, size_t{4}, size_t{100}, size_t{512}}) {
    std::string torn = bytes;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(last + kept),
              torn.end(), '\0');
    Save(path, torn);
    ASSERT_TRUE(Reopen().ok()) << kept;
    EXPECT_EQ(ledger_->head().number, 1u);
    EXPECT_EQ(*Release(Look({1})), 2u);
    ASSERT_TRUE(Reopen().ok());
    ExpectWhole();
    ledger_.reset();
  }
}

TEST_F(LedgerDamageTest, LostFirstBlockOfATornGroupLeavesNoRemains) {
  WriteEntries(2);
  const std::string path = PathOf(0);
  std::string bytes = Load(path);
  const size_t last = GroupAfter(bytes, 2 * kBlockBytes);
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(last), kBlockBytes,
              '\0');
  Save(path, bytes);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, 1u);
  ASSERT_EQ(*Release(Look({0})), 2u);
  ledger_.reset();
  const std::string after = Load(path);
  EXPECT_EQ(after.find_first_not_of('\0', GroupAfter(after, last) + kGroup),
            std::string::npos);
}

// Whoever finds that more is wrong, and does not serve, has changed nothing.
TEST_F(LedgerDamageTest, ATornEndStaysUntilAnEntryIsAppended) {
  WriteEntries(2);
  const std::string path = PathOf(0);
  std::string bytes = Load(path);
  const size_t last = GroupAfter(bytes, 2 * kBlockBytes);
  bytes[last + 100] = static_cast<char>(bytes[last + 100] ^ 1);
  Save(path, bytes);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->head().number, 1u);
  EXPECT_EQ(ledger_->torn_bytes(), bytes.find_last_not_of('\0') + 1 - last);
  ledger_.reset();
  EXPECT_EQ(Load(path), bytes);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(*Release(Look({1})), 2u);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(ledger_->torn_bytes(), 0u);
  ExpectWhole();
}

// The next entry opens a new segment; the old one must be whole by then.
TEST_F(LedgerDamageTest, ATornEndOfAFullSegmentIsDroppedToo) {
  segment_bytes_ = 2048;
  ASSERT_TRUE(Create().ok());
  std::string path = PathOf(0);
  std::string before = Load(path);
  // Until the first segment has taken its last.
  while (std::filesystem::exists(path) &&
         platform::PosixFileSystem().List(folder_)->size() == 1) {
    before = Load(path);
    ASSERT_TRUE(Release(Look({0})).ok());
  }
  ledger_.reset();
  std::filesystem::remove(PathOf(1));
  const size_t end = before.find_last_not_of('\0') + 1;
  const size_t at = (end + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
  ASSERT_LT(at, before.size());
  before[at] = 'S';
  Save(path, before);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_GT(ledger_->torn_bytes(), 0u);
  ASSERT_TRUE(Release(Look({0})).ok());
  ASSERT_TRUE(Reopen().ok());
  ExpectWhole();
}

TEST_F(LedgerDamageTest, GroupCutOutOfTheMiddleIsNamed) {
  WriteEntries(3);
  const std::string path = PathOf(0);
  std::string bytes = Load(path);
  const size_t second = GroupAfter(bytes, 2 * kBlockBytes);
  const size_t third = GroupAfter(bytes, second + kBlockBytes);
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(second),
            bytes.begin() + static_cast<std::ptrdiff_t>(third), '\0');
  Save(path, bytes);
  const absl::Status s = Reopen();
  EXPECT_EQ(s.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(s.message()), HasSubstr("entry 2"));
}

TEST_F(LedgerDamageTest, GroupMovedForwardIsNamed) {
  WriteEntries(3);
  const std::string path = PathOf(0);
  std::string bytes = Load(path);
  const size_t first = kBlockBytes;
  const size_t second = GroupAfter(bytes, 2 * kBlockBytes);
  const size_t third = GroupAfter(bytes, second + kBlockBytes);
  bytes.erase(first, second - first);
  bytes.append(second - first, '\0');
  ASSERT_GT(third, second);
  Save(path, bytes);
  EXPECT_EQ(Reopen().code(), absl::StatusCode::kDataLoss);
}

TEST_F(LedgerDamageTest, MissingSegmentIsNamed) {
  segment_bytes_ = 2048;
  ASSERT_TRUE(Create().ok());
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(Release(Look({0})).ok());
  ledger_.reset();
  ASSERT_TRUE(std::filesystem::remove(PathOf(1)));
  const absl::Status s = Reopen();
  EXPECT_EQ(s.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(s.message()), HasSubstr("entry"));
}

TEST_F(LedgerDamageTest, LedgerOfAnotherKeyringDoesNotOpen) {
  WriteEntries(2);
  const std::string before = Load(PathOf(0));
  keyring_ = std::make_shared<const crypto::Keyring>(crypto::Keyring::Create(
      {.chapter_id = {9}, .index = {}, .now = {}}, crypto::SystemRandom()));
  EXPECT_FALSE(Reopen().ok());
  EXPECT_EQ(Load(PathOf(0)), before);
}

// What a newer program wrote is durable, and not a torn append.
TEST_F(LedgerDamageTest, LastEntryOfANewerFormatIsRefusedAndKept) {
  WriteEntries(1);
  const std::string path = PathOf(0);
  {
    ASSERT_TRUE(Reopen().ok());
    EntryHeader header = ledger_->Read(1)->header;
    header.number = 2;
    header.previous = ledger_->head().leaf;
    header.parts.clear();
    ledger_.reset();
    Entry entry = MakeEntry(header, {});
    entry.canonical[0] = 2;
    const auto sealer = EntrySealer::Create(keyring_, crypto::SystemRandom());
    auto segment =
        Segment::Open(platform::PosixFileSystem(), folder_, Segment::Name(1));
    ASSERT_TRUE(
        segment->Scan(true, [](const auto&) { return absl::OkStatus(); }).ok());
    const std::vector<store::Bytes> blobs{*(*sealer)->Seal(entry)};
    ASSERT_TRUE(segment->Append(2, blobs).ok());
  }
  const std::string written = Load(path);
  EXPECT_EQ(Reopen(), absl::FailedPreconditionError(
                          "entry 2 of the ledger: a ledger entry has format 2 "
                          "(newer than this program?)"));
  EXPECT_TRUE(Load(path) == written);  // Unprinted: it is long.
}

TEST_F(LedgerDamageTest, FileOfANewerFormatIsRefusedByName) {
  WriteEntries(1);
  std::string bytes = Load(PathOf(0));
  bytes[7] = '2';
  Save(PathOf(0), bytes);
  const absl::Status s = Reopen();
  EXPECT_EQ(s.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(s.message()), HasSubstr("has format 2 (newer"));
}

TEST_F(LedgerDamageTest, EmptyFolderIsNotTakenForANewLedger) {
  ASSERT_TRUE(platform::MakeFolder(folder_).ok());
  EXPECT_EQ(Reopen().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace sodality::core
