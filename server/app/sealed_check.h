// What doctor and restore look at behind the root key. Read next: findings.h.
#ifndef SODALITY_SERVER_APP_SEALED_CHECK_H_
#define SODALITY_SERVER_APP_SEALED_CHECK_H_

#include <functional>

#include "crypto/keyring.h"
#include "server/app/findings.h"
#include "server/app/public_state.h"
#include "server/core/chapter.h"

namespace sodality::app {

// Of a chapter whose parts all opened.
using AlsoCheck = std::function<void(core::Chapter& chapter, Findings&)>;

// Store, then ledger, access rows and rollback: the checks of a start; every
// page, every member's row, every field of every record. Changes no file.
void CheckSealed(const PublicState& state, crypto::Keyring keyring,
                 Findings& findings, const AlsoCheck& also = nullptr);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_SEALED_CHECK_H_
