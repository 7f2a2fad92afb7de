#include "server/app/record_check.h"

#include <optional>
#include <utility>

#include "crypto/record.h"
#include "server/core/members.h"
#include "text/base32.h"

namespace sodality::app {

namespace {

// Every field of it, under the wrap key that the store counts it to.
[[nodiscard]] bool Opens(store::MemberRecord record,
                         const core::Sealer& sealer) {
  const auto sealed = crypto::SealedRecord::Parse(record.sealed);
  if (!sealed.ok() || sealed->wrap_key_version() != record.wrap_version) {
    return false;
  }
  const auto opened = sealer.Open(std::move(record));
  return opened.ok() && opened->All().ok();
}

}  // namespace

absl::StatusOr<RecordCheck> CheckRecords(core::Chapter& chapter) {
  constexpr size_t kPage = 50;  // Of up to 4 MiB each.
  const auto members = core::Members::Create(chapter.directory_parts());
  if (!members.ok()) return members.status();
  RecordCheck check;
  std::optional<store::MemberId> after;
  size_t found = kPage;
  while (found == kPage) {
    auto page = chapter.store().Find({}, after, kPage);
    if (!page.ok()) return page.status();
    found = page->size();
    for (store::MemberRecord& record : *page) {
      after = record.id;
      if (Opens(std::move(record), members->sealer())) {
        ++check.opened;
      } else if (++check.closed <= RecordCheck::kNamed) {
        check.ids.push_back(text::EncodeBase32(after->bytes));
      }
    }
  }
  return check;
}

}  // namespace sodality::app
