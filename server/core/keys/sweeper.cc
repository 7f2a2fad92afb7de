#include "server/core/keys/sweeper.h"

#include <utility>

#include "server/core/chapter.h"
#include "server/core/keys/renewal.h"

namespace sodality::core {

Sweeper::Sweeper(const DirectoryParts& parts)
    : store_(parts.store),
      keys_(parts.keys),
      random_(parts.random),
      sealer_(parts.info.id, parts.keys, parts.index, parts.random) {}

absl::Status Sweeper::Renew(store::MemberRecord record,
                            const Rotation& rotation, SweptBatch& batch) {
  if (rotation.work == RotationWork::kReindex) {
    if (record.oldest_index_version >= rotation.to) return absl::OkStatus();
    const bool had_none = record.oldest_index_version == 0;
    if (!memo_) memo_.emplace(random_);
    auto retoken = Retoken(std::move(record), sealer_, *memo_);
    if (!retoken.ok()) return retoken.status();
    if (had_none && retoken->tokens.empty()) return absl::OkStatus();
    batch.tokens += retoken->tokens.size();
    batch.write.retoken_members.push_back(*std::move(retoken));
    ++batch.renewed;
    return absl::OkStatus();
  }
  const RecordKey key = rotation.work == RotationWork::kReencrypt
                            ? RecordKey::kFresh
                            : RecordKey::kKept;
  auto rewrap = Rewrap(record, *keys_->Current(), rotation.to, key, random_);
  if (!rewrap.ok()) return rewrap.status();
  if (*rewrap) {
    batch.write.rewrap_members.push_back(**std::move(rewrap));
    ++batch.renewed;
  }
  return absl::OkStatus();
}

absl::StatusOr<SweptBatch> Sweeper::Read(const Rotation& rotation) {
  constexpr size_t kPage = 50;
  std::optional<store::MemberId> after;
  if (rotation.cursor != store::MemberId{}) after = rotation.cursor;
  SweptBatch batch;
  size_t bytes = 0;
  while (!batch.end && batch.read < kMembers && bytes < kBytes &&
         batch.tokens < kTokens) {
    auto records = store_.Find({}, after, kPage);
    if (!records.ok()) return records.status();
    for (store::MemberRecord& record : *records) {
      after = batch.last = record.id;
      bytes += record.sealed.size();
      // The others are brought on all the same.
      if (!Renew(std::move(record), rotation, batch).ok()) ++batch.damaged;
    }
    batch.read += records->size();
    batch.end = records->size() < kPage;
  }
  return batch;
}

absl::StatusOr<SweptBatch> Sweeper::Take(const Rotation& rotation) {
  auto next = std::exchange(next_, std::nullopt);
  if (next && next_after_ == rotation.cursor) return *std::move(next);
  return Read(rotation);
}

void Sweeper::End() {
  next_.reset();
  memo_.reset();
}

void Sweeper::Prepare(const Rotation& rotation) {
  auto batch = Read(rotation);
  if (!batch.ok()) return;  // Take meets the error again.
  next_ = *std::move(batch);
  next_after_ = rotation.cursor;
}

}  // namespace sodality::core
