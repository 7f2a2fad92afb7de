// What threads did and saw, stamped, and whether one order explains it.
#ifndef SODALITY_TESTS_MODEL_EVENTS_H_
#define SODALITY_TESTS_MODEL_EVENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/model/directory_model.h"

namespace sodality::model {

enum class Did : uint8_t { kWrite, kRead, kRevoke, kBar, kLift };

// Something that began and ended in between two stamps. A search is one read
// for each member that it showed.
struct Event {
  Did did = Did::kRead;
  uint64_t begun = 0;
  uint64_t ended = 0;
  size_t member = 0;
  uint64_t revision = 0;  // Written or read; 0: not carried out.
  std::string value;
  size_t reader = 0;  // Who reads, or is barred.
  GrantId grant;
  Verdict verdict;
};

// What reads and writes of each member must obey, whoever did them: writes get
// a revision each, in an order that agrees with time; a read shows a revision
// not older than the newest known to anybody before it began, and none that
// was written after it ended.
void ExpectOneOrder(const std::vector<Event>& events);

// No read that began after a revocation or a bar was acknowledged, and before a
// lift began, was answered.
void ExpectNoLateReads(const std::vector<Event>& events);

// The newest revision of the member that anybody was told of; 0: none.
uint64_t NewestTold(const std::vector<Event>& events, size_t member);

}  // namespace sodality::model

#endif  // SODALITY_TESTS_MODEL_EVENTS_H_
