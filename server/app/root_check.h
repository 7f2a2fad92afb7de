// What is left of a rotation of the root key that no longer stands, for doctor.
// Internal to doctor.cc.
#ifndef SODALITY_SERVER_APP_ROOT_CHECK_H_
#define SODALITY_SERVER_APP_ROOT_CHECK_H_

#include "server/app/custody.h"
#include "server/app/data_folder.h"
#include "server/app/findings.h"
#include "server/core/chapter.h"

namespace sodality::app {

// Names a keyring that two root keys open, and a new one beside that of
// `source`, unless one is being replaced.
void CheckRoots(core::Chapter& chapter, const DataFolder& folder,
                const RootSource& source, Findings& findings);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_ROOT_CHECK_H_
