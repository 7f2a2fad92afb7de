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

void AddAll(const TombstoneCopy& copy, core::Ended& ended) {
  for (const auto& entry : copy.content.entries) ended.Add(entry);
}

std::string Torn(const TombstoneCopy& copy) {
  return copy.path + ": its last " + std::to_string(copy.content.torn_bytes) +
         " bytes are no whole entry: what the others name ends, and it does "
         "not say all";
}

// What is of no use is said, and keeps nobody from restoring.
absl::Status AddBeside(const TombstoneQuery& query,
                       const core::TombstoneCodec& codec,
                       const std::function<void(const std::string&)>& note,
                       core::Ended& ended) {
  const std::string path = std::filesystem::path(query.backup_file)
                               .replace_filename(core::kTombstoneFileName)
                               .string();
  const auto copy = ReadCopy(path, codec);
  if (absl::IsNotFound(copy.status())) return absl::OkStatus();
  if (!copy.ok()) {
    note(std::string(copy.status().message()) + ": it is left out");
    return absl::OkStatus();
  }
  AddAll(*copy, ended);
  if (copy->content.torn_bytes != 0) note(Torn(*copy));
  const bool named = std::find(query.named.begin(), query.named.end(), path) !=
                     query.named.end();
  if (!named) {
    note(path +
         ": what it names ends; whoever else is to keep access needs it "
         "named with --tombstones");
  }
  return absl::OkStatus();
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
  FoundTombstones found;
  if (own) AddAll(*own, found.ended);
  std::vector<TombstoneCopy> newer;
  for (const std::string& path : query.named) {
    auto copy = ReadCopy(path, *codec);
    if (!copy.ok()) return copy.status();
    AddAll(*copy, found.ended);
    if (copy->content.torn_bytes != 0) {
      note(Torn(*copy));
    } else if (GoesOn(*copy, own, query.backed_up)) {
      newer.push_back(*std::move(copy));
    } else {
      note(path +
           ": it does not go on where the backup's tombstones end; what it "
           "names ends, too");
    }
  }
  if (auto s = AddBeside(query, *codec, note, found.ended); !s.ok()) return s;
  const auto longest = std::max_element(
      newer.begin(), newer.end(), [](const auto& one, const auto& other) {
        return one.content.length < other.content.length;
      });
  if (longest == newer.end()) return found;
  if (!std::all_of(newer.begin(), newer.end(),
                   [&](const auto& one) { return Begins(*longest, one); })) {
    note("the tombstones are of several lives of the chapter: none says all");
    return found;
  }
  found.newer = longest->path;
  found.known_until = EndOf(*longest);
  return found;
}

}  // namespace sodality::app
