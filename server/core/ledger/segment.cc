#include "server/core/ledger/segment.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "crypto/byte_codec.h"
#include "server/core/byte_builder.h"

namespace sodality::core {
namespace {

constexpr std::string_view kFileMagic = "SODLEDG1";
constexpr size_t kFormatAt = 7;  // Of the magic: the format's digit.
constexpr std::string_view kGroupMagic = "SLG1";
constexpr size_t kGroupHeader = 24;  // Magic, entries, body size, first number.
constexpr size_t kNameDigits = 20;
constexpr size_t kZeros = 128 << 10;  // Ahead of the last group.

uint64_t RoundUp(uint64_t bytes) {
  return (bytes + kBlock - 1) / kBlock * kBlock;
}

struct Group {
  uint32_t entries = 0;
  uint64_t body = 0;
  uint64_t first_number = 0;
};

// The group header at `at`, when one stands there.
std::optional<Group> ReadGroup(std::span<const uint8_t> bytes, uint64_t at) {
  if (at + kGroupHeader > bytes.size()) return std::nullopt;
  crypto::ByteReader in(bytes.subspan(at, kGroupHeader));
  if (crypto::AsText(in.GetBytes(kGroupMagic.size())) != kGroupMagic) {
    return std::nullopt;
  }
  Group group;
  group.entries = in.Get<uint32_t>();
  group.body = in.Get<uint64_t>();
  group.first_number = in.Get<uint64_t>();
  return group;
}

// A group appended later than entry `number` proves that what stands before it
// was durable once.
bool LaterGroup(std::span<const uint8_t> bytes, uint64_t from,
                uint64_t number) {
  for (uint64_t at = RoundUp(from); at < bytes.size(); at += kBlock) {
    const auto group = ReadGroup(bytes, at);
    if (group && group->first_number > number) return true;
  }
  return false;
}

absl::Status CheckMagic(std::string_view magic, const std::string& name) {
  if (magic == kFileMagic) return absl::OkStatus();
  if (magic.substr(0, kFormatAt) == kFileMagic.substr(0, kFormatAt) &&
      magic[kFormatAt] > kFileMagic[kFormatAt] && magic[kFormatAt] <= '9') {
    return absl::FailedPreconditionError(absl::StrCat(
        "the ledger's file ", name, " has format ",
        std::string(magic.substr(kFormatAt)), " (newer than this program?)"));
  }
  return absl::DataLossError("the ledger's file " + name + " is damaged");
}

absl::Status Lost(uint64_t number) {
  return absl::DataLossError(
      absl::StrCat("entry ", number, " of the ledger is damaged or missing"));
}

// The entries of the group whose header stands at `at`.
absl::StatusOr<SealedGroup> ParseGroup(std::span<const uint8_t> bytes,
                                       uint64_t at, const Group& group) {
  if (group.body > bytes.size() - at - kGroupHeader) {
    return Lost(group.first_number);
  }
  const uint64_t start = at + kGroupHeader;
  crypto::ByteReader in(bytes.subspan(start, group.body));
  SealedGroup sealed;
  sealed.first_number = group.first_number;
  for (uint32_t i = 0; i < group.entries; ++i) {
    const uint32_t size = in.Get<uint32_t>();
    const uint64_t offset = start + group.body - in.left();
    sealed.blobs.push_back(in.GetBytes(size));
    sealed.places.push_back({offset, size});
    if (!in.ok()) return Lost(group.first_number + i);
  }
  if (!in.AtEnd()) return Lost(group.first_number);
  return sealed;
}

}  // namespace

std::string Segment::Name(uint64_t first_number) {
  return absl::StrFormat("seg-%020d", first_number);
}

bool Segment::IsName(const std::string& name) {
  return name.size() == 4 + kNameDigits && name.starts_with("seg-") &&
         std::all_of(name.begin() + 4, name.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

absl::StatusOr<Segment> Segment::Create(platform::FileSystem& fs,
                                        const std::string& folder,
                                        uint64_t first_number, uint64_t bytes) {
  const std::string path = folder + "/" + Name(first_number);
  // A name of its own until it is whole: a kill in between leaves no segment.
  const std::string fresh = path + ".new";
  (void)fs.Remove(fresh);
  auto file = fs.Open(fresh, /*create=*/true);
  if (!file.ok()) return file.status();
  ByteBuilder header;
  header.Raw(crypto::AsBytes(kFileMagic)).Put(first_number);
  absl::Status s = (*file)->Allocate(bytes);
  if (s.ok()) s = (*file)->WriteAt(0, header.bytes());
  if (s.ok()) s = (*file)->Sync();
  if (s.ok()) s = fs.Rename(fresh, path);
  if (s.ok()) s = fs.SyncFolder(folder);
  if (!s.ok()) {
    (void)fs.Remove(fresh);  // The first error is the one to tell.
    return s;
  }
  return Segment(*std::move(file), first_number, bytes);
}

absl::StatusOr<Segment> Segment::Open(platform::FileSystem& fs,
                                      const std::string& folder,
                                      const std::string& name) {
  auto file = fs.Open(folder + "/" + name, /*create=*/false);
  if (!file.ok()) return file.status();
  auto size = (*file)->Size();
  if (!size.ok()) return size.status();
  auto bytes = (*file)->ReadAt(0, kFileMagic.size() + sizeof(uint64_t));
  if (!bytes.ok()) return bytes.status();
  crypto::ByteReader in(*bytes);
  const auto magic = in.GetBytes(kFileMagic.size());
  const uint64_t first = in.Get<uint64_t>();
  if (auto s = CheckMagic(crypto::AsText(magic), name); !s.ok()) return s;
  if (!in.ok() || Name(first) != name) {
    return absl::DataLossError("the ledger's file " + name + " is damaged");
  }
  return Segment(*std::move(file), first, *size);
}

absl::Status Segment::Scan(bool last, const Visit& visit) {
  auto read = file_->ReadAt(0, size_);
  if (!read.ok()) return read.status();
  const std::span<const uint8_t> bytes(*read);
  uint64_t next = first_number_;
  end_ = kBlock;
  while (const auto group = ReadGroup(bytes, end_)) {
    auto sealed = group->first_number == next
                      ? ParseGroup(bytes, end_, *group)
                      : absl::StatusOr<SealedGroup>(Lost(next));
    const absl::Status s = sealed.ok() ? visit(*sealed) : sealed.status();
    if (!s.ok()) {
      // A newer format or key is no torn append: it stays for who can read it.
      if (!absl::IsDataLoss(s) || !last || LaterGroup(bytes, end_, next)) {
        return s;
      }
      NoteTorn(bytes);
      return absl::OkStatus();
    }
    next += group->entries;
    end_ = RoundUp(end_ + kGroupHeader + group->body);
  }
  if (LaterGroup(bytes, end_, next)) return Lost(next);
  if (last) NoteTorn(bytes);
  return absl::OkStatus();
}

void Segment::NoteTorn(std::span<const uint8_t> bytes) {
  const auto tail = bytes.subspan(std::min<uint64_t>(end_, bytes.size()));
  const auto last = std::find_if(tail.rbegin(), tail.rend(),
                                 [](uint8_t byte) { return byte != 0; });
  torn_ = static_cast<uint64_t>(tail.rend() - last);
}

absl::Status Segment::DropTorn() {
  if (torn_ == 0) return absl::OkStatus();
  const platform::Bytes zeros(torn_, 0);
  if (auto s = file_->WriteAt(end_, zeros); !s.ok()) return s;
  if (auto s = file_->Sync(); !s.ok()) return s;
  torn_ = 0;
  return absl::OkStatus();
}

uint64_t Segment::GroupBytes(uint64_t body) {
  return RoundUp(kGroupHeader + body);
}

uint64_t Segment::EndOf(FramePlace place) {
  return RoundUp(place.offset + place.size);
}

absl::StatusOr<std::vector<FramePlace>> Segment::Append(
    uint64_t first_number, std::span<const store::Bytes> blobs) {
  uint64_t body = 0;
  for (const store::Bytes& blob : blobs) body += FrameBytes(blob);
  const uint64_t padded = GroupBytes(body);
  platform::Bytes out(padded, 0);
  crypto::ByteWriter writer(out);
  writer.PutBytes(crypto::AsBytes(kGroupMagic));
  writer.Put(static_cast<uint32_t>(blobs.size()));
  writer.Put(body);
  writer.Put(first_number);
  std::vector<FramePlace> places;
  for (const store::Bytes& blob : blobs) {
    writer.Put(static_cast<uint32_t>(blob.size()));
    places.push_back(
        {end_ + writer.written(), static_cast<uint32_t>(blob.size())});
    writer.PutBytes(blob);
  }
  if (auto s = file_->WriteAt(end_, out); !s.ok()) return s;
  if (auto s = WriteZerosBehind(end_ + padded); !s.ok()) return s;
  if (auto s = file_->Sync(); !s.ok()) return s;
  end_ += padded;
  return places;
}

absl::Status Segment::WriteZerosBehind(uint64_t end) {
  if (end <= zeros_end_) return absl::OkStatus();
  static const platform::Bytes zeros(kZeros, 0);
  const auto some =
      std::span(zeros).first(std::min<uint64_t>(kZeros, size_ - end));
  const absl::Status s = file_->WriteAt(end, some);
  const bool full = absl::IsResourceExhausted(s);
  zeros_end_ = full ? size_ : end + some.size();
  return full ? absl::OkStatus() : s;
}

absl::StatusOr<store::Bytes> Segment::Read(FramePlace place) {
  return file_->ReadAt(place.offset, place.size);
}

}  // namespace sodality::core
