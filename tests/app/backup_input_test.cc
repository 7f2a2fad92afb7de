#include "server/app/backup_input.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/backup_file.h"
#include "crypto/byte_codec.h"
#include "crypto/secret.h"
#include "tests/scratch.h"

namespace sodality::app {
namespace {

using crypto::kSealedBackupChunk;

// A head with a keyring of three bytes.
std::string Head() {
  std::string head = "sodality-backup\n\1\1" + std::string(16, 'i');
  head += crypto::AsText(crypto::LittleEndian(uint32_t{3}));
  return head + "key";
}

TEST(BackupInputTest, TheLastChunkIsTheOneBehindWhichNothingStands) {
  const Scratch scratch;
  for (const size_t rest :
       {size_t{1}, kSealedBackupChunk - 1, kSealedBackupChunk,
        kSealedBackupChunk + 1, 2 * kSealedBackupChunk,
        2 * kSealedBackupChunk + 7}) {
    const std::string body(rest, 'c');
    auto input = BackupInput::Open(scratch.Write("backup", Head() + body));
    ASSERT_TRUE(input.ok()) << input.status();
    const auto head = input->ReadHead();
    ASSERT_TRUE(head.ok()) << head.status();
    EXPECT_EQ(crypto::AsText(*head), Head());
    std::string read;
    for (bool last = false; !last;) {
      const auto chunk = input->ReadChunk();
      ASSERT_TRUE(chunk.ok()) << chunk.status();
      EXPECT_EQ(chunk->offset, Head().size() + read.size());
      read += crypto::AsText(chunk->bytes);
      last = chunk->last;
      EXPECT_EQ(last, read.size() == rest);
      if (!last) {
        EXPECT_EQ(chunk->bytes.size(), kSealedBackupChunk);
      }
    }
    EXPECT_EQ(read, body);
  }
}

TEST(BackupInputTest, AHeadThatIsCutOffAnywhere) {
  const Scratch scratch;
  for (size_t size = 0; size < Head().size(); ++size) {
    auto input =
        BackupInput::Open(scratch.Write("backup", Head().substr(0, size)));
    ASSERT_TRUE(input.ok()) << input.status();
    EXPECT_EQ(input->ReadHead().status().code(), absl::StatusCode::kDataLoss)
        << size;
  }
}

TEST(BackupInputTest, NothingBehindTheHead) {
  const Scratch scratch;
  auto input = BackupInput::Open(scratch.Write("backup", Head()));
  ASSERT_TRUE(input->ReadHead().ok());
  EXPECT_EQ(input->ReadChunk().status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace sodality::app
