// Acts that need several people, and the backups that are kept: their rows as
// plain facts, and all of them in memory. Sealed by access/codec.h; decided on
// by access/approvals.h, which is the one thing to read next.
#ifndef SODALITY_SERVER_CORE_ACCESS_ACTS_H_
#define SODALITY_SERVER_CORE_ACCESS_ACTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "crypto/signing.h"
#include "platform/clock.h"
#include "platform/mutex.h"
#include "server/core/access/types.h"
#include "server/core/keys/rotation.h"
#include "server/store/ids.h"
#include "server/store/write.h"

namespace sodality::core {

using ActId = store::Id<struct ActTag>;
using BackupId = store::Id<struct BackupTag>;

// One person's, given on one device. The signature is over the act's form.
struct Consent {
  PrincipalId principal;
  DeviceId device;
  Timestamp at;
  crypto::Signature signature;
};

enum class ActState : uint8_t {
  kPending = 1,
  kRunning = 2,  // It was decided, and is being done: nothing stops it.
  kDone = 3,
  kRefused = 4,
};

struct PendingAct {
  ActId id;
  uint64_t version = 0;
  store::Bytes form;  // crypto/act.h: what was signed.
  ActState state = ActState::kPending;
  Timestamp proposed;     // By the server's clock.
  Timestamp alone_since;  // When there was found to be one admin; 0: never.
  Timestamp ended;        // Done or refused; else 0.
  PrincipalId ended_by;   // Whose approval or refusal that was.
  std::vector<Consent> consents;  // The proposer's first; one a person.
};

// A backup that was made and is not known to be destroyed.
struct KeptBackup {
  BackupId id;
  uint64_t version = 0;
  PrincipalId by;
  Timestamp made;
  // Of each kind the oldest version whose key is in it.
  std::vector<KeySubject> oldest;
};

// Thread safety: safe.
class ActBook final {
 public:
  void Put(PendingAct act) SODALITY_EXCLUDES(mutex_);
  void Put(KeptBackup backup) SODALITY_EXCLUDES(mutex_);
  void Erase(const BackupId& id) SODALITY_EXCLUDES(mutex_);

  std::optional<PendingAct> Find(const ActId& id) const
      SODALITY_EXCLUDES(mutex_);
  // Oldest first.
  std::vector<PendingAct> acts() const SODALITY_EXCLUDES(mutex_);
  std::vector<KeptBackup> backups() const SODALITY_EXCLUDES(mutex_);
  // Whether one is being done.
  [[nodiscard]] bool IsRunning() const;

 private:
  mutable platform::Mutex mutex_;
  std::map<ActId, PendingAct> acts_ SODALITY_GUARDED_BY(mutex_);
  std::map<BackupId, KeptBackup> backups_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_ACTS_H_
