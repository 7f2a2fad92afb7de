#include <utility>

#include "server/core/directory.h"
#include "server/rpc/call_gate.h"
#include "server/rpc/convert.h"
#include "server/rpc/lookup_stream.h"
#include "server/rpc/services.h"
#include "server/rpc/wait.h"
#include "sodality/v1/directory.grpc.pb.h"

namespace sodality::rpc {
namespace {

// Look-ups wait for the ledger without a thread of their own (docs/adr/
// 0011-api.md); everything else is of the sync API.
using Base = v1::DirectoryService::WithCallbackMethod_GetMember<
    v1::DirectoryService::WithCallbackMethod_SearchMembers<
        v1::DirectoryService::WithCallbackMethod_Lookup<
            v1::DirectoryService::Service>>>;

class DirectoryService final : public Base {
 public:
  explicit DirectoryService(const CallGate& gate) : gate_(gate) {
    SetMessageAllocatorFor_GetMember(&get_messages_);
    SetMessageAllocatorFor_SearchMembers(&search_messages_);
  }

  grpc::ServerUnaryReactor* GetMember(
      grpc::CallbackServerContext* context, const v1::GetMemberRequest* request,
      v1::GetMemberResponse* response) override {
    return gate_.RunAsync(
        *context, method::kGetMember,
        [&](const Call& call, const Finish& finish) {
          auto query = ParseGet(*request);
          if (!query.ok()) return finish(query.status());
          call.chapter().directory().Get(
              call.caller(), *std::move(query),
              [response, finish](absl::StatusOr<core::ProjectedMember> member) {
                if (member.ok())
                  FillMember(*member, *response->mutable_member());
                finish(member.status());
              });
        });
  }

  grpc::ServerUnaryReactor* SearchMembers(
      grpc::CallbackServerContext* context,
      const v1::SearchMembersRequest* request,
      v1::SearchMembersResponse* response) override {
    return gate_.RunAsync(
        *context, method::kSearchMembers,
        [&](const Call& call, const Finish& finish) {
          auto query = ParseSearch(*request);
          if (!query.ok()) return finish(query.status());
          call.chapter().directory().Search(
              call.caller(), *std::move(query),
              [response, finish](absl::StatusOr<core::SearchResult> result) {
                if (result.ok()) FillSearch(*result, *response);
                finish(result.status());
              });
        });
  }

  LookupReactor* Lookup(grpc::CallbackServerContext* context) override {
    return gate_.OpenStream<LookupReactor>(
        *context, method::kLookup, [&](Call call) {
          return StartLookupStream(*context, std::move(call),
                                   gate_.on_damage());
        });
  }

  grpc::Status CreateMember(grpc::ServerContext* context,
                            const v1::CreateMemberRequest* request,
                            v1::CreateMemberResponse* response) override {
    return gate_.Run(
        *context, method::kCreateMember, [&](const Call& call) -> absl::Status {
          const auto input = ParseCreate(*request);
          if (!input.ok()) return input.status();
          const auto made =
              call.chapter().directory().Create(call.caller(), *input);
          if (!made.ok()) return made.status();
          response->set_member_id(FormatId(made->id.bytes));
          response->set_revision(made->revision);
          return absl::OkStatus();
        });
  }

  grpc::Status UpdateMember(grpc::ServerContext* context,
                            const v1::UpdateMemberRequest* request,
                            v1::UpdateMemberResponse* response) override {
    return gate_.Run(
        *context, method::kUpdateMember, [&](const Call& call) -> absl::Status {
          const auto update = ParseUpdate(*request);
          if (!update.ok()) return update.status();
          const auto made = call.chapter().directory().Update(
              call.caller(), update->member, update->grant, update->input);
          if (made.ok()) response->set_revision(made->revision);
          return made.status();
        });
  }

  grpc::Status DeleteMember(grpc::ServerContext* context,
                            const v1::DeleteMemberRequest* request,
                            v1::DeleteMemberResponse*) override {
    return gate_.Run(
        *context, method::kDeleteMember, [&](const Call& call) -> absl::Status {
          const auto member =
              ParseId<core::MemberId>(request->member_id(), "member_id");
          if (!member.ok()) return member.status();
          const auto grant = ParseGrant(request->grant_id());
          if (!grant.ok()) return grant.status();
          const auto id = ParseRequestId(request->request_id());
          if (!id.ok()) return id.status();
          return call.chapter().directory().Erase(call.caller(), *member,
                                                  *grant, *id);
        });
  }

  grpc::Status GetSelf(grpc::ServerContext* context, const v1::GetSelfRequest*,
                       v1::GetSelfResponse* response) override {
    return gate_.Run(*context, method::kGetSelf,
                     [&](const Call& call) -> absl::Status {
                       const auto self = AwaitAnswer<core::ProjectedMember>(
                           [&](core::Done<core::ProjectedMember> done) {
                             call.chapter().directory().GetSelf(
                                 call.caller(), std::move(done));
                           });
                       if (self.ok())
                         FillMember(*self, *response->mutable_member());
                       return self.status();
                     });
  }

  grpc::Status UpdateSelf(grpc::ServerContext* context,
                          const v1::UpdateSelfRequest* request,
                          v1::UpdateSelfResponse* response) override {
    return gate_.Run(
        *context, method::kUpdateSelf, [&](const Call& call) -> absl::Status {
          const auto input = ParseUpdateSelf(*request);
          if (!input.ok()) return input.status();
          const auto made =
              call.chapter().directory().UpdateSelf(call.caller(), *input);
          if (made.ok()) response->set_revision(made->revision);
          return made.status();
        });
  }

  grpc::Status DeleteSelf(grpc::ServerContext* context,
                          const v1::DeleteSelfRequest* request,
                          v1::DeleteSelfResponse*) override {
    return gate_.Run(
        *context, method::kDeleteSelf, [&](const Call& call) -> absl::Status {
          const auto id = ParseRequestId(request->request_id());
          if (!id.ok()) return id.status();
          return call.chapter().directory().EraseSelf(call.caller(), *id);
        });
  }

 private:
  const CallGate& gate_;
  TwoBlockAllocator<v1::GetMemberRequest, v1::GetMemberResponse> get_messages_;
  TwoBlockAllocator<v1::SearchMembersRequest, v1::SearchMembersResponse>
      search_messages_;
};

}  // namespace

ServicePtr MakeDirectoryService(const CallGate& gate) {
  return std::make_unique<DirectoryService>(gate);
}

}  // namespace sodality::rpc
