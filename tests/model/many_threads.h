// Threads that read, write, revoke and bar at once, what each saw and when, and
// whether some order of it all explains that. Read next: events.h.
#ifndef SODALITY_TESTS_MODEL_MANY_THREADS_H_
#define SODALITY_TESTS_MODEL_MANY_THREADS_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "platform/mutex.h"
#include "tests/chapter/chapter_world.h"
#include "tests/crypto/seeded_random.h"
#include "tests/model/events.h"

namespace sodality::model {

class ManyThreads final {
 public:
  explicit ManyThreads(uint64_t seed);

  // All threads, `steps` acts each, or until the disk is cut off; then a
  // restart, and what holds after it. Each round goes on from the last.
  void Round(int steps);

 private:
  static constexpr size_t kMembers = 8;
  static constexpr size_t kRosterRows = 6;
  static constexpr size_t kReaders = 3;
  static constexpr uint32_t kBudget = 5;
  static constexpr char kFamily[] = "Member";

  // One thread's draws and events.
  struct Worker {
    std::mt19937_64 random;
    std::vector<Event> events;
    uint64_t written = 0;
    size_t number = 0;

    size_t Below(size_t n) { return static_cast<size_t>(random() % n); }
  };
  struct Given {
    GrantId id;
    size_t to = 0;
    uint32_t budget = 0;
    bool revoked = false;  // Acknowledged.
    // The ledger may show no look through it from here on.
    uint64_t over_at = std::numeric_limits<uint64_t>::max();
  };
  using Act = void (ManyThreads::*)(Worker&);

  void SetUp();
  void Loop(Worker& worker, Act act, int steps);
  uint64_t Stamp() { return stamp_.fetch_add(1); }

  void Write(Worker& worker);
  void Read(Worker& worker);
  void Search(Worker& worker);
  void Govern(Worker& worker);
  void Push(Worker& worker);
  void Keep(Worker& worker);
  void Rotate(Worker& worker);

  // Adds the act's end; true when it was carried out. The disk has stopped
  // everything: this thread ends.
  bool End(Worker& worker, Event event, const absl::Status& status);
  void Give(Worker& worker, size_t to);
  Given SomeGrant(Worker& worker);
  void SawAll(Worker& worker, const Event& event,
              const std::vector<core::ProjectedMember>& members);

  // Of a read: only for a reason that there can be.
  static void ExpectRefusal(const Given& grant, const absl::Status& status);

  static std::string NotesOf(const core::ProjectedMember& member);
  void CheckAfterwards();
  void CheckGrants();
  void LiftAll();

  std::mt19937_64 random_;
  crypto::SeededRandom ids_;
  core::ChapterWorld world_;
  core::Caller admin_;
  core::Caller source_;
  std::vector<core::Caller> readers_;
  std::vector<MemberId> members_;
  std::atomic<uint64_t> stamp_{1};
  std::atomic<bool> stopped_{false};
  std::atomic<uint64_t> answered_{0};
  platform::Mutex mutex_;
  std::vector<Given> grants_ SODALITY_GUARDED_BY(mutex_);
  std::vector<Event> all_;
};

}  // namespace sodality::model

#endif  // SODALITY_TESTS_MODEL_MANY_THREADS_H_
