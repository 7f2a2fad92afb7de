// Who gets what from every method: each role, in each state of an access, with
// a request that is whole, so that nothing but the access decides.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "server/rpc/method_policy.h"
#include "tests/rpc/api_files.h"
#include "tests/rpc/server_fixture.h"
#include "tests/rpc/whole_requests.h"

namespace sodality::rpc {
namespace {

using core::Role;

constexpr std::string_view kOk;
constexpr std::string_view kRoleNotAllowed = "ROLE_NOT_ALLOWED";

// What an access has become when the call is made.
enum class State { kLive, kGrantEnded, kRevoked, kSuspended, kSealed };

// Reasons, by role; empty is success.
struct Reasons {
  std::string_view admin;
  std::string_view coordinator;
  std::string_view member;
  std::string_view source;
  std::string_view auditor;

  [[nodiscard]] std::string_view Of(Role role) const {
    switch (role) {
      case Role::kAdmin:
        return admin;
      case Role::kCoordinator:
        return coordinator;
      case Role::kMember:
        return member;
      case Role::kSource:
        return source;
      case Role::kAuditor:
        return auditor;
    }
    return "?";
  }
};

constexpr Reasons Everybody(std::string_view reason) {
  return {reason, reason, reason, reason, reason};
}
constexpr Reasons AdminAlone(std::string_view admin) {
  return {admin, kRoleNotAllowed, kRoleNotAllowed, kRoleNotAllowed,
          kRoleNotAllowed};
}
constexpr Reasons MemberAlone(std::string_view member) {
  return {kRoleNotAllowed, kRoleNotAllowed, member, kRoleNotAllowed,
          kRoleNotAllowed};
}
constexpr Reasons AdminAndAuditor(std::string_view reason) {
  return {reason, kRoleNotAllowed, kRoleNotAllowed, kRoleNotAllowed, reason};
}
// Through a grant: those who hold none are told so.
constexpr Reasons ThroughGrant(std::string_view holder) {
  return {holder, holder, "NO_GRANT", "NO_GRANT", "NO_GRANT"};
}

struct Row {
  Reasons live;
  Reasons ended;  // Every grant of the caller's has ended.
};

// A row for every method that a device may call. Targets that are not there
// stand for an act that was allowed: nothing is changed for the next row.
std::map<std::string_view, Row> Rows() {
  const auto same = [](const Reasons& reasons) {
    return Row{reasons, reasons};
  };
  const auto through = [](std::string_view holder) {
    return Row{ThroughGrant(holder), ThroughGrant("GRANT_ENDED")};
  };
  return {
      {method::kGetMember, through(kOk)},
      {method::kSearchMembers, through(kOk)},
      {method::kLookup, through(kOk)},
      {method::kCreateMember, through(kOk)},
      {method::kUpdateMember, through(kOk)},
      {method::kDeleteMember,
       {AdminAlone("MEMBER_NOT_FOUND"), AdminAlone("GRANT_ENDED")}},
      {method::kGetSelf, same(MemberAlone(kOk))},
      {method::kUpdateSelf, same(MemberAlone(kOk))},
      {method::kDeleteSelf, same(MemberAlone("INVALID_VALUE"))},
      {method::kPushRoster,
       same({kOk, kRoleNotAllowed, kRoleNotAllowed, kOk, kRoleNotAllowed})},
      {method::kRedeem, same(Everybody(kRoleNotAllowed))},
      {method::kRenew, same(Everybody(kOk))},
      {method::kCreateInvite, same(AdminAlone(kOk))},
      {method::kListPrincipals, same(Everybody(kOk))},
      {method::kSuspendPrincipal, same(AdminAlone("NOT_FOUND"))},
      {method::kListDevices, same(Everybody(kOk))},
      // Others may give back what is their own.
      {method::kRevokeDevice, same(AdminAlone("NOT_FOUND"))},
      {method::kCreateGrant, same(AdminAlone("NOT_FOUND"))},
      {method::kListGrants, same(Everybody(kOk))},
      {method::kRevokeGrant, same(AdminAlone("NOT_FOUND"))},
      {method::kListKeys, same(AdminAlone(kOk))},
      // Of a key that stays as it is.
      {method::kRotateKey, same(AdminAlone("INVALID_VALUE"))},
      // With an id that is none.
      {method::kReencrypt, same(AdminAlone("INVALID_VALUE"))},
      {method::kWatchRotation, same(AdminAlone(kOk))},
      // With a key, an id and signatures that are none.
      {method::kRegisterApprovalKey, same(AdminAlone("INVALID_VALUE"))},
      {method::kProposeAct, same(AdminAlone("INVALID_VALUE"))},
      {method::kListActs, same(AdminAlone(kOk))},
      {method::kApproveAct, same(AdminAlone("INVALID_VALUE"))},
      {method::kRefuseAct, same(AdminAlone("INVALID_VALUE"))},
      // Of a store that keeps no files.
      {method::kCreateBackup, same(AdminAlone("not possible in this state"))},
      {method::kListEntries, same(AdminAndAuditor(kOk))},
      {method::kListOwnEntries, same(MemberAlone(kOk))},
      {method::kGetHead, same(Everybody(kOk))},
      {method::kStreamLeaves, same(AdminAndAuditor(kOk))},
      {method::kGetStatus, same(Everybody(kOk))},
      {method::kGetSchema, same(Everybody(kOk))},
  };
}

class PolicyMatrixTest : public testing::Test {
 protected:
  static constexpr Role kRoles[] = {Role::kAdmin, Role::kCoordinator,
                                    Role::kMember, Role::kSource,
                                    Role::kAuditor};

  // Somebody of that role, with a grant where the role can hold one, and a
  // connection that stands.
  struct Somebody {
    Person person;
    std::shared_ptr<grpc::Channel> channel;
    std::optional<core::GrantId> grant;
  };
  Somebody Enrol(Role role) {
    const std::string name = "Person " + std::to_string(++people_);
    Somebody made;
    made.person = role == Role::kMember
                      ? chapter_.EnrolMember(
                            name, chapter_.AddMember({{"given_name", "Mia"}}))
                      : chapter_.Enrol(name, role);
    if (role == Role::kAdmin || role == Role::kCoordinator) {
      made.grant = chapter_.Grant({.principal = name,
                                   .role = role,
                                   .classes = {core::FieldClass::kBasic}});
    }
    made.channel = server_.ChannelOf(made.person);
    EXPECT_TRUE(CallEmpty(made.channel, method::kHealthCheck).ok());
    return made;
  }

  void Bring(const Somebody& somebody, State state) {
    const core::Caller& admin = chapter_.admin().caller;
    absl::Status status;
    switch (state) {
      case State::kLive:
        return;
      case State::kGrantEnded:
        if (somebody.grant) {
          status = control().RevokeGrant(admin, *somebody.grant,
                                         chapter_.NewRequest());
        }
        break;
      case State::kRevoked:
        status = control().RevokeDevice(admin, somebody.person.caller.device,
                                        chapter_.NewRequest());
        break;
      case State::kSuspended:
        status =
            control().SuspendPrincipal(admin, somebody.person.caller.name,
                                       /*lift=*/false, chapter_.NewRequest());
        break;
      case State::kSealed:
        chapter_.Seal();
        return;
    }
    ASSERT_TRUE(status.ok()) << status;
  }

  std::string Reason(const Somebody& somebody, std::string_view method) {
    const Answer answer =
        CallWith(somebody.channel, method, requests_.Of(method));
    if (answer.status.ok()) return ReasonInside(method, answer);
    const std::string reason = ReasonOf(answer.status);
    return reason.empty() ? answer.status.error_message() : reason;
  }

  // A stream tells by its answers.
  static std::string ReasonInside(std::string_view method,
                                  const Answer& answer) {
    if (method != method::kLookup) return "";
    v1::LookupResponse response;
    EXPECT_EQ(answer.messages.size(), 1u);
    EXPECT_TRUE(response.ParseFromString(answer.messages.at(0)));
    EXPECT_EQ(response.answers_size(), 1);
    return response.answers(0).error().detail().reason();
  }

  core::AccessControl& control() { return chapter_.chapter().access_control(); }

  TestChapter chapter_;
  TestServer server_{chapter_};
  const core::MemberId member_ = chapter_.AddMember({{"given_name", "Ana"}});
  WholeRequests requests_{chapter_, member_};
  int people_ = 0;
};

std::set<std::string> MethodsOfDevices() {
  std::set<std::string> methods;
  for (const auto* file : ApiFiles()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.insert("/" + file->service(s)->full_name() + "/" +
                       file->service(s)->method(m)->name());
      }
    }
  }
  return methods;
}

TEST_F(PolicyMatrixTest, EveryMethodOfEveryServiceHasARow) {
  std::set<std::string> rows;
  for (const auto& [method, row] : Rows()) rows.emplace(method);
  EXPECT_EQ(rows, MethodsOfDevices());
}

TEST_F(PolicyMatrixTest, LiveAccess) {
  for (const Role role : kRoles) {
    const Somebody somebody = Enrol(role);
    for (const auto& [method, row] : Rows()) {
      EXPECT_EQ(Reason(somebody, method), row.live.Of(role))
          << core::RoleName(role) << " " << method;
    }
  }
}

TEST_F(PolicyMatrixTest, EndedGrants) {
  for (const Role role : kRoles) {
    const Somebody somebody = Enrol(role);
    Bring(somebody, State::kGrantEnded);
    for (const auto& [method, row] : Rows()) {
      EXPECT_EQ(Reason(somebody, method), row.ended.Of(role))
          << core::RoleName(role) << " " << method;
    }
  }
}

TEST_F(PolicyMatrixTest, RevokedDevicesAndSuspendedPeopleGetNothing) {
  for (const Role role : kRoles) {
    const Somebody revoked = Enrol(role);
    const Somebody suspended = Enrol(role);
    Bring(revoked, State::kRevoked);
    Bring(suspended, State::kSuspended);
    for (const auto& [method, row] : Rows()) {
      EXPECT_EQ(Reason(revoked, method), "DEVICE_REVOKED")
          << core::RoleName(role) << " " << method;
      EXPECT_EQ(Reason(suspended, method), "PRINCIPAL_SUSPENDED")
          << core::RoleName(role) << " " << method;
    }
  }
}

TEST_F(PolicyMatrixTest, ASealedChapterAnswersNobody) {
  std::vector<Somebody> people;
  for (const Role role : kRoles) people.push_back(Enrol(role));
  Bring(people.front(), State::kSealed);
  for (const Somebody& somebody : people) {
    for (const auto& [method, row] : Rows()) {
      EXPECT_EQ(Reason(somebody, method), "SEALED") << method;
    }
  }
}

}  // namespace
}  // namespace sodality::rpc
