// The root key of a new chapter, made or found as `sodalityd init` was told.
// Read next: custody.h.
#ifndef SODALITY_SERVER_APP_NEW_ROOT_H_
#define SODALITY_SERVER_APP_NEW_ROOT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/random.h"
#include "crypto/sealed_keyring.h"
#include "server/app/data_folder.h"
#include "server/app/init.h"
#include "server/app/new_file.h"

namespace sodality::app {

// With what takes away again, unless kept, the files that were made for it.
struct NewRoot {
  crypto::Root root;
  std::vector<RemovedUnlessKept> made = {};
  std::vector<std::string> share_files = {};

  void Keep();
};

// By key file, which is made when it is not there, by passphrase, or by shares,
// which are written. INVALID_ARGUMENT or FAILED_PRECONDITION for a file that
// will not do, ALREADY_EXISTS, UNAVAILABLE.
absl::StatusOr<NewRoot> FindRoot(const InitOptions& options,
                                 const crypto::Bytes16& chapter);

// Whether the shares as they stand in their files open the folder's keyring; OK
// when there are none.
absl::Status TryShares(const NewRoot& root, const DataFolder& folder,
                       const crypto::Bytes16& chapter);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_NEW_ROOT_H_
