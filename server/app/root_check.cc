#include "server/app/root_check.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "crypto/keyring_file.h"
#include "platform/file.h"
#include "server/core/keys/key_rotation.h"

namespace sodality::app {
namespace {

bool IsReplaced(core::Chapter& chapter) {
  const auto keys = chapter.key_rotation().Status();
  return keys.ok() && keys->rotation &&
         keys->rotation->rotation.work == core::RotationWork::kRekeyRoot;
}

}  // namespace

void CheckRoots(core::Chapter& chapter, const DataFolder& folder,
                const RootSource& source, Findings& findings) {
  if (IsReplaced(chapter)) return;
  const auto slots =
      crypto::KeyringFile(platform::PosixFileSystem(), folder.keyring())
          .Slots();
  if (slots.ok() && slots->size() > 1) {
    findings.Bad("keyring", std::to_string(slots->size()) +
                                " root keys open it, though none is being "
                                "replaced: was it put back?");
  }
  if (source.key_file.empty()) return;
  const std::string beside = source.key_file + ".new";
  std::error_code error;
  const auto there = std::filesystem::symlink_status(beside, error);
  if (there.type() == std::filesystem::file_type::not_found) return;
  findings.Note(beside,
                "is left of a rotation of the root key: nothing needs it");
}

}  // namespace sodality::app
