// The rows of a file on their way to the server: counted, and without those
// that no server would accept, which are reported instead of sent.
#ifndef SODALITY_CLIENT_CLI_PUSH_ROWS_H_
#define SODALITY_CLIENT_CLI_PUSH_ROWS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "client/include/sodality/connection.h"

namespace sodality::cli {

class PushRows final : public RosterRows {
 public:
  // `on_rows` is told how many rows of the file each batch held. Borrows.
  PushRows(RosterRows& source, std::function<void(uint64_t)> on_rows);

  absl::StatusOr<std::vector<RosterRow>> Next() override;

  // Adds the rows kept back to what the server answered.
  [[nodiscard]] PushResult Complete(PushResult result) const;

 private:
  bool Sendable(const RosterRow& row);

  RosterRows& source_;
  const std::function<void(uint64_t)> on_rows_;
  std::vector<RowError> kept_back_;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_PUSH_ROWS_H_
