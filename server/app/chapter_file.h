// <data>/chapter.toml: the chapter's public facts and the server's settings.
#ifndef SODALITY_SERVER_APP_CHAPTER_FILE_H_
#define SODALITY_SERVER_APP_CHAPTER_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/chapter.h"
#include "server/rpc/call_limiter.h"

namespace sodality::app {

struct ChapterFile {
  core::ChapterInfo info;  // info.address is what invites name.
  std::string listen;      // host:port
  rpc::CallLimits limits;
};

// INVALID_ARGUMENT "chapter.toml:3: ..." naming line and what is wrong: no
// TOML, an unknown key, a value that is missing or not valid.
absl::StatusOr<ChapterFile> ParseChapterFile(std::string_view toml);
std::string FormatChapterFile(const ChapterFile& file);

// 1 to 128 bytes of UTF-8 without control characters. INVALID_ARGUMENT.
absl::Status CheckChapterName(std::string_view name);
// Two capital letters. INVALID_ARGUMENT.
absl::Status CheckCountry(std::string_view country);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_CHAPTER_FILE_H_
