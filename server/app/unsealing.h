// From a root key to a chapter that serves: keyring, store, core. Read next:
// server/core/chapter.h.
#ifndef SODALITY_SERVER_APP_UNSEALING_H_
#define SODALITY_SERVER_APP_UNSEALING_H_

#include <memory>

#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/keyring.h"
#include "server/app/public_state.h"
#include "server/app/root_files.h"
#include "server/core/chapter.h"
#include "server/store/sqlcipher/sqlcipher_store.h"

namespace sodality::app {

// The keyring of the folder. PERMISSION_DENIED when `root` is another key;
// FAILED_PRECONDITION when it is another chapter's or was made for another
// version of the text rules.
absl::StatusOr<crypto::Keyring> OpenKeyring(const PublicState& state,
                                            const crypto::RootKey& root);

enum class Purpose {
  kSetUp,  // Makes what is not there yet.
  kServe,
  kExamine,  // Changes no byte of any file.
};

// The store under the keyring's page key.
absl::StatusOr<std::unique_ptr<store::SqlcipherStore>> OpenStore(
    const DataFolder& folder, const crypto::Keyring& keyring, Purpose purpose);

// All of it, to serve. `place`: of a new root key. Errors as the above and as
// core::Chapter::Open.
absl::StatusOr<std::unique_ptr<core::Chapter>> OpenChapter(
    const PublicState& state, const crypto::RootKey& root,
    const RootPlace& place = {});

// The core over a store that was opened for the same purpose. Without
// `roots` its keys stay as they are, and no backup can be made.
absl::StatusOr<std::unique_ptr<core::Chapter>> OpenCore(
    const PublicState& state, crypto::Keyring keyring,
    std::unique_ptr<store::MemberStore> store, Purpose purpose,
    std::shared_ptr<RootFiles> roots = nullptr);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_UNSEALING_H_
