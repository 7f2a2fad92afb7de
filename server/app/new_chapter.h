// The files of a new chapter's data folder. Read next: init.h.
#ifndef SODALITY_SERVER_APP_NEW_CHAPTER_H_
#define SODALITY_SERVER_APP_NEW_CHAPTER_H_

#include <string>

#include "absl/status/statusor.h"
#include "crypto/sealed_keyring.h"
#include "crypto/secret.h"
#include "server/app/chapter_file.h"
#include "server/app/data_folder.h"

namespace sodality::app {

// Writes everything into the empty folder and returns the content of the first
// admin's invite. After a failure the folder is of no use.
absl::StatusOr<crypto::SecretBytes> WriteNewChapter(const DataFolder& folder,
                                                    const ChapterFile& chapter,
                                                    const crypto::Root& root,
                                                    const std::string& admin);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_NEW_CHAPTER_H_
