// approval and keys trim: what is shown, what is signed, and what is not.
#include <gmock/gmock.h>

#include "client/cli/act_view.h"
#include "client/cli/pending_note.h"
#include "crypto/act.h"
#include "crypto/random.h"
#include "tests/cli/test_session.h"
#include "text/base32.h"

namespace sodality::cli {
namespace {

using testing::_;
using testing::AtMost;
using testing::HasSubstr;
using testing::Not;
using testing::Return;

class ApprovalTest : public CliTest {
 protected:
  ApprovalTest() {
    form_.chapter = kTestChapter;
    form_.id = *text::DecodeBase32(kId);
    form_.content = crypto::EncodeTrim({crypto::KeyKind::kWrap, 3, {{7}}});
    form_.created = {kNowMillis};
    form_.expires = form_.created + crypto::kActLife;
    ON_CALL(*server_, GetLedgerHead()).WillByDefault(Return(LedgerHead{}));
    EXPECT_CALL(*server_, GetLedgerHead()).Times(AtMost(2));
    EXPECT_CALL(*server_, RegisterApprovalKey(_, _))
        .Times(AtMost(1))
        .WillRepeatedly(Return(absl::OkStatus()));
  }
  PendingAct Act(const std::string& state = "pending") {
    PendingAct act;
    act.id = kId;
    const auto bytes = crypto::EncodeAct(form_);
    act.form = std::string(bytes.begin(), bytes.end());
    act.state = state;
    act.proposer_name = "Ada";
    act.approvals = {{kId, "Ada", {}}};
    act.counted = 1;
    act.needed = 2;
    return act;
  }
  void List(const PendingAct& act) {
    EXPECT_CALL(*server_, ListActs())
        .WillRepeatedly(Return(std::vector<PendingAct>{act}));
  }
  crypto::ActForm form_;
};

TEST_F(ApprovalTest, WhatIsShownIsWhatIsSigned) {
  List(Act());
  terminal_.answers = {"approve"};
  std::string signature;
  EXPECT_CALL(*server_, ApproveAct(kId, _))
      .WillOnce([&](const std::string&, const std::string& given) {
        signature = given;
        return Act("done");
      });
  const Result done = Run({"approval", "approve", kId});
  EXPECT_EQ(done.exit, 0) << done.err;
  ASSERT_EQ(terminal_.questions.size(), 1u);
  EXPECT_THAT(terminal_.questions[0],
              HasSubstr("every version of the wrap key below 3 is destroyed"));
  EXPECT_THAT(terminal_.questions[0],
              HasSubstr(text::EncodeBase32(crypto::Bytes16{7})));
  EXPECT_THAT(done.err, HasSubstr("destroy by hand"));
  crypto::Signature bytes;
  ASSERT_EQ(signature.size(), bytes.bytes.size());
  std::copy(signature.begin(), signature.end(), bytes.bytes.begin());
  EXPECT_TRUE(
      crypto::VerifySignature(crypto::Signer(approval_key_).public_key(),
                              crypto::EncodeAct(form_), bytes));
}

TEST_F(ApprovalTest, AnythingElseIsNotSigned) {
  const auto refuses = [this](const std::string& said) {
    List(Act());
    const Result result = Run({"--json", "approval", "approve", kId, "--yes"});
    EXPECT_EQ(result.exit, 7) << result.err;
    EXPECT_THAT(result.err, HasSubstr(said));
    EXPECT_THAT(result.err, HasSubstr("OTHER_ACT"));
    testing::Mock::VerifyAndClearExpectations(server_.get());
    EXPECT_CALL(*server_, GetLedgerHead())
        .Times(AtMost(2))
        .WillRepeatedly(Return(LedgerHead{}));
  };
  const crypto::ActForm good = form_;
  form_.chapter[0] ^= 1;
  refuses("not this act");
  form_ = good;
  form_.incarnation[0] ^= 1;
  refuses("not this act");
  form_ = good;
  form_.id[0] ^= 1;
  refuses("not this act");
  form_ = good;
  form_.kind = crypto::ActKind{2};
  refuses("does not understand");
  form_ = good;
  form_.content.push_back(0);
  refuses("does not understand");
}

TEST_F(ApprovalTest, NothingIsDoneWithoutAWord) {
  List(Act());
  EXPECT_EQ(Run({"--no-input", "approval", "approve", kId}).exit, 3);
  terminal_.answers = {"no"};
  EXPECT_EQ(Run({"approval", "refuse", kId}).exit, 3);
  EXPECT_EQ(Run({"--no-input", "keys", "trim", "wrap"}).exit, 2);
}

TEST_F(ApprovalTest, AProposalWaitsWithExit12) {
  ServerStatus status;
  status.self.id = kId;
  status.self.name = "Ada";
  EXPECT_CALL(*server_, GetStatus()).WillOnce(Return(status));
  EXPECT_CALL(*server_, ProposeAct(_, _))
      .WillOnce([&](const std::string& form, const std::string& signature) {
        const auto act = crypto::DecodeAct(crypto::AsBytes(form));
        EXPECT_TRUE(act.ok());
        EXPECT_EQ(act->chapter, kTestChapter);
        EXPECT_EQ(act->created.millis, kNowMillis);
        EXPECT_EQ(act->expires, act->created + crypto::kActLife);
        const auto order = crypto::DecodeTrim(act->content);
        EXPECT_EQ(order->below, 4u);
        EXPECT_EQ(order->destroyed.size(), 1u);
        EXPECT_EQ(signature.size(), 64u);
        return Act();
      });
  const Result done = Run({"--json", "keys", "trim", "wrap", "--below", "4",
                           "--yes", "--destroyed", kId, kId});
  EXPECT_EQ(done.exit, 12) << done.err;
  EXPECT_EQ(done.Json()["id"], kId);
  EXPECT_EQ(done.Json()["waiting"], true);
}

TEST_F(ApprovalTest, TrimsArgumentsAreChecked) {
  const std::vector<std::vector<std::string>> wrong = {
      {"keys", "trim", "root", "--below", "2"},
      {"keys", "trim", "wrap", "--below", "0"},
      {"keys", "trim", "wrap", "--below", "x"},
      {"keys", "trim", "wrap", "--below", "2", "--destroyed", "none"}};
  for (const auto& args : wrong) EXPECT_EQ(Run(args).exit, 2) << args[2];
}

TEST_F(ApprovalTest, TheListSaysWhatEachWouldDo) {
  PendingAct alone = Act();
  alone.alone_from = Time{} + std::chrono::hours(1);
  List(alone);
  const Result shown = Run({"approval", "list"});
  EXPECT_THAT(shown.out, HasSubstr("below 3"));
  EXPECT_THAT(shown.out, HasSubstr("one admin"));
  const auto json = Run({"--json", "approval", "list"}).Json();
  EXPECT_EQ(json["approvals"][0]["kind"], "trim-keys");
  EXPECT_EQ(json["approvals"][0]["approved_by"][0]["name"], "Ada");
  form_.kind = crypto::ActKind{2};
  List(Act());
  const auto newer = Run({"--json", "approval", "list"}).Json();
  EXPECT_EQ(newer["approvals"][0]["kind"], "unknown");
  EXPECT_THAT(Run({"approval", "list"}).out, HasSubstr("newer"));
}

TEST_F(ApprovalTest, AdminsAreToldAfterEachOfTheirCommands) {
  pending_ = &NotePending;
  ServerStatus status;
  status.pending_acts = 2;
  status.alone_from = Time{};
  EXPECT_CALL(*server_, GetStatus()).WillRepeatedly([&] { return status; });
  EXPECT_CALL(*server_, ListDevices())
      .WillRepeatedly(Return(std::vector<Device>()));
  EXPECT_THAT(Run({"--quiet", "device", "list"}).err,
              HasSubstr("2 acts that cannot be undone wait for approval, and "
                        "may be done from 1970-01-01"));
  status.pending_acts = 0;
  EXPECT_THAT(Run({"device", "list"}).err, Not(HasSubstr("wait")));
}

}  // namespace
}  // namespace sodality::cli
