#include "server/app/tombstone_search.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "platform/file.h"
#include "server/app/named_file.h"
#include "server/core/tombstones/tombstones.h"

namespace sodality::app {
namespace {

struct TombstoneCopy {
  std::string path;
  platform::Bytes bytes;
  core::TombstoneContent content;
};

absl::StatusOr<TombstoneCopy> ReadCopy(const std::string& path,
                                       const core::TombstoneCodec& codec) {
  auto bytes = platform::ReadFile(platform::PosixFileSystem(), path,
                                  core::kMaxTombstoneFile);
  if (!bytes.ok()) return InFile(path, bytes.status());
  auto content = codec.Read(*bytes);
  if (!content.ok()) return InFile(path, content.status());
  return TombstoneCopy{path, *std::move(bytes), *std::move(content)};
}

platform::Timestamp EndOf(const TombstoneCopy& copy) {
  platform::Timestamp end;
  for (const auto& entry : copy.content.entries) {
    end = std::max(end, entry.time);
  }
  return end;
}

bool Begins(const TombstoneCopy& longer, const TombstoneCopy& shorter) {
  const auto length = static_cast<std::ptrdiff_t>(shorter.content.length);
  return longer.content.length >= shorter.content.length &&
         std::equal(shorter.bytes.begin(), shorter.bytes.begin() + length,
                    longer.bytes.begin());
}

// Of the backup's own: nothing for one that was made before there were any.
bool GoesOn(const TombstoneCopy& copy, const std::optional<TombstoneCopy>& own,
            platform::Timestamp backed_up) {
  if (!own) return EndOf(copy) > backed_up;
  return Begins(copy, *own) &&
         copy.content.chain.number > own->content.chain.number;
}

}  // namespace

absl::StatusOr<FoundTombstones> FindTombstones(
    const TombstoneQuery& query, const crypto::Keyring& keyring,
    const std::function<void(const std::string&)>& note) {
  const auto codec = core::TombstoneCodec::Create(keyring);
  if (!codec.ok()) return codec.status();
  std::optional<TombstoneCopy> own;
  auto read = ReadCopy(query.unpacked, *codec);
  if (read.ok()) {
    own = *std::move(read);
  } else if (!absl::IsNotFound(read.status())) {
    return read.status();
  }
  std::vector<TombstoneCopy> copies;
  for (const std::string& path : query.named) {
    auto copy = ReadCopy(path, *codec);
    if (!copy.ok()) return copy.status();
    copies.push_back(*std::move(copy));
  }
  const std::string beside = std::filesystem::path(query.backup_file)
                                 .replace_filename(core::kTombstoneFileName)
                                 .string();
  auto copy = ReadCopy(beside, *codec);
  if (copy.ok()) {
    copies.push_back(*std::move(copy));
  } else if (!absl::IsNotFound(copy.status())) {
    note(std::string(copy.status().message()) + ": it is left out");
  }
  FoundTombstones found;
  if (own) {
    for (const auto& entry : own->content.entries) found.ended.Add(entry);
  }
  for (const TombstoneCopy& one : copies) {
    for (const auto& entry : one.content.entries) found.ended.Add(entry);
    if (one.content.torn_bytes != 0) {
      note(one.path + ": its last " + std::to_string(one.content.torn_bytes) +
           " bytes are no whole entry: they are left out");
    }
    if (!GoesOn(one, own, query.backed_up)) {
      note(one.path +
           ": it does not go on where the backup's tombstones end; what it "
           "names ends, too");
    } else if (!found.newer || EndOf(one) > found.known_until) {
      found.newer = one.path;
      found.known_until = EndOf(one);
    }
  }
  return found;
}

}  // namespace sodality::app
