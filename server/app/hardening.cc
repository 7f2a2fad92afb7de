#include "server/app/hardening.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

namespace sodality::app {

namespace {

// Tried, for the limit does not say it: it binds no process that may pass it.
bool CanLock(size_t bytes) {
  void* const pages = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return false;
  const bool locked = ::mlock(pages, bytes) == 0;
  ::munmap(pages, bytes);
  return locked;
}

}  // namespace

absl::StatusOr<Hardening> HardenProcess() {
  ::umask(S_IRWXG | S_IRWXO);
  // After a seal the program runs by way of a link and would be called "exe".
  ::prctl(PR_SET_NAME, "sodalityd", 0, 0, 0);
  // A client or a log reader that goes away must not end the server.
  std::signal(SIGPIPE, SIG_IGN);
  const rlimit none = {0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) {
    return absl::InternalError("core files cannot be switched off");
  }
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return absl::InternalError("the process cannot be made undumpable");
  }
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0) {
    return absl::InternalError("the limit of open files cannot be raised");
  }
  rlimit locked{};
  ::getrlimit(RLIMIT_MEMLOCK, &locked);
  return Hardening{CanLock(kWantedLockedBytes), locked.rlim_cur,
                   files.rlim_cur};
}

}  // namespace sodality::app
