#include "server/rpc/lookup_answer.h"

#include <utility>

#include "server/rpc/convert.h"
#include "server/rpc/status.h"

namespace sodality::rpc {
namespace {

// What queries may weigh that are being answered or wait to be sent.
constexpr int kMaxWeight = 64;
constexpr int kSearchWeight = 8;
constexpr size_t kMaxUnsentBytes = 1 << 20;

size_t BytesOfMember(const core::ProjectedMember& member) {
  size_t bytes = 64;
  for (const auto& field : member.fields) {
    bytes += field.values.encoded().size();
  }
  return bytes;
}

size_t BytesOf(const LookupResult& result) {
  if (const auto* member = std::get_if<core::ProjectedMember>(&result)) {
    return BytesOfMember(*member);
  }
  const auto* found = std::get_if<core::SearchResult>(&result);
  if (found == nullptr) return 0;
  size_t bytes = 0;
  for (const auto& member : found->members) bytes += BytesOfMember(member);
  return bytes;
}

void FillError(const absl::Status& status, v1::LookupError& error) {
  const grpc::Status outer = ToGrpcStatus(status);
  error.set_code(outer.error_code());
  error.set_message(outer.error_message());
  if (!outer.error_details().empty()) {
    error.mutable_detail()->ParseFromString(outer.error_details());
  }
}

}  // namespace

LookupReply::LookupReply(AskedQuery to, LookupResult what)
    : asked(to), bytes(BytesOf(what)), result(std::move(what)) {}

bool LookupLoad::HasRoom() const {
  return weight < kMaxWeight && bytes < kMaxUnsentBytes;
}

int WeightOf(const v1::LookupQuery& query) {
  return query.has_search() ? kSearchWeight : 1;
}

void FillReply(const LookupReply& answer, v1::LookupAnswer& out) {
  out.set_tag(answer.asked.tag);
  if (const auto* status = std::get_if<absl::Status>(&answer.result)) {
    return FillError(*status, *out.mutable_error());
  }
  if (const auto* member = std::get_if<core::ProjectedMember>(&answer.result)) {
    return FillMember(*member, *out.mutable_get()->mutable_member());
  }
  FillSearch(std::get<core::SearchResult>(answer.result),
             *out.mutable_search());
}

}  // namespace sodality::rpc
