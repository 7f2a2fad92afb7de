// The answers of a stream of look-ups, and what they weigh. Read next:
// lookup_stream.cc.
#ifndef SODALITY_SERVER_RPC_LOOKUP_ANSWER_H_
#define SODALITY_SERVER_RPC_LOOKUP_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <variant>

#include "absl/status/status.h"
#include "server/core/directory.h"
#include "sodality/v1/directory.pb.h"

namespace sodality::rpc {

// A message is no larger, but for its first answer.
inline constexpr size_t kMaxMessageBytes = 1 << 20;

using LookupResult =
    std::variant<absl::Status, core::ProjectedMember, core::SearchResult>;

// What an answer belongs to.
struct AskedQuery {
  uint64_t tag = 0;
  int weight = 0;
};

struct LookupReply {
  LookupReply(AskedQuery to, LookupResult what);

  AskedQuery asked;
  size_t bytes = 0;  // Nearly.
  LookupResult result;
};

// What queries hold that are being answered or wait to be sent.
struct LookupLoad {
  int weight = 0;
  size_t bytes = 0;  // Of answers.

  [[nodiscard]] bool HasRoom() const;
};

// A search may open many records, and show up to 2 MiB.
int WeightOf(const v1::LookupQuery& query);

void FillReply(const LookupReply& answer, v1::LookupAnswer& out);

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_LOOKUP_ANSWER_H_
