// Calls that stream: rosters, look-ups, leaves of the ledger.
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client/include/sodality/client.h"
#include "client/include/sodality/error_info.h"
#include "tests/client/connected_fixture.h"

namespace sodality {
namespace {

using GrpcStreamsTest = ConnectedFixture;

class Rows final : public RosterRows {
 public:
  explicit Rows(int batches, absl::Status end = absl::OkStatus())
      : batches_(batches), end_(std::move(end)) {}

  absl::StatusOr<std::vector<RosterRow>> Next() override {
    if (sent_ == batches_) {
      if (!end_.ok()) return end_;
      return std::vector<RosterRow>{};
    }
    ++sent_;
    std::vector<RosterRow> rows(300);
    for (RosterRow& row : rows) {
      row.fields = {{"notes", {std::string(4'000, 'x')}}};
    }
    return rows;
  }

 private:
  const int batches_;
  int sent_ = 0;
  const absl::Status end_;
};

// `batches` times as many questions as are given.
class Questions final : public LookupQueries {
 public:
  Questions(std::vector<LookupQuery> some, int batches,
            absl::Status end = absl::OkStatus())
      : some_(std::move(some)), left_(batches), end_(std::move(end)) {}
  absl::StatusOr<std::vector<LookupQuery>> Next() override {
    if (left_-- > 0) return some_;
    if (!end_.ok()) return end_;
    return std::vector<LookupQuery>();
  }

 private:
  const std::vector<LookupQuery> some_;
  int left_;
  const absl::Status end_;
};

TEST_F(GrpcStreamsTest, RostersGoInMessagesOfBoundedSize) {
  Rows rows(2);
  const auto result = Connected().PushRoster({.source = "national"}, rows);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->rows, 600u);
  EXPECT_EQ(result->added, 600u);
  EXPECT_EQ(server_.roster.source, "national");
  EXPECT_GT(server_.roster.messages, 5);
  EXPECT_LT(server_.roster.largest, 300u * 1024);
}

TEST_F(GrpcStreamsTest, ASourceThatFailsEndsThePushWithItsOwnError) {
  Rows rows(1, absl::InvalidArgumentError("row 301: not UTF-8"));
  const auto result = Connected().PushRoster({}, rows);
  EXPECT_EQ(result.status().message(), "row 301: not UTF-8");
}

TEST_F(GrpcStreamsTest, LeavesAreVisitedInOrder) {
  std::vector<uint64_t> seen;
  const auto head =
      Connected().StreamLeaves(2, [&](const std::vector<LedgerLeaf>& leaves) {
        for (const LedgerLeaf& leaf : leaves) seen.push_back(leaf.number);
        return absl::OkStatus();
      });
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->number, 3u);
  EXPECT_EQ(seen, (std::vector<uint64_t>{2, 3}));
}

TEST_F(GrpcStreamsTest, AVisitorCanEndTheStream) {
  const auto head =
      Connected().StreamLeaves(1, [](const std::vector<LedgerLeaf>&) {
        return absl::DataLossError("does not fit");
      });
  EXPECT_EQ(head.status().message(), "does not fit");
}

TEST_F(GrpcStreamsTest, ARotationIsVisitedUntilItHasEnded) {
  std::vector<uint64_t> done;
  const absl::Status ended =
      Connected().WatchRotation("r1", [&](const KeyRotation& rotation) {
        EXPECT_EQ(rotation.id, "r1");
        done.push_back(rotation.done);
        return absl::OkStatus();
      });
  EXPECT_TRUE(ended.ok()) << ended;
  EXPECT_EQ(done, (std::vector<uint64_t>{0, 250, 539}));
  const auto enough = [](const KeyRotation&) {
    return absl::CancelledError("enough");
  };
  EXPECT_EQ(Connected().WatchRotation("r1", enough).message(), "enough");
}

TEST_F(GrpcStreamsTest, ABackupIsWholeOrNone) {
  std::string bytes;
  const auto keep = [&](const BackupInfo& backup, std::string_view part) {
    EXPECT_EQ(backup.id, "b1");
    bytes += part;
    return absl::OkStatus();
  };
  const auto whole = Connected().CreateBackup(keep);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(bytes, "half+all");
  EXPECT_EQ(whole->revision, 12u);
  EXPECT_EQ(whole->members, 3u);
  EXPECT_EQ(whole->entries, 40u);
  for (const uint64_t size : {uint64_t{9}, uint64_t{5}, uint64_t{0}}) {
    server_.backups.size_bytes = size;
    const auto cut = Connected().CreateBackup(keep);
    EXPECT_EQ(GetErrorInfo(cut.status()).reason, "CUT_OFF") << size;
  }
  const auto enough = [](const BackupInfo&, std::string_view) {
    return absl::CancelledError("enough");
  };
  server_.backups.size_bytes = 8;
  EXPECT_EQ(Connected().CreateBackup(enough).status().message(), "enough");
}

TEST_F(GrpcStreamsTest, EachQuestionOfAStreamGetsItsAnswer) {
  Questions questions(
      {MemberRequest{.member_id = "m1"}, MemberQuery{.words = {"maria"}},
       MemberRequest{.member_id = ""}},
      2);
  std::map<uint64_t, std::string> seen;
  const absl::Status status = Connected().LookUp(
      "", questions, [&](uint64_t n, absl::StatusOr<LookupAnswer> answer) {
        if (!answer.ok()) {
          seen[n] = GetErrorInfo(answer.status()).reason;
        } else if (const auto* member = std::get_if<Member>(&*answer)) {
          seen[n] = member->id;
        } else {
          seen[n] = std::get<MemberPage>(*answer).members.at(0).id;
        }
        return absl::OkStatus();
      });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, (std::map<uint64_t, std::string>{{0, "m1"},
                                                   {1, "maria"},
                                                   {2, "MEMBER_NOT_FOUND"},
                                                   {3, "m1"},
                                                   {4, "maria"},
                                                   {5, "MEMBER_NOT_FOUND"}}));
}

TEST_F(GrpcStreamsTest, QuestionsGoInMessagesOfBoundedSize) {
  Questions questions(
      std::vector<LookupQuery>(150, MemberRequest{.member_id = "m1"}), 1);
  int seen = 0;
  EXPECT_TRUE(Connected()
                  .LookUp("", questions,
                          [&](uint64_t, const auto&) {
                            ++seen;
                            return absl::OkStatus();
                          })
                  .ok());
  EXPECT_EQ(seen, 150);
  EXPECT_EQ(server_.directory.queries_in_messages(),
            (std::vector<int>{64, 64, 22}));
}

TEST_F(GrpcStreamsTest, WhatAVisitorThrowsComesOut) {
  Questions endless({MemberRequest{.member_id = "m1"}}, 1'000'000);
  EXPECT_THROW(
      (void)Connected().LookUp("", endless,
                               [](uint64_t, const auto&) -> absl::Status {
                                 throw std::runtime_error("visitor");
                               }),
      std::runtime_error);
}

TEST_F(GrpcStreamsTest, ErrorsOfAStreamAreTheSourcesTheVisitorsOrTheServers) {
  const std::vector<LookupQuery> one = {MemberRequest{.member_id = "m1"}};
  const auto fine = [](uint64_t, const auto&) { return absl::OkStatus(); };
  server_.directory.Fail(Failure(grpc::StatusCode::PERMISSION_DENIED,
                                 "this grant has ended",
                                 {.reason = "GRANT_ENDED"}));
  Questions few(one, 1);
  EXPECT_EQ(GetErrorInfo(Connected().LookUp("", few, fine)).reason,
            "GRANT_ENDED");
  Questions failing(one, 1, absl::DataLossError("line 7"));
  EXPECT_EQ(Connected().LookUp("", failing, fine).message(), "line 7");
  Questions endless(one, 1'000'000);
  EXPECT_EQ(Connected()
                .LookUp("", endless,
                        [](uint64_t, const auto&) {
                          return absl::CancelledError("enough");
                        })
                .message(),
            "enough");
}

}  // namespace
}  // namespace sodality
