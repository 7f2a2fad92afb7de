// The ledger's segments, sealed entries, and the headers below the seal.
#include <memory>

#include "server/core/ledger/entry_codec.h"
#include "server/core/ledger/segment.h"
#include "tests/crypto/seeded_random.h"
#include "tests/fuzz/fuzz_input.h"

namespace sodality::core {
namespace {

using fuzz::Require;
using store::Bytes;

constexpr uint64_t kNumber = 7;

// One file in memory, whatever its name.
struct MemoryDisk final : platform::FileSystem {
  struct Open final : platform::File {
    explicit Open(Bytes& bytes) : content(bytes) {}
    absl::Status WriteAt(uint64_t offset,
                         std::span<const uint8_t> data) override {
      content.resize(std::max<size_t>(content.size(), offset + data.size()));
      std::copy(data.begin(), data.end(),
                content.begin() + static_cast<ptrdiff_t>(offset));
      return absl::OkStatus();
    }
    absl::StatusOr<Bytes> ReadAt(uint64_t offset, size_t size) override {
      const auto all = std::span<const uint8_t>(content);
      const auto from = all.subspan(std::min<size_t>(offset, all.size()));
      const auto read = from.first(std::min(size, from.size()));
      return Bytes(read.begin(), read.end());
    }
    absl::Status Sync() override { return absl::OkStatus(); }
    absl::Status Allocate(uint64_t) override { return absl::OkStatus(); }
    absl::StatusOr<uint64_t> Size() override { return content.size(); }
    Bytes& content;
  };

  absl::StatusOr<std::unique_ptr<platform::File>> Open(const std::string&,
                                                       bool) override {
    return std::make_unique<struct Open>(content);
  }
  absl::Status Rename(const std::string&, const std::string&) override {
    return absl::OkStatus();
  }
  absl::Status Remove(const std::string&) override { return absl::OkStatus(); }
  absl::Status SyncFolder(const std::string&) override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<std::string>> List(const std::string&) override {
    return std::vector<std::string>{};
  }

  Bytes content;
};

struct Scanned {
  absl::Status status;
  std::vector<Bytes> blobs;
};

Scanned Scan(Segment& segment, const MemoryDisk& disk, bool last) {
  Scanned scanned;
  uint64_t next = segment.first_number();
  scanned.status = segment.Scan(last, [&](const SealedGroup& group) {
    Require(group.first_number == next, "groups follow each other");
    Require(group.blobs.size() == group.places.size(), "a place for each");
    for (size_t i = 0; i < group.blobs.size(); ++i) {
      const auto [offset, size] = group.places[i];
      Require(offset + size <= disk.content.size(), "places lie in the file");
      Require(size == group.blobs[i].size(), "a place has its blob's size");
      scanned.blobs.emplace_back(group.blobs[i].begin(), group.blobs[i].end());
    }
    next += group.blobs.size();
    return absl::OkStatus();
  });
  return scanned;
}

// A crash leaves any tail: what a scan let stand, a second one finds again,
// and what is appended then.
void CheckSegment(std::span<const uint8_t> groups) {
  MemoryDisk disk;
  auto segment = Segment::Create(disk, "", kNumber, 0);
  Require(segment.ok(), "a segment is made");
  disk.content.resize(kBlock);
  disk.content.insert(disk.content.end(), groups.begin(), groups.end());
  segment = Segment::Open(disk, "", Segment::Name(kNumber));
  Require(segment.ok(), "a segment opens");
  Scanned first = Scan(*segment, disk, /*last=*/true);
  if (!first.status.ok()) {
    return fuzz::RequireRefusal(first.status, {absl::StatusCode::kDataLoss});
  }
  const Bytes blob = {1, 2, 3};
  Require(segment->DropTorn().ok(), "a torn end is dropped");
  Require(
      segment->Append(kNumber + first.blobs.size(), std::span(&blob, 1)).ok(),
      "an append is taken");
  first.blobs.push_back(blob);
  segment = Segment::Open(disk, "", Segment::Name(kNumber));
  const Scanned second = Scan(*segment, disk, /*last=*/false);
  Require(second.status.ok() && second.blobs == first.blobs,
          "a mended segment holds what it held, and what came after");
}

void CheckHeader(std::span<const uint8_t> bytes) {
  const auto header = DecodeHeader(bytes);
  if (!header.ok()) {
    return fuzz::RequireRefusal(
        header.status(),
        {absl::StatusCode::kDataLoss, absl::StatusCode::kFailedPrecondition});
  }
  Require(std::ranges::equal(EncodeHeader(*header), bytes),
          "a header has one encoding");
}

EntryHeader SampleHeader() {
  EntryHeader header;
  header.number = kNumber;
  header.time = {1'700'000'000'000};
  header.revision = 3;
  header.actor = {{4}};
  header.parts = {{{{5}}, 1, {6}}, {{{7}}, 2, {8}}};
  return header;
}

struct Sample {
  crypto::SeededRandom random{1};
  std::unique_ptr<EntrySealer> sealer;
  Bytes sealed;
};

const Sample& Valid() {
  static const Sample* const sample = [] {
    auto* made = new Sample;
    made->sealer = *EntrySealer::Create(
        std::make_shared<const crypto::Keyring>(
            crypto::Keyring::Create({{1}, {1, 8, 6}, {1000}}, made->random)),
        made->random);
    made->sealed =
        *made->sealer->Seal(MakeEntry(SampleHeader(), {{1, 2}, {3}}));
    return made;
  }();
  return *sample;
}

void CheckSealed(std::span<const uint8_t> bytes) {
  const auto entry = Valid().sealer->Open(kNumber, bytes);
  Require(entry.ok() == std::ranges::equal(bytes, Valid().sealed),
          "only the valid entry opens");
  Require(!Valid().sealer->Open(kNumber + 1, bytes).ok(),
          "an entry opens under its own number alone");
  if (entry.ok()) return;
  fuzz::RequireRefusal(entry.status(), {absl::StatusCode::kDataLoss,
                                        absl::StatusCode::kFailedPrecondition});
}

}  // namespace
}  // namespace sodality::core

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace core = sodality::core;
  using sodality::fuzz::Changed;
  sodality::fuzz::FuzzInput input(data, size);
  switch (input.Byte() % 5) {
    case 0:
      core::CheckHeader(input.Rest());
      break;
    case 1:
      core::CheckHeader(
          Changed(core::EncodeHeader(core::SampleHeader()), input));
      break;
    case 2:
      core::CheckSealed(input.Rest());
      break;
    case 3:
      core::CheckSealed(Changed(core::Valid().sealed, input));
      break;
    default:
      core::CheckSegment(input.Rest());
  }
  return 0;
}
