#include <algorithm>
#include <utility>

#include "crypto/secret.h"
#include "server/core/error.h"
#include "server/core/ledger/ledger_impl.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

absl::Status DiskFull() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   "the server's disk is full: nothing was shown or stored",
                   {.reason = Reason::kDiskFull,
                    .hint = "tell whoever runs the server; try again later"});
}

absl::Status StoreStopped() {
  return MakeError(absl::StatusCode::kUnavailable,
                   "the server stopped after its disk failed",
                   {.reason = Reason::kStoreStopped,
                    .hint = "tell whoever runs the server"});
}

std::vector<store::LedgerTag> TagsOf(const std::vector<MemberPart>& parts) {
  std::vector<store::LedgerTag> tags;
  tags.reserve(parts.size());
  for (const MemberPart& part : parts) tags.push_back(part.tag);
  return tags;
}

}  // namespace

std::vector<LedgerImpl::Request> LedgerImpl::TakeQueued() {
  MutexLock lock(queue_mutex_);
  while (queue_.empty() && !ending_) queued_.Wait(queue_mutex_);
  return std::exchange(queue_, {});
}

void LedgerImpl::Run() {
  // The answers that waited are built in a round.
  while (crypto::WipingStack([this] { return Round(); })) continue;
}

bool LedgerImpl::Round() {
  std::vector<Request> requests = TakeQueued();
  if (requests.empty()) return false;
  // After the queue: whoever gave new keys before they appended finds them
  // used.
  sealing_ = sealer();
  const Timestamp now = options_.clock.Now();
  Tip tip{head(), {}, 0, {}};
  for (Request& request : requests) Decide(std::move(request), now, tip);
  Commit(tip);
  return true;
}

absl::Status LedgerImpl::Admit(const Request& request, Timestamp now) {
  if (!request.reveal) return absl::OkStatus();
  if (authority_ == nullptr) {
    return absl::FailedPreconditionError("the ledger has no authority yet");
  }
  auto budget = authority_->CheckRelease(request.draft, now);
  if (!budget.ok()) return budget.status();
  if (!request.draft.grant) return absl::OkStatus();
  MutexLock lock(state_mutex_);
  return budgets_.Check(request.draft.grant->id, *budget,
                        TagsOf(request.draft.members), now);
}

void LedgerImpl::Decide(Request request, Timestamp now, Tip& tip) {
  if (stopped_) {
    tip.decided.push_back({std::move(request.done), StoreStopped()});
    return;
  }
  const bool replayed =
      request.IsOfWrite() && request.revision <= tip.head.revision;
  if (replayed) {
    tip.decided.push_back({std::move(request.done), tip.head.number});
    return;
  }
  if (!PayOwed(now, tip)) {
    if (request.IsOfWrite()) return Owe(std::move(request), tip);
    tip.decided.push_back(
        {std::move(request.done), stopped_ ? StoreStopped() : DiskFull()});
    return;
  }
  if (request.settles) {
    tip.decided.push_back({std::move(request.done), tip.head.number});
    return;
  }
  if (auto s = Admit(request, now); !s.ok()) {
    // The refusal is on record, too; it shows nobody.
    request.draft.outcome = Outcome::kRefused;
    request.draft.members.clear();
    auto done = std::exchange(request.done, [](const auto&) {});
    AddEntry(std::move(request), now, tip);
    tip.decided.push_back({std::move(done), s});
    return;
  }
  AddEntry(std::move(request), now, tip);
}

void LedgerImpl::AddEntry(Request request, Timestamp now, Tip& tip) {
  auto number = TryEntry(request, now, tip);
  if (!number.ok() && request.IsOfWrite()) {
    if (absl::IsResourceExhausted(number.status())) {
      return Owe(std::move(request), tip);
    }
    // It stands in the store: nothing may be recorded past it. The outbox
    // brings it back at the next start.
    Stop();
  }
  tip.decided.push_back({std::move(request.done), std::move(number)});
}

void LedgerImpl::Owe(Request request, Tip& tip) {
  auto done = std::exchange(request.done, [](const auto&) {});
  tip.decided.push_back({std::move(done), DiskFull()});
  owed_.push_back(std::move(request));
  in_trouble_ = true;
}

bool LedgerImpl::PayOwed(Timestamp now, Tip& tip) {
  while (!owed_.empty()) {
    const auto number = TryEntry(owed_.front(), now, tip);
    if (absl::IsResourceExhausted(number.status())) return false;
    if (!number.ok()) {
      Stop();
      return false;
    }
    owed_.pop_front();
  }
  in_trouble_ = stopped_;
  return true;
}

void LedgerImpl::Stop() {
  stopped_ = true;
  in_trouble_ = true;
}

absl::StatusOr<uint64_t> LedgerImpl::TryEntry(Request& request, Timestamp now,
                                              Tip& tip) {
  EntryDraft& draft = request.draft;
  EntryHeader header;
  header.number = tip.head.number + 1;
  header.previous = tip.head.leaf;
  header.time = now;
  header.revision = std::max(request.revision, tip.head.revision);
  header.action = draft.action;
  header.outcome = draft.outcome;
  header.actor = draft.actor;
  header.device = draft.device;
  if (draft.grant) header.grant = draft.grant->id;
  if (draft.grant) header.grant_version = draft.grant->version;
  header.subject = draft.subject;
  std::vector<store::Bytes> sealed_parts;
  for (MemberPart& part : draft.members) {
    header.parts.push_back(
        {part.tag, sequences_[part.tag] + 1, part.commitment});
    sealed_parts.push_back(std::move(part.sealed));
  }
  Entry entry = MakeEntry(std::move(header), std::move(sealed_parts));
  auto blob = sealing_->Seal(entry);
  absl::Status fits = blob.ok() ? MakeRoom(tip, *blob) : blob.status();
  if (!fits.ok()) {
    for (size_t i = 0; i < draft.members.size(); ++i) {
      draft.members[i].sealed = std::move(entry.sealed_parts[i]);
    }
    return fits;
  }
  tip.body += Segment::FrameBytes(*blob);
  tip.blobs.push_back(*std::move(blob));
  // Never written then: Stop comes before the group's commit.
  if (auto s = NoteEntry(entry.header); !s.ok()) {
    Stop();
    return s;
  }
  tip.head = {entry.header.number, entry.leaf, entry.header.revision};
  return entry.header.number;
}

absl::Status LedgerImpl::MakeRoom(Tip& tip, const store::Bytes& blob) {
  const uint64_t frame = Segment::FrameBytes(blob);
  {
    MutexLock lock(files_mutex_);
    if (!segments_.back().DropTorn().ok()) {
      Stop();
      return StoreStopped();
    }
    if (segments_.back().Fits(Segment::GroupBytes(tip.body + frame))) {
      return absl::OkStatus();
    }
  }
  Commit(tip);
  if (stopped_) return StoreStopped();
  const uint64_t alone = Segment::GroupBytes(frame);
  auto next = Segment::Create(options_.fs, options_.folder, tip.head.number + 1,
                              std::max(options_.segment_bytes, alone + kBlock));
  if (absl::IsResourceExhausted(next.status())) return DiskFull();
  if (!next.ok()) {
    Stop();
    return StoreStopped();
  }
  MutexLock lock(files_mutex_);
  segments_.push_back(*std::move(next));
  return absl::OkStatus();
}

absl::Status LedgerImpl::WriteGroup(const Tip& tip) {
  Segment* last = nullptr;
  {
    // This thread alone adds segments and appends to them; readers need not
    // wait for the disk.
    MutexLock lock(files_mutex_);
    last = &segments_.back();
  }
  const uint64_t first = tip.head.number - tip.blobs.size() + 1;
  auto frames = last->Append(first, tip.blobs);
  if (!frames.ok()) return frames.status();
  MutexLock lock(files_mutex_);
  const auto segment = static_cast<uint32_t>(segments_.size() - 1);
  for (const FramePlace& frame : *frames) places_.push_back({segment, frame});
  return absl::OkStatus();
}

// Leaves `tip` empty, at the durable head.
void LedgerImpl::Commit(Tip& tip) {
  if (!tip.blobs.empty()) {
    // Whatever the error: what the file holds now is unknown, so no entry of
    // this group, or after it, may ever be called durable.
    if (!stopped_ && !WriteGroup(tip).ok()) Stop();
    if (!stopped_) {
      MutexLock lock(state_mutex_);
      head_ = tip.head;
    }
  }
  std::vector<Decided> decided = std::exchange(tip.decided, {});
  tip = Tip{head(), {}, 0, {}};
  for (Decided& d : decided) {
    d.done(stopped_ ? absl::StatusOr<uint64_t>(StoreStopped())
                    : std::move(d.result));
  }
}

}  // namespace sodality::core
