#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/cli/test_session.h"

namespace sodality::cli {
namespace {

using nlohmann::json;
using testing::_;
using testing::DoAll;
using testing::Return;
using testing::SaveArg;

using GrantTest = CliTest;

std::vector<std::string> GrantAdd(const std::vector<std::string>& more) {
  std::vector<std::string> args = {
      "grant",       "add",     "--to",          "Rosa Diaz", "--role",
      "coordinator", "--class", "basic,contact", "--purpose", "phone bank"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

TEST_F(GrantTest, AddSendsWhatWasSaid) {
  NewGrant grant;
  EXPECT_CALL(*server_, CreateGrant(_))
      .WillOnce(DoAll(SaveArg<0>(&grant), Return("g1")));
  const Result result = Run(
      GrantAdd({"--scope", "committees=Housing", "--scope", "region=Bronx",
                "--until", "2026-12-10", "--budget", "20/h,100/d", "--json"}));
  EXPECT_EQ(result.Json(), (json{{"id", "g1"}}));
  EXPECT_EQ(grant.principal, "Rosa Diaz");
  ASSERT_EQ(grant.scopes.size(), 2u);
  EXPECT_EQ(grant.scopes[1].field, "region");
  EXPECT_THAT(grant.classes, testing::ElementsAre("basic", "contact"));
  EXPECT_EQ(grant.not_after.time_since_epoch().count(), 1'796'947'199);
  EXPECT_EQ(grant.budget.per_day, 100u);
}

TEST_F(GrantTest, WhatCannotBeRightIsNotSent) {
  EXPECT_EQ(Run(GrantAdd({"--until", "2026-11-25"})).exit, 2);
  EXPECT_EQ(Run(GrantAdd({"--until", "soon"})).exit, 2);
  EXPECT_EQ(Run(GrantAdd({"--until", "1d", "--budget", "lots"})).exit, 2);
  EXPECT_EQ(Run(GrantAdd({"--until", "1d", "--scope", "Housing"})).exit, 2);
  EXPECT_EQ(Run(GrantAdd({"--until", "1d", "--purpose", "x"})).exit, 2);
  const Result result = Run(GrantAdd({"--until", "1d", "--class", "contacts"}));
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("did you mean contact?"), std::string::npos);
}

TEST_F(GrantTest, ListShowsBudgetAndWhatIsLeft) {
  Grant grant;
  grant.id = "g1";
  grant.principal_name = "Rosa";
  grant.state = "active";
  grant.classes = {"basic"};
  grant.budget = {20, 0, 500};
  grant.left = {3, 0, 499};
  EXPECT_CALL(*server_, ListGrants(_))
      .WillRepeatedly(Return(std::vector<Grant>{grant}));
  const json listed = Run({"grant", "list", "--json"}).Json();
  EXPECT_EQ(listed["grants"][0]["left"]["per_hour"], 3);
  EXPECT_EQ(listed["grants"][0]["left"]["per_day"], nullptr);
  EXPECT_EQ(listed["more"], false);
  const std::string table = Run({"grant", "list"}).out;
  EXPECT_NE(table.find("20/h, 500"), std::string::npos) << table;
  EXPECT_NE(table.find("3/h, 499"), std::string::npos) << table;
}

TEST_F(GrantTest, EndingSoonIsAWindow) {
  EXPECT_CALL(*server_, ListGrants(std::chrono::seconds(14 * 86400)))
      .WillOnce(Return(std::vector<Grant>{}));
  EXPECT_EQ(Run({"grant", "list", "--ending", "14d"}).exit, 0);
}

TEST_F(GrantTest, RevokeNeedsAnId) {
  EXPECT_CALL(*server_, RevokeGrant(kId)).WillOnce(Return(absl::OkStatus()));
  EXPECT_EQ(Run({"grant", "revoke", kId}).exit, 0);
  EXPECT_EQ(Run({"grant", "revoke", "that one"}).exit, 2);
}

class InviteTest : public CliTest {
 protected:
  InviteTest()
      : path_(testing::TempDir() + "/invite_" + std::to_string(getpid())) {
    unlink(path_.c_str());
  }
  ~InviteTest() override { unlink(path_.c_str()); }
  bool Exists() const { return access(path_.c_str(), F_OK) == 0; }

  const std::string path_;
};

TEST_F(InviteTest, TheSecretGoesToTheFileAlone) {
  IssuedInvite issued;
  issued.invite_id = "i1";
  issued.principal_id = "p1";
  issued.content = "SECRET";
  EXPECT_CALL(*server_, CreateInvite(_)).WillOnce(Return(issued));
  const Result result = Run({"invite", "Rosa Diaz", "--role", "coordinator",
                             "--out", path_, "--ttl", "12h", "--json"});
  EXPECT_EQ(result.Json()["id"], "i1");
  EXPECT_EQ((result.out + result.err).find("SECRET"), std::string::npos);
  std::string content;
  std::ifstream(path_) >> content;
  EXPECT_EQ(content, "SECRET");
}

TEST_F(InviteTest, ARefusalLeavesNoFile) {
  EXPECT_CALL(*server_, CreateInvite(_))
      .WillOnce(Return(absl::PermissionDeniedError("not for you")));
  EXPECT_EQ(Run({"invite", "Rosa", "--role", "admin", "--out", path_}).exit, 5);
  EXPECT_FALSE(Exists());
}

TEST_F(InviteTest, AnExistingFileIsAConflictBeforeAnyInviteIsMade) {
  std::ofstream(path_) << "x";
  EXPECT_EQ(Run({"invite", "Rosa", "--role", "admin", "--out", path_}).exit, 7);
}

TEST_F(InviteTest, RolesAndSpansAreChecked) {
  const Result result =
      Run({"invite", "Rosa", "--role", "cordinator", "--out", path_});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("did you mean coordinator?"), std::string::npos);
  EXPECT_EQ(
      Run({"invite", "Rosa", "--role", "admin", "--out", path_, "--ttl", "8d"})
          .exit,
      2);
  EXPECT_FALSE(Exists());
}

using AccessTest = CliTest;

TEST_F(AccessTest, DevicesAndPrincipalsAreLists) {
  EXPECT_CALL(*server_, ListDevices())
      .WillOnce(Return(std::vector<Device>{
          {"d1", "p1", "Rosa", std::nullopt, std::nullopt, true}}));
  EXPECT_CALL(*server_, ListPrincipals())
      .WillOnce(
          Return(std::vector<Principal>{{"p1", "Rosa", "coordinator", false}}));
  const json devices = Run({"device", "list", "--json"}).Json();
  EXPECT_EQ(devices["devices"][0]["revoked"], true);
  EXPECT_EQ(devices["devices"][0]["expires"], nullptr);
  const json principals = Run({"principal", "list", "--json"}).Json();
  EXPECT_EQ(principals["principals"][0]["role"], "coordinator");
}

TEST_F(AccessTest, SuspendingAndLifting) {
  EXPECT_CALL(*server_, SuspendPrincipal("Rosa", false))
      .WillOnce(Return(absl::OkStatus()));
  EXPECT_CALL(*server_, SuspendPrincipal("Rosa", true))
      .WillOnce(Return(absl::OkStatus()));
  EXPECT_EQ(Run({"principal", "suspend", "Rosa"}).out, "Rosa is suspended\n");
  EXPECT_EQ(Run({"principal", "suspend", "Rosa", "--lift"}).out,
            "Rosa is active\n");
}

TEST_F(AccessTest, StatusSaysWhoIAm) {
  ServerStatus status;
  status.chapter_name = "Riverside";
  status.self = {"p1", "Rosa", "admin", false};
  status.members = 537;
  status.grants.push_back({});
  EXPECT_CALL(*server_, GetStatus()).WillRepeatedly(Return(status));
  EXPECT_CALL(*server_, GetSchema())
      .WillRepeatedly(Return(std::vector<SchemaField>{
          {.name = "given_name", .field_class = "basic"},
          {.name = "phone", .field_class = "contact"},
          {.name = "region", .field_class = "basic"}}));
  EXPECT_CALL(*server_, GetLedgerHead()).WillRepeatedly(Return(LedgerHead{}));
  const json shown = Run({"status", "--json"}).Json();
  EXPECT_EQ(shown["self"]["name"], "Rosa");
  EXPECT_EQ(shown["server"]["members"], 537);
  EXPECT_EQ(shown["server"]["address"], "host:7700");
  EXPECT_EQ(shown["fields"]["basic"], json({"given_name", "region"}));
  const std::string text = Run({"status"}).out;
  EXPECT_NE(text.find("Rosa, admin"), std::string::npos) << text;
  EXPECT_NE(text.find("\nbasic    given_name region\ncontact  phone\n"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace sodality::cli
