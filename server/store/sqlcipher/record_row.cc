#include "server/store/sqlcipher/record_row.h"

#include <span>

#include "server/store/sqlcipher/packing.h"

namespace sodality::store {
namespace {

// A list of tokens is sorted, and each begins with its version.
uint16_t OldestIndexVersion(std::span<const uint8_t> first) {
  if (first.size() < 2) return 0;
  return static_cast<uint16_t>(first[0] << 8 | first[1]);
}

}  // namespace

absl::StatusOr<MemberRecord> RecordOf(const sqlcipher::Statement& row) {
  const absl::StatusOr<IdBytes> id = ReadId(row.Blob(0));
  if (!id.ok()) return id.status();
  const std::span<const uint8_t> sealed = row.Blob(5);
  return MemberRecord{.id = {*id},
                      .revision = row.Uint(1),
                      .changed_at = row.Uint(2),
                      .sealed = Bytes(sealed.begin(), sealed.end()),
                      .wrap_version = static_cast<uint32_t>(row.Int(3)),
                      .oldest_index_version = OldestIndexVersion(row.Blob(4))};
}

}  // namespace sodality::store
