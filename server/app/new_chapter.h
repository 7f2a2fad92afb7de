// The files of a new chapter's data folder. Read next: init.h.
#ifndef SODALITY_SERVER_APP_NEW_CHAPTER_H_
#define SODALITY_SERVER_APP_NEW_CHAPTER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/sealed_keyring.h"
#include "crypto/secret.h"
#include "server/app/chapter_file.h"
#include "server/app/data_folder.h"
#include "server/core/schema.h"

namespace sodality::app {

struct NewChapter {
  ChapterFile file;
  std::string admin;
  // What the index is planned for, 1 to Schema::kMaxExpectedMembers.
  uint64_t expected_members = core::Schema::kExpectedMembers;
};

// Writes everything into the empty folder and returns the content of the first
// admin's invite. After a failure the folder is of no use.
absl::StatusOr<crypto::SecretBytes> WriteNewChapter(const DataFolder& folder,
                                                    const NewChapter& chapter,
                                                    const crypto::Root& root);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_NEW_CHAPTER_H_
