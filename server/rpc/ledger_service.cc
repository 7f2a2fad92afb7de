#include <algorithm>
#include <utility>

#include "server/core/directory_tools.h"
#include "server/core/ledger/ledger_reader.h"
#include "server/rpc/call_gate.h"
#include "server/rpc/checked_stream.h"
#include "server/rpc/convert.h"
#include "server/rpc/page_token.h"
#include "server/rpc/services.h"
#include "sodality/v1/ledger.grpc.pb.h"

namespace sodality::rpc {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 500;
constexpr size_t kLeavesPerMessage = 256;

absl::StatusOr<size_t> ParsePageSize(int32_t size) {
  if (size < 0) return InvalidValue("page_size", "negative");
  if (size == 0) return kDefaultPage;
  return static_cast<size_t>(std::min(size, kMaxPage));
}

// The member whose entries are asked for, and the grant that covers them.
struct AskedMember {
  core::MemberId id;
  core::GrantUse grant;
  crypto::MemberLedgerKey key;
};

// Reading the ledger is recorded in it, before the answer leaves; reading what
// it says of a member is a reveal of them, and charged as one.
absl::Status RecordRead(const Call& call,
                        const std::optional<AskedMember>& member) {
  core::EntryDraft draft{.action = core::Action::kReadLedger,
                         .actor = call.caller().principal,
                         .device = call.caller().device};
  if (!member) return call.chapter().Record(std::move(draft));
  draft.grant = member->grant;
  draft.members.push_back(
      core::MakeMemberPart(member->id, member->key, /*fields=*/{}));
  return core::ReleaseNow(call.chapter().ledger(), std::move(draft));
}

// What of a request decides which entries are asked for, without the page.
std::string QuestionOf(const v1::ListEntriesRequest& request) {
  v1::ListEntriesRequest question = request;
  question.clear_page_size();
  question.clear_page_token();
  return question.SerializeAsString();
}

absl::StatusOr<core::EntryQuery> ParseQuery(
    const v1::ListEntriesRequest& request, const core::AccessTable& access) {
  core::EntryQuery query;
  const auto limit = ParsePageSize(request.page_size());
  if (!limit.ok()) return limit.status();
  query.limit = *limit;
  if (!request.actor().empty()) {
    const auto actor = access.ResolvePrincipal(request.actor());
    if (!actor.ok()) return actor.status();
    query.actor = (*actor)->id;
  }
  if (!request.since().empty()) {
    const auto since = platform::ParseTimestamp(request.since());
    if (!since.ok()) return InvalidValue("since", "not an RFC 3339 time");
    query.since = *since;
  }
  return query;
}

// Who asks for entries about a member must have a grant that covers them.
absl::StatusOr<std::optional<AskedMember>> ParseMember(
    const Call& call, const v1::ListEntriesRequest& request,
    platform::Timestamp now) {
  if (request.member_id().empty()) return std::nullopt;
  const auto id = ParseId<core::MemberId>(request.member_id(), "member_id");
  if (!id.ok()) return id.status();
  const auto wanted = ParseGrant(request.grant_id());
  if (!wanted.ok()) return wanted.status();
  const core::Chapter& chapter = call.chapter();
  const auto grant = chapter.access().SelectGrant(call.caller(), *wanted, now);
  if (!grant.ok()) return grant.status();
  auto key =
      call.chapter().directory().LedgerKeyOf(call.caller(), *id, (*grant)->id);
  if (!key.ok()) return key.status();
  return AskedMember{*id, {(*grant)->id, (*grant)->version}, *std::move(key)};
}

template <class Response>
absl::Status FillPage(const Call& call, const core::EntryQuery& query,
                      std::string_view question, Response& response) {
  const auto page = call.chapter().ledger_reader().List(query);
  if (!page.ok()) return page.status();
  for (const core::ListedEntry& entry : page->entries) {
    FillEntry(entry, call.chapter(), *response.add_entries());
  }
  if (page->next_before != 0) {
    response.set_next_page_token(FormatPageToken(page->next_before, question));
  }
  return absl::OkStatus();
}

absl::Status ListEntries(const Call& call, platform::Timestamp now,
                         const v1::ListEntriesRequest& request,
                         v1::ListEntriesResponse& response) {
  auto query = ParseQuery(request, call.chapter().access());
  if (!query.ok()) return query.status();
  const std::string question = QuestionOf(request);
  const auto before = ParsePageToken(request.page_token(), question);
  if (!before.ok()) return before.status();
  query->before = *before;
  const auto member = ParseMember(call, request, now);
  if (!member.ok()) return member.status();
  if (*member) query->member = &(*member)->key;
  const absl::Status filled = FillPage(call, *query, question, response);
  if (!filled.ok()) return filled;
  return RecordRead(call, *member);
}

absl::Status ListOwnEntries(const Call& call,
                            const v1::ListOwnEntriesRequest& request,
                            v1::ListOwnEntriesResponse& response) {
  const auto limit = ParsePageSize(request.page_size());
  if (!limit.ok()) return limit.status();
  const std::string question = "own";
  const auto before = ParsePageToken(request.page_token(), question);
  if (!before.ok()) return before.status();
  const auto key = call.chapter().directory().OwnLedgerKey(call.caller());
  if (!key.ok()) return key.status();
  return FillPage(call, {.member = &*key, .before = *before, .limit = *limit},
                  question, response);
}

absl::Status StreamLeaves(const Call& call, uint64_t first,
                          CheckedWriter<v1::StreamLeavesResponse>& writer) {
  core::Ledger& ledger = call.chapter().ledger();
  const core::Head head = ledger.head();
  uint64_t next = std::max<uint64_t>(first, 1);
  bool last = false;
  while (!last) {
    v1::StreamLeavesResponse message;
    while (next <= head.number &&
           static_cast<size_t>(message.leaves_size()) < kLeavesPerMessage) {
      const auto entry = ledger.Read(next++);
      if (!entry.ok()) return entry.status();
      FillLeaf(*entry, *message.add_leaves());
    }
    last = next > head.number;
    if (last) {
      FillHead(call.chapter().SignHead(head), *message.mutable_head());
    }
    const absl::Status written = writer.Write(message);
    if (!written.ok()) return written;
  }
  return absl::OkStatus();
}

class LedgerService final : public v1::LedgerService::Service {
 public:
  LedgerService(const CallGate& gate, const platform::Clock& clock)
      : gate_(gate), clock_(clock) {}

  grpc::Status ListEntries(grpc::ServerContext* context,
                           const v1::ListEntriesRequest* request,
                           v1::ListEntriesResponse* response) override {
    return gate_.Run(*context, method::kListEntries, [&](const Call& call) {
      return rpc::ListEntries(call, clock_.Now(), *request, *response);
    });
  }

  grpc::Status ListOwnEntries(grpc::ServerContext* context,
                              const v1::ListOwnEntriesRequest* request,
                              v1::ListOwnEntriesResponse* response) override {
    return gate_.Run(*context, method::kListOwnEntries, [&](const Call& call) {
      return rpc::ListOwnEntries(call, *request, *response);
    });
  }

  grpc::Status GetHead(grpc::ServerContext* context, const v1::GetHeadRequest*,
                       v1::GetHeadResponse* response) override {
    return gate_.Run(*context, method::kGetHead, [&](const Call& call) {
      core::Chapter& chapter = call.chapter();
      FillHead(chapter.SignHead(chapter.ledger().head()),
               *response->mutable_head());
      return absl::OkStatus();
    });
  }

  grpc::Status StreamLeaves(
      grpc::ServerContext* context, const v1::StreamLeavesRequest* request,
      grpc::ServerWriter<v1::StreamLeavesResponse>* stream) override {
    return gate_.Run(*context, method::kStreamLeaves, [&](const Call& call) {
      CheckedWriter<v1::StreamLeavesResponse> writer(call, *stream);
      return rpc::StreamLeaves(call, request->first(), writer);
    });
  }

 private:
  const CallGate& gate_;
  const platform::Clock& clock_;
};

}  // namespace

ServicePtr MakeLedgerService(const CallGate& gate,
                             const platform::Clock& clock) {
  return std::make_unique<LedgerService>(gate, clock);
}

}  // namespace sodality::rpc
