#include "server/core/ledger/ledger.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/ledger/ledger_impl.h"
#include "server/core/waiter.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

// A reveal through a grant. A refusal with member parts is one too: it told
// that the member is there (a taken external id); other refusals have none.
bool Charges(const EntryHeader& header) {
  if (header.grant == GrantId{} || header.parts.empty()) return false;
  return header.outcome == Outcome::kRefused ||
         header.action == Action::kSearch || header.action == Action::kGet ||
         header.action == Action::kReadLedger;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(
    LedgerOptions options, std::shared_ptr<const crypto::Keyring> keyring,
    bool create) {
  auto ledger = std::make_unique<LedgerImpl>(std::move(options));
  if (auto s = ledger->UseKeys(std::move(keyring)); !s.ok()) return s;
  if (auto s = ledger->Start(create); !s.ok()) return s;
  return ledger;
}

LedgerImpl::LedgerImpl(LedgerOptions options) : options_(std::move(options)) {}

LedgerImpl::~LedgerImpl() {
  {
    MutexLock lock(queue_mutex_);
    ending_ = true;
    queued_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status LedgerImpl::Start(bool create) {
  if (create) {
    if (auto s = platform::MakeFolder(options_.folder); !s.ok()) return s;
    auto first = Segment::Create(options_.fs, options_.folder, 1,
                                 options_.segment_bytes);
    if (!first.ok()) return first.status();
    MutexLock lock(files_mutex_);
    segments_.push_back(*std::move(first));
  } else if (auto s = LoadSegments(); !s.ok()) {
    return s;
  }
  {
    MutexLock lock(state_mutex_);
    auto signer = HeadSigner::Create(keyring_, sign_starts_);
    if (!signer.ok()) return signer.status();
    head_signer_ = *std::move(signer);
  }
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

absl::Status LedgerImpl::LoadSegments() {
  auto names = options_.fs.List(options_.folder);
  if (!names.ok()) return names.status();
  std::erase_if(*names,
                [](const auto& name) { return !Segment::IsName(name); });
  if (names->empty()) return absl::DataLossError("the ledger has no files");
  for (const std::string& name : *names) {
    auto segment = Segment::Open(options_.fs, options_.folder, name);
    if (!segment.ok()) return segment.status();
    if (segment->first_number() != head().number + 1) {
      return absl::DataLossError(absl::StrCat(
          "entry ", head().number + 1, " of the ledger is damaged or missing"));
    }
    auto s = segment->Scan(
        name == names->back(),
        [&](const SealedGroup& group) { return LoadGroup(group); });
    if (!s.ok()) return s;
    torn_bytes_ = segment->torn_bytes();
    MutexLock lock(files_mutex_);
    segments_.push_back(*std::move(segment));
  }
  return absl::OkStatus();
}

// The group is of the segment that is about to join segments_.
absl::Status LedgerImpl::LoadGroup(const SealedGroup& group) {
  std::vector<Entry> entries;
  Hash previous = head().leaf;
  const auto opener = sealer();
  uint32_t oldest = OldestKey();
  for (size_t i = 0; i < group.blobs.size(); ++i) {
    auto entry = opener->Open(group.first_number + i, group.blobs[i]);
    if (!entry.ok()) {
      return absl::Status(
          entry.status().code(),
          absl::StrCat("entry ", group.first_number + i, " of the ledger: ",
                       std::string(entry.status().message())));
    }
    if (entry->header.previous != previous) {
      return absl::DataLossError(
          absl::StrCat("entry ", group.first_number + i,
                       " of the ledger does not follow the one before it"));
    }
    if (const auto start = FindSignKeyStart(entry->header)) {
      oldest = start->version;
    }
    // Whoever has an old key alone puts nothing behind what replaced it.
    const auto version = crypto::BlobKeyVersion(group.blobs[i]);
    if (!version.ok() || *version < oldest) {
      return absl::FailedPreconditionError(
          absl::StrCat("entry ", group.first_number + i,
                       " of the ledger is under a key that was replaced"));
    }
    previous = entry->leaf;
    entries.push_back(*std::move(entry));
  }
  for (size_t i = 0; i < entries.size(); ++i) {
    if (auto s = NoteEntry(entries[i].header); !s.ok()) return s;
    AddPlace(group.places[i]);
    MutexLock lock(state_mutex_);
    head_.number = entries[i].header.number;
    head_.leaf = entries[i].leaf;
    head_.revision = std::max(head_.revision, entries[i].header.revision);
  }
  return absl::OkStatus();
}

void LedgerImpl::AddPlace(FramePlace frame) {
  MutexLock lock(files_mutex_);
  places_.push_back({static_cast<uint32_t>(segments_.size()), frame});
}

absl::Status LedgerImpl::NoteEntry(const EntryHeader& header) {
  for (const auto& part : header.parts) sequences_[part.tag] = part.sequence;
  Concerned concerned = WhoIsConcerned(header);
  MutexLock lock(state_mutex_);
  if (Charges(header)) {
    budgets_.Note(header.grant, concerned.members, header.time);
  }
  recent_.Note(header.number, std::move(concerned));
  const auto start = FindSignKeyStart(header);
  return start ? SignFrom(*start) : absl::OkStatus();
}

absl::Status LedgerImpl::UseKeys(
    std::shared_ptr<const crypto::Keyring> keyring) {
  auto sealer = EntrySealer::Create(keyring, crypto::SystemRandom());
  if (!sealer.ok()) return sealer.status();
  const auto signs = keyring->Active<crypto::LedgerSignKey>();
  if (!signs.ok()) return signs.status();
  MutexLock lock(state_mutex_);
  keyring_ = std::move(keyring);
  sealer_ = *std::move(sealer);
  return absl::OkStatus();
}

uint32_t LedgerImpl::OldestKey() const {
  MutexLock lock(state_mutex_);
  return sign_starts_.empty() ? 1 : sign_starts_.back().version;
}

std::shared_ptr<const EntrySealer> LedgerImpl::sealer() const {
  MutexLock lock(state_mutex_);
  return sealer_;
}

absl::Status LedgerImpl::SignFrom(const SignKeyStart& start) {
  sign_starts_.push_back(start);
  if (head_signer_ == nullptr) return absl::OkStatus();  // Start makes it.
  auto signer = HeadSigner::Create(keyring_, sign_starts_);
  if (!signer.ok()) return signer.status();
  head_signer_ = *std::move(signer);
  return absl::OkStatus();
}

void LedgerImpl::SetAuthority(ReleaseAuthority& authority) {
  authority_ = &authority;
}

void LedgerImpl::Release(EntryDraft draft, ReleaseDone done) {
  MutexLock lock(queue_mutex_);
  queue_.push_back({std::move(draft), 0, /*reveal=*/true, std::move(done)});
  queued_.NotifyOne();
}

void LedgerImpl::Append(EntryDraft draft, store::Revision revision,
                        ReleaseDone done) {
  MutexLock lock(queue_mutex_);
  queue_.push_back(
      {std::move(draft), revision, /*reveal=*/false, std::move(done)});
  queued_.NotifyOne();
}

absl::Status LedgerImpl::Settle() {
  if (!in_trouble_) return absl::OkStatus();
  Waiter<uint64_t> waiter;
  {
    MutexLock lock(queue_mutex_);
    queue_.push_back({.draft = {},
                      .done =
                          [&](absl::StatusOr<uint64_t> number) {
                            waiter.Set(std::move(number));
                          },
                      .settles = true});
    queued_.NotifyOne();
  }
  return waiter.Wait().status();
}

store::Bytes LedgerImpl::SealDraft(const EntryDraft& draft) const {
  // Fails only above crypto::kMaxBlobSize, which a write's limits exclude; an
  // empty row is refused by the store.
  return sealer()->SealDraft(draft).value_or(store::Bytes());
}

absl::StatusOr<EntryDraft> LedgerImpl::OpenDraft(
    const store::Bytes& sealed) const {
  return sealer()->OpenDraft(sealed);
}

Head LedgerImpl::head() const {
  MutexLock lock(state_mutex_);
  return head_;
}

LedgerExtent LedgerImpl::extent() const {
  LedgerExtent extent{head(), {}};
  MutexLock lock(files_mutex_);
  // Whoever writes waits: the last place of each segment, not every one.
  for (size_t i = 0; i < segments_.size(); ++i) {
    const Segment& segment = segments_[i];
    if (segment.first_number() > extent.head.number) break;
    const uint64_t last =
        i + 1 == segments_.size()
            ? extent.head.number
            : std::min(extent.head.number, segments_[i + 1].first_number() - 1);
    extent.segments.push_back({Segment::Name(segment.first_number()),
                               segment.size(),
                               Segment::EndOf(places_[last - 1].frame)});
  }
  return extent;
}

SignedHead LedgerImpl::SignHead(const Head& head,
                                const Descent& descent) const {
  std::shared_ptr<const HeadSigner> signer;
  {
    MutexLock lock(state_mutex_);
    signer = head_signer_;
  }
  return signer->Sign(head, descent);
}

absl::StatusOr<Entry> LedgerImpl::Read(uint64_t number) const {
  absl::StatusOr<store::Bytes> blob;
  {
    MutexLock lock(files_mutex_);
    if (number == 0 || number > places_.size()) {
      return absl::NotFoundError("the ledger has no such entry");
    }
    const Place& place = places_[number - 1];
    blob = segments_[place.segment].Read(place.frame);
  }
  if (!blob.ok()) return blob.status();
  return sealer()->Open(number, *blob);
}

absl::StatusOr<Concerned> LedgerImpl::ReadConcerned(uint64_t number) const {
  {
    MutexLock lock(state_mutex_);
    auto recent = number <= head_.number ? recent_.Find(number) : std::nullopt;
    if (recent) return *std::move(recent);
  }
  const auto entry = Read(number);
  if (!entry.ok()) return entry.status();
  return WhoIsConcerned(entry->header);
}

absl::StatusOr<Hash> LedgerImpl::LeafOf(uint64_t number) const {
  auto entry = Read(number);
  if (!entry.ok()) return entry.status();
  return entry->leaf;
}

BudgetLeft LedgerImpl::Left(const GrantId& grant, const Budget& limits) const {
  MutexLock lock(state_mutex_);
  return budgets_.Left(grant, limits, options_.clock.Now());
}

}  // namespace sodality::core
