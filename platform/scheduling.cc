#include "platform/scheduling.h"

#include <sched.h>

namespace sodality::platform {

bool PreferThroughput() {
  const sched_param none{};
  return ::sched_setscheduler(0, SCHED_BATCH, &none) == 0;
}

}  // namespace sodality::platform
