// Backups: what the chunks say, cut anywhere; and heads and chunks, sealed.
#include <optional>

#include "crypto/backup_file.h"
#include "crypto/sealed_keyring.h"
#include "server/core/backup/backup_reader.h"
#include "tests/core/backup/written_backup.h"
#include "tests/crypto/seeded_random.h"
#include "tests/fuzz/fuzz_input.h"

namespace sodality::core {
namespace {

using fuzz::Require;
using Bytes = std::vector<uint8_t>;

struct Sample {
  crypto::RootKey root;
  Bytes plain;
  Bytes head;
  Bytes chunk;
};

const Sample& Valid() {
  static const Sample* const sample = [] {
    crypto::SeededRandom random(1);
    const auto keyring =
        crypto::Keyring::Create({{1, 2}, {1, 8, 6}, {1000}}, random);
    auto root = crypto::RootKey::Generate(random);
    crypto::Root slots[] = {crypto::Root::FromKeyFile(root.Clone())};
    const auto sealed = crypto::SealKeyring(keyring, slots, random);
    Require(sealed.ok(), "a keyring seals");
    const auto opened = crypto::OpenKeyringToChange(*sealed, root);
    Require(opened.ok(), "a keyring opens");
    auto sealer =
        crypto::BackupSealer::Begin(*sealed, opened->resealer, random);
    Require(sealer.ok(), "a backup begins");
    Bytes plain = WriteBackup(SomeFiles());
    Bytes chunk = sealer->Seal(plain, /*last=*/true);
    return new Sample{std::move(root), std::move(plain), sealer->head(),
                      std::move(chunk)};
  }();
  return *sample;
}

constexpr auto kCodes = {absl::StatusCode::kDataLoss,
                         absl::StatusCode::kFailedPrecondition};

// Holds the reader to what its sink may rely on.
class CheckingSink final : public BackupSink {
 public:
  absl::Status Begin(const BackupFileHeader& file) override {
    Require(!left_.has_value(), "one file at a time");
    Require(KindOfBackupFile(file.name).has_value(), "a name of the known set");
    Require(file.name.find("..") == std::string::npos, "no way out");
    Require(file.length <= file.size, "no more bytes than its size");
    left_ = file.length;
    return absl::OkStatus();
  }
  absl::Status Write(std::span<const uint8_t> bytes) override {
    Require(left_.has_value() && !bytes.empty() && bytes.size() <= *left_,
            "no more bytes than were named");
    *left_ -= bytes.size();
    return absl::OkStatus();
  }
  absl::Status End() override {
    Require(left_ == 0U, "all of them");
    left_.reset();
    ++files_;
    return absl::OkStatus();
  }
  size_t files() const { return files_; }

 private:
  std::optional<uint64_t> left_;
  size_t files_ = 0;
};

absl::Status ReadInSteps(std::span<const uint8_t> bytes, size_t step) {
  CheckingSink sink;
  BackupReader reader(sink);
  while (!bytes.empty()) {
    const auto some = bytes.first(std::min(step, bytes.size()));
    if (auto s = reader.Add(some); !s.ok()) return s;
    bytes = bytes.subspan(some.size());
  }
  const auto manifest = reader.Finish();
  if (!manifest.ok()) return manifest.status();
  Require(manifest->files.size() == sink.files(), "every file is named");
  return absl::OkStatus();
}

// However they are cut, the same comes of them.
void Read(std::span<const uint8_t> bytes, size_t step) {
  const absl::Status whole = ReadInSteps(bytes, bytes.size() + 1);
  Require(whole == ReadInSteps(bytes, step), "a cut changes nothing");
  if (whole.ok()) return;
  // A name may be 200 bytes, and two of them stand in one text.
  Require(whole.message().size() < 600, "an error text is short");
  fuzz::RequireRefusal(absl::Status(whole.code(), ""), kCodes);
}

void OpenSealed(std::span<const uint8_t> head, std::span<const uint8_t> chunk) {
  auto opener = crypto::BackupOpener::Begin(head, Valid().root);
  if (!opener.ok()) {
    fuzz::RequireRefusal(
        opener.status(),
        {absl::StatusCode::kDataLoss, absl::StatusCode::kFailedPrecondition,
         absl::StatusCode::kPermissionDenied});
    return;
  }
  const auto opened = opener->Open(chunk, /*last=*/true);
  const bool valid = std::ranges::equal(head, Valid().head) &&
                     std::ranges::equal(chunk, Valid().chunk);
  Require(opened.ok() == valid, "only the valid backup opens");
  if (!opened.ok()) fuzz::RequireRefusal(opened.status(), kCodes);
}

}  // namespace
}  // namespace sodality::core

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using sodality::fuzz::Changed;
  namespace core = sodality::core;
  sodality::fuzz::FuzzInput input(data, size);
  const uint8_t mode = input.Byte();
  const size_t step = 1 + (mode >> 2U);
  switch (mode % 4) {
    case 0:
      core::Read(input.Rest(), step);
      break;
    case 1:
      core::Read(Changed(core::Valid().plain, input), step);
      break;
    case 2:
      core::OpenSealed(Changed(core::Valid().head, input), core::Valid().chunk);
      break;
    default:
      core::OpenSealed(core::Valid().head, Changed(core::Valid().chunk, input));
  }
  return 0;
}
