#include "tests/model/events.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace sodality::model {
namespace {

bool IsOf(const Event& event, size_t member) {
  return event.member == member && event.revision != 0;
}

void ExpectOneWriteEach(const std::vector<const Event*>& all) {
  std::map<uint64_t, const Event*> writes;
  for (const Event* event : all) {
    if (event->did != Did::kWrite) continue;
    const bool first = writes.emplace(event->revision, event).second;
    EXPECT_TRUE(first) << "two writes got revision " << event->revision;
  }
  for (const Event* event : all) {
    const auto write = writes.find(event->revision);
    if (write == writes.end()) continue;
    EXPECT_EQ(event->value, write->second->value)
        << "at revision " << event->revision;
    EXPECT_LT(write->second->begun, event->ended)
        << "revision " << event->revision << " was read before it was written";
  }
}

// In the order of their beginnings, each against what had ended by then.
void ExpectNeverOlder(std::vector<const Event*> all) {
  std::vector<const Event*> ended = all;
  std::sort(all.begin(), all.end(),
            [](auto* a, auto* b) { return a->begun < b->begun; });
  std::sort(ended.begin(), ended.end(),
            [](auto* a, auto* b) { return a->ended < b->ended; });
  uint64_t newest = 0;
  auto next = ended.begin();
  for (const Event* event : all) {
    for (; next != ended.end() && (*next)->ended < event->begun; ++next) {
      newest = std::max(newest, (*next)->revision);
    }
    if (event->did == Did::kWrite) {
      EXPECT_GT(event->revision, newest) << "a write went back";
    } else {
      EXPECT_GE(event->revision, newest) << "a read went back";
    }
  }
}

// Whether `ban` held for all of `read`.
bool HeldDuring(const std::vector<Event>& events, const Event& ban,
                const Event& read) {
  if (!ban.verdict.ok() || ban.ended > read.begun) return false;
  if (ban.did == Did::kRevoke) return ban.grant == read.grant;
  if (ban.did != Did::kBar || ban.reader != read.reader) return false;
  return std::none_of(events.begin(), events.end(), [&](const Event& lift) {
    return lift.did == Did::kLift && lift.reader == ban.reader &&
           lift.begun > ban.ended && lift.begun < read.ended;
  });
}

}  // namespace

void ExpectOneOrder(const std::vector<Event>& events) {
  std::map<size_t, std::vector<const Event*>> by_member;
  for (const Event& event : events) {
    if (event.revision != 0) by_member[event.member].push_back(&event);
  }
  for (const auto& [member, all] : by_member) {
    SCOPED_TRACE(testing::Message() << "member " << member);
    ExpectOneWriteEach(all);
    ExpectNeverOlder(all);
  }
}

void ExpectNoLateReads(const std::vector<Event>& events) {
  std::vector<const Event*> bans;
  for (const Event& event : events) {
    if (event.did == Did::kRevoke || event.did == Did::kBar) {
      bans.push_back(&event);
    }
  }
  for (const Event& read : events) {
    if (read.did != Did::kRead || !read.verdict.ok()) continue;
    for (const Event* ban : bans) {
      EXPECT_FALSE(HeldDuring(events, *ban, read))
          << "a read begun at " << read.begun << " was answered at "
          << read.ended << ", after what was acknowledged at " << ban->ended;
    }
  }
}

uint64_t NewestTold(const std::vector<Event>& events, size_t member) {
  uint64_t newest = 0;
  for (const Event& event : events) {
    if (IsOf(event, member)) newest = std::max(newest, event.revision);
  }
  return newest;
}

}  // namespace sodality::model
