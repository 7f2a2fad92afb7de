// A Connection for tests of programs that use Client. Needs GoogleMock; its
// own target, sodality::client_mocks.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_MOCK_CONNECTION_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_MOCK_CONNECTION_H_

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "sodality/connection.h"

namespace sodality {

// One mock for each method of Connection; GoogleMock's rules for threads. A
// call that the test does not expect answers UNKNOWN; where there is nothing to
// answer but a status, OK.
//
// Example:
//   TEST(PronounsTest, AreThoseOfTheMember) {
//     auto mock = std::make_shared<sodality::MockConnection>();
//     sodality::Member member{.id = "m1", .revision = 1};
//     member.fields = {{"pronouns", {"they/them"}}};
//     EXPECT_CALL(*mock, GetMember).WillOnce(testing::Return(member));
//     EXPECT_EQ(PronounsOf(sodality::Client(mock), "m1").value(), "they/them");
//   }
//
//   TEST(PronounsTest, AnErrorIsTheAnswer) {
//     auto mock = std::make_shared<sodality::MockConnection>();
//     EXPECT_CALL(*mock, GetMember)
//         .WillOnce(testing::Return(absl::PermissionDeniedError("no grant")));
//     EXPECT_TRUE(absl::IsPermissionDenied(
//         PronounsOf(sodality::Client(mock), "m1").status()));
//   }
class MockConnection : public Connection {
 public:
  MOCK_METHOD(absl::StatusOr<ServerStatus>, GetStatus, (), (override));
  MOCK_METHOD(absl::StatusOr<std::vector<SchemaField>>, GetSchema, (),
              (override));
  MOCK_METHOD(absl::StatusOr<Member>, GetMember, (const MemberRequest&),
              (override));
  MOCK_METHOD(absl::StatusOr<MemberPage>, SearchMembers, (const MemberQuery&),
              (override));
  MOCK_METHOD(absl::Status, LookUp,
              (const std::string&, LookupQueries&, const LookupVisitor&),
              (override));
  MOCK_METHOD(absl::StatusOr<Written>, CreateMember, (const NewMember&),
              (override));
  MOCK_METHOD(absl::StatusOr<Written>, UpdateMember, (const MemberEdit&),
              (override));
  MOCK_METHOD(absl::Status, DeleteMember, (const MemberErasure&), (override));
  MOCK_METHOD(absl::StatusOr<Member>, GetSelf, (), (override));
  MOCK_METHOD(absl::StatusOr<Written>, UpdateSelf, (const MemberEdit&),
              (override));
  MOCK_METHOD(absl::Status, DeleteSelf, (), (override));
  MOCK_METHOD(absl::StatusOr<PushResult>, PushRoster,
              (const PushOptions&, RosterRows&), (override));
  MOCK_METHOD(absl::StatusOr<IssuedInvite>, CreateInvite, (const NewInvite&),
              (override));
  MOCK_METHOD(absl::StatusOr<std::vector<Principal>>, ListPrincipals, (),
              (override));
  MOCK_METHOD(absl::Status, SuspendPrincipal, (const std::string&, bool),
              (override));
  MOCK_METHOD(absl::StatusOr<std::vector<Device>>, ListDevices, (), (override));
  MOCK_METHOD(absl::Status, RevokeDevice, (const std::string&), (override));
  MOCK_METHOD(absl::StatusOr<std::string>, CreateGrant, (const NewGrant&),
              (override));
  MOCK_METHOD(absl::StatusOr<std::vector<Grant>>, ListGrants,
              (std::chrono::seconds), (override));
  MOCK_METHOD(absl::Status, RevokeGrant, (const std::string&), (override));
  MOCK_METHOD(absl::StatusOr<KeyList>, ListKeys, (), (override));
  MOCK_METHOD(absl::StatusOr<KeyRotation>, RotateKey, (const std::string&),
              (override));
  MOCK_METHOD(absl::StatusOr<KeyRotation>, Reencrypt, (), (override));
  MOCK_METHOD(absl::Status, WatchRotation,
              (const std::string&, const RotationVisitor&), (override));
  MOCK_METHOD(absl::Status, RegisterApprovalKey,
              (const std::string&, const std::string&), (override));
  MOCK_METHOD(absl::StatusOr<PendingAct>, ProposeAct,
              (const std::string&, const std::string&), (override));
  MOCK_METHOD(absl::StatusOr<std::vector<PendingAct>>, ListActs, (),
              (override));
  MOCK_METHOD(absl::StatusOr<PendingAct>, ApproveAct,
              (const std::string&, const std::string&), (override));
  MOCK_METHOD(absl::StatusOr<PendingAct>, RefuseAct, (const std::string&),
              (override));
  MOCK_METHOD(absl::StatusOr<BackupInfo>, CreateBackup, (const BackupSink&),
              (override));
  MOCK_METHOD(absl::StatusOr<LedgerPage>, ListLedger, (const LedgerQuery&),
              (override));
  MOCK_METHOD(absl::StatusOr<LedgerPage>, ListOwnLedger, (const LedgerQuery&),
              (override));
  MOCK_METHOD(absl::StatusOr<LedgerHead>, GetLedgerHead, (), (override));
  MOCK_METHOD(absl::StatusOr<LedgerHead>, StreamLeaves,
              (uint64_t, const LeafVisitor&), (override));
  MOCK_METHOD(absl::StatusOr<Enrolment>, Redeem, (const std::string&),
              (override));
  MOCK_METHOD(absl::StatusOr<IssuedCertificate>, RenewCertificate,
              (const std::string&), (override));
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_MOCK_CONNECTION_H_
