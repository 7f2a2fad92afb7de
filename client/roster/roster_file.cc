#include "client/roster/roster_file.h"

#include <optional>
#include <utility>

#include "client/roster/row_builder.h"

namespace sodality::roster {
namespace {

std::size_t BytesOf(const RosterRow& row) {
  std::size_t bytes = 0;
  for (const Field& field : row.fields) {
    bytes += field.name.size();
    for (const std::string& value : field.values) bytes += value.size();
  }
  return bytes;
}

}  // namespace

absl::StatusOr<RosterFile> RosterFile::Open(std::istream& input,
                                            const FieldCatalogue& catalogue,
                                            const MapFile& map) {
  absl::StatusOr<CsvReader> reader = CsvReader::Open(input);
  if (!reader.ok()) return reader.status();
  absl::StatusOr<HeaderMap> mapped =
      MapHeader(reader->header(), catalogue, map);
  if (!mapped.ok()) return mapped.status();
  return RosterFile(*std::move(reader), *std::move(mapped));
}

RosterFile::RosterFile(CsvReader reader, HeaderMap map)
    : reader_(std::move(reader)), map_(std::move(map)) {}

absl::StatusOr<std::vector<RosterRow>> RosterFile::Next() {
  std::vector<RosterRow> batch;
  std::size_t bytes = 0;
  while (batch.size() < kBatchRows && bytes < kBatchBytes) {
    const absl::StatusOr<std::optional<CsvRow>> row = reader_.Next();
    if (!row.ok()) return row.status();
    if (!row->has_value()) break;
    rows_ = (*row)->row;
    batch.push_back(BuildRow(map_, **row));
    bytes += BytesOf(batch.back());
  }
  return batch;
}

absl::StatusOr<std::uint64_t> RosterFile::Count() {
  for (;;) {
    const absl::StatusOr<std::optional<CsvRow>> row = reader_.Next();
    if (!row.ok()) return row.status();
    if (!row->has_value()) return rows_;
    rows_ = (*row)->row;
  }
}

}  // namespace sodality::roster
