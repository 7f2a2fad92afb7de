#include "server/rpc/method_policy.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "grpc/health/v1/health.pb.h"
#include "sodality/v1/options.pb.h"
#include "tests/rpc/api_files.h"

namespace sodality::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

std::vector<const FileDescriptor*> ServiceFiles() {
  std::vector<const FileDescriptor*> files = ApiFiles();
  files.push_back(grpc::health::v1::HealthCheckRequest::descriptor()->file());
  return files;
}

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : ServiceFiles()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

std::string PathOf(const MethodDescriptor& method) {
  return "/" + method.service()->full_name() + "/" + method.name();
}

bool HoldsSensitive(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->options().GetExtension(v1::sensitive)) return true;
  }
  return false;
}

TEST(MethodPolicyTest, EveryMethodHasARow) {
  const auto methods = Methods();
  ASSERT_GT(methods.size(), 20u);
  for (const MethodDescriptor* method : methods) {
    EXPECT_NE(FindPolicy(PathOf(*method)), nullptr) << PathOf(*method);
  }
}

TEST(MethodPolicyTest, EveryRowHasAMethodAndOnlyOneRow) {
  std::set<std::string> paths;
  for (const MethodDescriptor* method : Methods()) {
    paths.insert(PathOf(*method));
  }
  std::set<std::string_view> seen;
  for (const MethodPolicy& row : AllPolicies()) {
    EXPECT_TRUE(paths.contains(std::string(row.method))) << row.method;
    EXPECT_TRUE(seen.insert(row.method).second) << row.method;
  }
}

TEST(MethodPolicyTest, UnknownMethodHasNoRow) {
  EXPECT_EQ(FindPolicy("/sodality.v1.DirectoryService/ExportAll"), nullptr);
  EXPECT_EQ(FindPolicy(""), nullptr);
}

TEST(MethodPolicyTest, RevealsIsWhatTheAnswersMarksSay) {
  for (const MethodDescriptor* method : Methods()) {
    const MethodPolicy* row = FindPolicy(PathOf(*method));
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->reveals, HoldsSensitive(*method->output_type()))
        << row->method;
  }
}

TEST(MethodPolicyTest, StreamsIsWhatTheServiceSays) {
  for (const MethodDescriptor* method : Methods()) {
    const MethodPolicy* row = FindPolicy(PathOf(*method));
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->streams,
              method->client_streaming() || method->server_streaming())
        << row->method;
  }
}

// What changes something must be safe to send twice: by a request id, or by
// its nature.
TEST(MethodPolicyTest, WritesCarryARequestId) {
  const std::set<std::string_view> safe_by_nature = {
      method::kRedeem, method::kRenew, method::kPushRoster,
      // An act has an id of its own.
      method::kRegisterApprovalKey, method::kProposeAct, method::kApproveAct,
      method::kRefuseAct};
  for (const MethodDescriptor* method : Methods()) {
    const MethodPolicy* row = FindPolicy(PathOf(*method));
    ASSERT_NE(row, nullptr);
    const bool has_id =
        method->input_type()->FindFieldByName("request_id") != nullptr;
    EXPECT_EQ(row->writes, has_id || safe_by_nature.contains(row->method))
        << row->method;
  }
}

TEST(MethodPolicyTest, OnlyHealthIsAnsweredWhileSealed) {
  for (const MethodPolicy& row : AllPolicies()) {
    EXPECT_EQ(!row.needs_unsealed(), row.method.starts_with("/grpc.health.v1."))
        << row.method;
  }
}

TEST(MethodPolicyTest, AnInviteMayCallRedeemAlone) {
  for (const MethodPolicy& row : AllPolicies()) {
    EXPECT_EQ(row.caller == CallerKind::kInvite, row.method == method::kRedeem);
  }
}

TEST(MethodPolicyTest, EveryDeviceMethodNamesItsRoles) {
  for (const MethodPolicy& row : AllPolicies()) {
    EXPECT_EQ(row.roles.empty(), row.caller != CallerKind::kDevice)
        << row.method;
  }
}

TEST(MethodPolicyTest, EveryCallButAWatchNeedsADeadline) {
  for (const MethodPolicy& row : AllPolicies()) {
    EXPECT_EQ(row.longest.count() == 0, row.method == method::kHealthWatch)
        << row.method;
  }
}

TEST(MethodPolicyTest, RolesOfSomeMethods) {
  const auto may = [](std::string_view method, core::Role role) {
    return FindPolicy(method)->roles.Contains(role);
  };
  EXPECT_TRUE(may(method::kPushRoster, core::Role::kSource));
  EXPECT_FALSE(may(method::kPushRoster, core::Role::kCoordinator));
  EXPECT_TRUE(may(method::kGetSelf, core::Role::kMember));
  EXPECT_FALSE(may(method::kGetSelf, core::Role::kAdmin));
  EXPECT_FALSE(may(method::kDeleteMember, core::Role::kCoordinator));
  EXPECT_TRUE(may(method::kRotateKey, core::Role::kAdmin));
  EXPECT_TRUE(may(method::kReencrypt, core::Role::kAdmin));
  EXPECT_FALSE(may(method::kReencrypt, core::Role::kCoordinator));
  EXPECT_FALSE(may(method::kListKeys, core::Role::kAuditor));
  EXPECT_TRUE(may(method::kStreamLeaves, core::Role::kAuditor));
  EXPECT_FALSE(may(method::kStreamLeaves, core::Role::kMember));
}

}  // namespace
}  // namespace sodality::rpc
