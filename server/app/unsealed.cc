#include "server/app/unsealed.h"

#include <utility>

#include "platform/clock.h"
#include "server/app/log.h"
#include "server/app/server_certificate.h"
#include "server/app/unsealing.h"

namespace sodality::app {

absl::Status Unsealed::Open(const crypto::RootKey& root) {
  auto chapter = OpenChapter(state_, root, place_);
  if (!chapter.ok()) return chapter.status();
  if (const uint64_t torn = (*chapter)->ledger().torn_bytes(); torn != 0) {
    Log(Event::kLedgerEndDropped, {{"bytes", static_cast<int64_t>(torn)}});
  }
  const absl::Status recorded =
      (*chapter)->Record({.action = core::Action::kUnseal});
  if (!recorded.ok()) return recorded;
  RenewCertificate(*(*chapter)->keyring());
  core::Chapter& open = **chapter;
  holder_.Set(*std::move(chapter));
  housekeeper_.emplace(open, [this] { events_.RequestSeal(); });
  rotation_worker_.emplace(open);
  Log(Event::kUnsealed);
  return absl::OkStatus();
}

void Unsealed::Interrupt() {
  const auto chapter = holder_.Get();
  if (chapter != nullptr) chapter->key_rotation().Interrupt();
}

void Unsealed::Close(StopEvent event) {
  housekeeper_.reset();
  rotation_worker_.reset();
  const auto chapter = holder_.Take();
  // The server seals whether or not the ledger still takes entries.
  if (chapter != nullptr && event == StopEvent::kSeal) {
    (void)chapter->Record({.action = core::Action::kSeal});
  }
}

void Unsealed::RenewCertificate(const crypto::Keyring& keyring) {
  const auto renewed =
      RenewServerCertificate(state_, keyring, platform::SystemClock().Now());
  if (!renewed.ok()) {
    Log(Event::kCertificateNotRenewed, {LogField::Error(renewed.status())});
  } else if (*renewed) {
    Log(Event::kCertificateRenewed);
  }
}

}  // namespace sodality::app
