// How the kernel shares processors out among this process's threads.
#ifndef SODALITY_PLATFORM_SCHEDULING_H_
#define SODALITY_PLATFORM_SCHEDULING_H_

namespace sodality::platform {

// Threads that this one starts from now on, and itself, do not interrupt others
// when they wake (SCHED_BATCH, sched(7)): they wait for a free processor or the
// end of a turn. A server hands each call on from thread to thread, and gets
// more done when the one that works may finish. False when the kernel refuses;
// everything works without it.
bool PreferThroughput();

}  // namespace sodality::platform

#endif  // SODALITY_PLATFORM_SCHEDULING_H_
