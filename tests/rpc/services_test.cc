// What each service but the ledger's answers, over real connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/pki/certificate.h"
#include "crypto/pki/csr.h"
#include "crypto/pki/invite_file.h"
#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "sodality/v1/access.grpc.pb.h"
#include "sodality/v1/directory.grpc.pb.h"
#include "sodality/v1/enrollment.grpc.pb.h"
#include "sodality/v1/ledger.grpc.pb.h"
#include "sodality/v1/roster.grpc.pb.h"
#include "sodality/v1/system.grpc.pb.h"
#include "tests/rpc/services_fixture.h"

namespace sodality::rpc {
namespace {

using core::Role;
using grpc::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

using ServicesTest = ServicesFixture;

std::string ValueOf(const v1::Member& member, std::string_view field) {
  for (const v1::Field& f : member.fields()) {
    if (f.name() == field && f.values_size() == 1) return f.values(0);
  }
  return "";
}

TEST_F(ServicesTest, GetShowsBasicFieldsAndNamesTheOthers) {
  const auto id = AddMaria();
  v1::GetMemberRequest request;
  request.set_member_id(FormatId(id.bytes));
  v1::GetMemberResponse response;
  Context context;
  const auto status = directory_->GetMember(context.get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(ValueOf(response.member(), "given_name"), "Maria");
  EXPECT_EQ(ValueOf(response.member(), "phone"), "");
  EXPECT_THAT(response.member().hidden(), testing::Contains("phone"));
}

TEST_F(ServicesTest, GetRevealsOnRequest) {
  const auto id = AddMaria();
  v1::GetMemberRequest request;
  request.set_member_id(FormatId(id.bytes));
  request.mutable_view()->set_reveal(true);
  v1::GetMemberResponse response;
  Context context;
  ASSERT_TRUE(directory_->GetMember(context.get(), request, &response).ok());
  EXPECT_EQ(ValueOf(response.member(), "phone"), "+12125550123");
  EXPECT_THAT(response.member().hidden(), IsEmpty());
}

TEST_F(ServicesTest, AbsentMemberIsNotFound) {
  v1::GetMemberRequest request;
  request.set_member_id(NewRequestId());
  v1::GetMemberResponse response;
  Context context;
  const auto status = directory_->GetMember(context.get(), request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "MEMBER_NOT_FOUND");
}

TEST_F(ServicesTest, SearchFindsByPrefix) {
  AddMaria();
  v1::SearchMembersRequest request;
  request.add_words("mar");
  request.add_words("gonz");
  v1::SearchMembersResponse response;
  Context context;
  const auto status =
      directory_->SearchMembers(context.get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.members_size(), 1);
  EXPECT_EQ(ValueOf(response.members(0), "family_name"), "González");
}

TEST_F(ServicesTest, SearchWithTooManyWordsIsInvalid) {
  v1::SearchMembersRequest request;
  for (int i = 0; i < 9; ++i) request.add_words("maria");
  v1::SearchMembersResponse response;
  Context context;
  const auto status =
      directory_->SearchMembers(context.get(), request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "INVALID_VALUE");
}

TEST_F(ServicesTest, UpdateRefusesAStaleRevision) {
  v1::UpdateMemberRequest request;
  request.set_member_id(FormatId(AddMaria().bytes));
  request.set_revision(1);
  request.add_update_mask("pronouns");
  v1::Field& field = *request.add_fields();
  field.set_name("pronouns");
  field.add_values("she");
  request.set_request_id(NewRequestId());
  v1::UpdateMemberResponse response;
  Context first;
  ASSERT_TRUE(directory_->UpdateMember(first.get(), request, &response).ok());
  EXPECT_EQ(response.revision(), 2u);
  request.set_request_id(NewRequestId());
  Context second;
  const auto status =
      directory_->UpdateMember(second.get(), request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::ABORTED);
  EXPECT_EQ(ReasonOf(status), "STALE_REVISION");
}

TEST_F(ServicesTest, AMemberSeesTheirOwnRecordAndWhoSawIt) {
  const auto id = AddMaria();
  v1::GetMemberRequest look;
  look.set_member_id(FormatId(id.bytes));
  v1::GetMemberResponse looked;
  Context looking;
  ASSERT_TRUE(directory_->GetMember(looking.get(), look, &looked).ok());

  const auto channel = server_.ChannelOf(chapter_.EnrolMember("Maria", id));
  v1::GetSelfResponse self;
  Context own;
  const auto status =
      v1::DirectoryService::NewStub(channel)->GetSelf(own.get(), {}, &self);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(ValueOf(self.member(), "email"), "maria@example.org");

  v1::ListOwnEntriesResponse entries;
  Context seen;
  ASSERT_TRUE(v1::LedgerService::NewStub(channel)
                  ->ListOwnEntries(seen.get(), {}, &entries)
                  .ok());
  ASSERT_GE(entries.entries_size(), 2);
  bool admin_looked = false;
  for (const v1::LedgerEntry& entry : entries.entries()) {
    if (entry.action() != "GET") continue;
    admin_looked = true;
    EXPECT_EQ(entry.actor(), "Ada Admin");
    EXPECT_EQ(entry.purpose(), "set-up");
    EXPECT_THAT(entry.fields(), testing::Contains("given_name"));
    EXPECT_THAT(entry.fields(), Not(testing::Contains("phone")));
  }
  EXPECT_TRUE(admin_looked);
}

TEST_F(ServicesTest, RosterPushAddsAndThenChangesNothing) {
  const auto stub = v1::RosterService::NewStub(admin_);
  const auto push = [&](v1::PushRosterResponse& response) {
    Context context;
    const auto stream = stub->PushRoster(context.get(), &response);
    v1::PushRosterRequest message;
    message.mutable_header()->set_source("test");
    EXPECT_TRUE(stream->Write(message));
    v1::RosterRow& row = *message.mutable_batch()->add_rows();
    row.set_row(1);
    for (const auto& [name, value] :
         {std::pair{"external_id", "A1"}, std::pair{"given_name", "Ana"}}) {
      v1::Field& field = *row.add_fields();
      field.set_name(name);
      field.add_values(value);
    }
    EXPECT_TRUE(stream->Write(message));
    stream->WritesDone();
    return stream->Finish();
  };
  v1::PushRosterResponse first;
  const auto status = push(first);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(first.added(), 1u);
  v1::PushRosterResponse second;
  ASSERT_TRUE(push(second).ok());
  EXPECT_EQ(second.unchanged(), 1u);
  EXPECT_EQ(second.added(), 0u);
}

TEST_F(ServicesTest, ARosterWithoutAHeaderIsRefused) {
  const auto status = CallEmpty(admin_, method::kPushRoster);
  EXPECT_EQ(ReasonOf(status), "NO_HEADER");
}

TEST_F(ServicesTest, AnInviteIsRedeemedOverItsOwnConnection) {
  v1::CreateInviteRequest request;
  request.set_name("Cora");
  request.set_role("coordinator");
  request.set_request_id(NewRequestId());
  v1::CreateInviteResponse made;
  Context making;
  const auto status = v1::AccessService::NewStub(admin_)->CreateInvite(
      making.get(), request, &made);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const auto invite = pki::ParseInvite(
      crypto::SecretBytes::FromString(std::string(made.invite())));
  ASSERT_TRUE(invite.ok()) << invite.status();
  EXPECT_EQ(invite->name, "Cora");

  const auto pem = invite->key.ToPkcs8Pem();
  const Person bearer = {.certificate_pem = invite->certificate.ToPem(),
                         .key_pem = std::string(crypto::AsText(
                             pem->Expose(crypto::AllowSecretAccess())))};
  const auto key = pki::PrivateKey::Generate();
  const auto certificate_request = pki::CertificateRequest::Create(*key);
  v1::RedeemRequest redeem;
  redeem.set_certificate_request(
      std::string(crypto::AsText(certificate_request->der())));
  v1::RedeemResponse redeemed;
  Context redeeming;
  const auto done = v1::EnrollmentService::NewStub(server_.ChannelOf(bearer))
                        ->Redeem(redeeming.get(), redeem, &redeemed);
  ASSERT_TRUE(done.ok()) << done.error_message();
  EXPECT_EQ(redeemed.role(), "coordinator");
  EXPECT_EQ(redeemed.principal_name(), "Cora");
  EXPECT_EQ(redeemed.chapter_name(), "Test Chapter");
  EXPECT_TRUE(pki::Certificate::ParsePem(redeemed.certificate()).ok());
}

TEST_F(ServicesTest, OthersSeeThemselvesAloneInLists) {
  const Person cora = chapter_.Enrol("Cora", Role::kCoordinator);
  const auto stub = v1::AccessService::NewStub(server_.ChannelOf(cora));
  v1::ListPrincipalsResponse principals;
  Context first;
  ASSERT_TRUE(stub->ListPrincipals(first.get(), {}, &principals).ok());
  ASSERT_EQ(principals.principals_size(), 1);
  EXPECT_EQ(principals.principals(0).name(), "Cora");
  v1::ListDevicesResponse devices;
  Context second;
  ASSERT_TRUE(stub->ListDevices(second.get(), {}, &devices).ok());
  EXPECT_EQ(devices.devices_size(), 1);
  v1::ListGrantsResponse grants;
  Context third;
  ASSERT_TRUE(stub->ListGrants(third.get(), {}, &grants).ok());
  EXPECT_EQ(grants.grants_size(), 0);
}

TEST_F(ServicesTest, AGrantIsListedWithWhatIsLeft) {
  const Person cora = chapter_.Enrol("Cora", Role::kCoordinator);
  v1::CreateGrantRequest request;
  request.set_principal("Cora");
  request.set_role("coordinator");
  request.add_classes("basic");
  request.set_purpose("phone bank");
  request.set_not_after(platform::FormatTimestamp(chapter_.clock().Now() +
                                                  std::chrono::hours(24)));
  request.mutable_budget()->set_per_day(5);
  request.set_request_id(NewRequestId());
  v1::CreateGrantResponse made;
  Context making;
  const auto status = v1::AccessService::NewStub(admin_)->CreateGrant(
      making.get(), request, &made);
  ASSERT_TRUE(status.ok()) << status.error_message();

  v1::GetStatusResponse state;
  Context asking;
  ASSERT_TRUE(v1::SystemService::NewStub(server_.ChannelOf(cora))
                  ->GetStatus(asking.get(), {}, &state)
                  .ok());
  EXPECT_EQ(state.version(), "1.2.3");
  EXPECT_EQ(state.self().name(), "Cora");
  EXPECT_EQ(state.members(), 0u);
  ASSERT_EQ(state.grants_size(), 1);
  EXPECT_EQ(state.grants(0).id(), made.grant_id());
  EXPECT_EQ(state.grants(0).state(), "active");
  EXPECT_EQ(state.grants(0).left().per_day(), 5u);
  EXPECT_EQ(state.grants(0).left().per_hour(), 0u);
}

TEST_F(ServicesTest, TheSchemaShowsWhatTheGrantsShow) {
  const Person cora = chapter_.Enrol("Cora", Role::kCoordinator);
  const auto fields_of = [&](const std::shared_ptr<grpc::Channel>& channel) {
    v1::GetSchemaResponse schema;
    Context context;
    EXPECT_TRUE(v1::SystemService::NewStub(channel)
                    ->GetSchema(context.get(), {}, &schema)
                    .ok());
    return schema.fields_size();
  };
  EXPECT_EQ(fields_of(server_.ChannelOf(cora)), 0);
  EXPECT_EQ(fields_of(admin_),
            static_cast<int>(chapter_.chapter().schema().fields().size()));
}

}  // namespace
}  // namespace sodality::rpc
