#include <grpcpp/support/sync_stream.h>

#include <utility>

#include "client/include/sodality/error_info.h"
#include "client/internal/convert.h"
#include "client/internal/grpc_connection.h"

namespace sodality::internal {
namespace {

// A message stays well below what servers accept.
constexpr size_t kMaxBatchBytes = 256 * 1024;
constexpr int kMaxBatchRows = 500;

using RosterWriter = grpc::ClientWriter<v1::PushRosterRequest>;

v1::PushRosterRequest Header(const PushOptions& options) {
  v1::PushRosterRequest request;
  request.mutable_header()->set_source(options.source);
  request.mutable_header()->set_dry_run(options.dry_run);
  request.mutable_header()->set_fill_blanks(options.fill_blanks);
  return request;
}

// False when the server has ended the stream; Finish tells why.
bool SendRows(const std::vector<RosterRow>& rows, RosterWriter& writer) {
  v1::PushRosterRequest request;
  size_t bytes = 0;
  for (const RosterRow& row : rows) {
    v1::RosterRow& added = *request.mutable_batch()->add_rows();
    added = FromRosterRow(row);
    bytes += added.ByteSizeLong();
    const int count = request.batch().rows_size();
    if (count < kMaxBatchRows && bytes < kMaxBatchBytes) continue;
    if (!writer.Write(request)) return false;
    request.Clear();
    bytes = 0;
  }
  return !request.has_batch() || writer.Write(request);
}

// All rows; an error is the source's.
absl::Status SendAll(RosterRows& rows, RosterWriter& writer) {
  for (;;) {
    const auto some = rows.Next();
    if (!some.ok()) return some.status();
    if (some->empty() || !SendRows(*some, writer)) return absl::OkStatus();
  }
}

// Visits what the server sends; an error is the visitor's.
absl::Status VisitAll(grpc::ClientReader<v1::StreamLeavesResponse>& reader,
                      const LeafVisitor& visit, LedgerHead* head) {
  v1::StreamLeavesResponse response;
  while (reader.Read(&response)) {
    if (response.has_head()) *head = ToLedgerHead(response.head());
    const absl::Status seen = visit(ToVector(response.leaves(), ToLedgerLeaf));
    if (!seen.ok()) return seen;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PushResult> GrpcConnection::PushRoster(
    const PushOptions& options, RosterRows& rows) {
  v1::PushRosterResponse response;
  absl::Status sent;
  const absl::Status status = Stream(
      [&](grpc::ClientContext& context) {
        const auto writer = roster_.PushRoster(&context, &response);
        if (writer->Write(Header(options))) sent = SendAll(rows, *writer);
        if (!sent.ok()) context.TryCancel();
        writer->WritesDone();
        return writer->Finish();
      },
      Effect::kWrites);
  if (!sent.ok()) return sent;
  if (!status.ok()) return status;
  return ToPushResult(response);
}

absl::StatusOr<LedgerPage> GrpcConnection::ListLedger(
    const LedgerQuery& query) {
  v1::ListEntriesRequest request;
  request.set_member_id(query.member_id);
  request.set_actor(query.actor);
  if (query.since.has_value()) request.set_since(FromTime(*query.since));
  request.set_page_size(query.page_size);
  request.set_page_token(query.page_token);
  request.set_grant_id(query.grant_id);
  const auto response = Unary(ledger_, &v1::LedgerService::Stub::ListEntries,
                              request, Effect::kReads);
  if (!response.ok()) return response.status();
  return LedgerPage{ToVector(response->entries(), ToLedgerEntry),
                    response->next_page_token()};
}

absl::StatusOr<LedgerPage> GrpcConnection::ListOwnLedger(
    const LedgerQuery& query) {
  v1::ListOwnEntriesRequest request;
  request.set_page_size(query.page_size);
  request.set_page_token(query.page_token);
  const auto response = Unary(ledger_, &v1::LedgerService::Stub::ListOwnEntries,
                              request, Effect::kReads);
  if (!response.ok()) return response.status();
  return LedgerPage{ToVector(response->entries(), ToLedgerEntry),
                    response->next_page_token()};
}

absl::StatusOr<LedgerHead> GrpcConnection::GetLedgerHead() {
  const auto response = Unary(ledger_, &v1::LedgerService::Stub::GetHead,
                              v1::GetHeadRequest(), Effect::kReads);
  if (!response.ok()) return response.status();
  return ToLedgerHead(response->head());
}

absl::StatusOr<LedgerHead> GrpcConnection::StreamLeaves(
    uint64_t first, const LeafVisitor& visit) {
  v1::StreamLeavesRequest request;
  request.set_first(first);
  LedgerHead head;
  absl::Status visited;
  const absl::Status status = Stream(
      [&](grpc::ClientContext& context) {
        const auto reader = ledger_.StreamLeaves(&context, request);
        visited = VisitAll(*reader, visit, &head);
        if (!visited.ok()) context.TryCancel();
        return reader->Finish();
      },
      Effect::kReads);
  if (!visited.ok()) return visited;
  if (!status.ok()) return status;
  return head;
}

}  // namespace sodality::internal
