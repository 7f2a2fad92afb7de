// `sodalityd doctor`: is everything in a data folder as it must be? Runs while
// no server does.
#ifndef SODALITY_SERVER_APP_DOCTOR_H_
#define SODALITY_SERVER_APP_DOCTOR_H_

#include <string>

#include "server/app/custody.h"
#include "server/app/exit_code.h"

namespace sodality::app {

struct DoctorOptions {
  std::string data;
  RootSource root;  // Empty: only what is readable while sealed is checked.
  bool json = false;
};

// Prints a line a finding to standard output. kOk when all that was checked is
// well; kFailed when something is wrong; kConflict while a server runs; kSealed
// when the key given is not this folder's.
Outcome RunDoctor(const DoctorOptions& options);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_DOCTOR_H_
