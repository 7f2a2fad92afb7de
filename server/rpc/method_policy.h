// Who may call what, as one table keyed by full method name. A method without
// a row is refused as INTERNAL; a test walks the registered services and fails
// on a missing or surplus row. Read next: admission.h.
#ifndef SODALITY_SERVER_RPC_METHOD_POLICY_H_
#define SODALITY_SERVER_RPC_METHOD_POLICY_H_

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "server/core/access/types.h"

namespace sodality::rpc {

// Full names, as they stand in the path of a call.
namespace method {
inline constexpr std::string_view kGetMember =
    "/sodality.v1.DirectoryService/GetMember";
inline constexpr std::string_view kSearchMembers =
    "/sodality.v1.DirectoryService/SearchMembers";
inline constexpr std::string_view kLookup =
    "/sodality.v1.DirectoryService/Lookup";
inline constexpr std::string_view kCreateMember =
    "/sodality.v1.DirectoryService/CreateMember";
inline constexpr std::string_view kUpdateMember =
    "/sodality.v1.DirectoryService/UpdateMember";
inline constexpr std::string_view kDeleteMember =
    "/sodality.v1.DirectoryService/DeleteMember";
inline constexpr std::string_view kGetSelf =
    "/sodality.v1.DirectoryService/GetSelf";
inline constexpr std::string_view kUpdateSelf =
    "/sodality.v1.DirectoryService/UpdateSelf";
inline constexpr std::string_view kDeleteSelf =
    "/sodality.v1.DirectoryService/DeleteSelf";
inline constexpr std::string_view kPushRoster =
    "/sodality.v1.RosterService/PushRoster";
inline constexpr std::string_view kRedeem =
    "/sodality.v1.EnrollmentService/Redeem";
inline constexpr std::string_view kRenew =
    "/sodality.v1.EnrollmentService/Renew";
inline constexpr std::string_view kCreateInvite =
    "/sodality.v1.AccessService/CreateInvite";
inline constexpr std::string_view kListPrincipals =
    "/sodality.v1.AccessService/ListPrincipals";
inline constexpr std::string_view kSuspendPrincipal =
    "/sodality.v1.AccessService/SuspendPrincipal";
inline constexpr std::string_view kListDevices =
    "/sodality.v1.AccessService/ListDevices";
inline constexpr std::string_view kRevokeDevice =
    "/sodality.v1.AccessService/RevokeDevice";
inline constexpr std::string_view kCreateGrant =
    "/sodality.v1.AccessService/CreateGrant";
inline constexpr std::string_view kListGrants =
    "/sodality.v1.AccessService/ListGrants";
inline constexpr std::string_view kRevokeGrant =
    "/sodality.v1.AccessService/RevokeGrant";
inline constexpr std::string_view kListKeys =
    "/sodality.v1.KeyService/ListKeys";
inline constexpr std::string_view kRotateKey =
    "/sodality.v1.KeyService/RotateKey";
inline constexpr std::string_view kReencrypt =
    "/sodality.v1.KeyService/Reencrypt";
inline constexpr std::string_view kWatchRotation =
    "/sodality.v1.KeyService/WatchRotation";
inline constexpr std::string_view kRegisterApprovalKey =
    "/sodality.v1.ApprovalService/RegisterApprovalKey";
inline constexpr std::string_view kProposeAct =
    "/sodality.v1.ApprovalService/ProposeAct";
inline constexpr std::string_view kListActs =
    "/sodality.v1.ApprovalService/ListActs";
inline constexpr std::string_view kApproveAct =
    "/sodality.v1.ApprovalService/ApproveAct";
inline constexpr std::string_view kRefuseAct =
    "/sodality.v1.ApprovalService/RefuseAct";
inline constexpr std::string_view kCreateBackup =
    "/sodality.v1.BackupService/CreateBackup";
inline constexpr std::string_view kListEntries =
    "/sodality.v1.LedgerService/ListEntries";
inline constexpr std::string_view kListOwnEntries =
    "/sodality.v1.LedgerService/ListOwnEntries";
inline constexpr std::string_view kGetHead =
    "/sodality.v1.LedgerService/GetHead";
inline constexpr std::string_view kStreamLeaves =
    "/sodality.v1.LedgerService/StreamLeaves";
inline constexpr std::string_view kGetStatus =
    "/sodality.v1.SystemService/GetStatus";
inline constexpr std::string_view kGetSchema =
    "/sodality.v1.SystemService/GetSchema";
inline constexpr std::string_view kHealthCheck = "/grpc.health.v1.Health/Check";
inline constexpr std::string_view kHealthWatch = "/grpc.health.v1.Health/Watch";
}  // namespace method

// What the certificate on the connection must be.
enum class CallerKind : uint8_t {
  kAnyCertificate,  // Of this chapter's authority; answered while sealed too.
  kInvite,
  kDevice,
};

// A set of roles. Thread safety: a value.
class RoleSet final {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<core::Role> roles) {
    for (const core::Role role : roles) bits_ |= Bit(role);
  }
  [[nodiscard]] constexpr bool Contains(core::Role role) const {
    return (bits_ & Bit(role)) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr uint32_t Bit(core::Role role) {
    return uint32_t{1} << static_cast<uint8_t>(role);
  }
  uint32_t bits_ = 0;
};

struct MethodPolicy {
  std::string_view method;
  CallerKind caller = CallerKind::kDevice;
  RoleSet roles;  // Of a device's principal; empty for the other kinds.
  // A call must have a deadline, at most this far away; zero: needs none.
  std::chrono::seconds longest{0};
  bool streams = false;  // Lasts: few at once for a caller.
  bool writes = false;   // Changes something: only with a request id, or safe
                         // to repeat by its nature.
  bool reveals = false;  // The answer can hold what is marked sensitive.

  [[nodiscard]] bool needs_unsealed() const {
    return caller != CallerKind::kAnyCertificate;
  }
};

// Null when there is no row.
const MethodPolicy* FindPolicy(std::string_view method);
std::span<const MethodPolicy> AllPolicies();

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_METHOD_POLICY_H_
