#include "tests/store/conformance.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "server/store/limits.h"
#include "tests/store/sample.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreConformance, ANewStoreIsEmpty) {
  EXPECT_EQ(store_->LastRevision().value(), 0u);
  EXPECT_EQ(store_->Counts()->members, 0u);
  EXPECT_THAT(store_->Counts()->members_by_wrap_version, IsEmpty());
  EXPECT_THAT(store_->ReadAccessRows().value(), IsEmpty());
  EXPECT_THAT(store_->ReadOutbox().value(), IsEmpty());
  EXPECT_THAT(store_->ReadDigest().value(), IsEmpty());
  EXPECT_EQ(store_->LedgerIndexedThrough().value(), 0u);
  EXPECT_THAT(store_->Find({}, std::nullopt, 10).value(), IsEmpty());
  EXPECT_EQ(store_->Get(MemberOf(1)).status().code(), StatusCode::kNotFound);
}

TEST_P(StoreConformance, AMemberIsReadAsWritten) {
  ASSERT_TRUE(Apply(*store_, EmptyWrite()).ok());
  const Revision revision = Apply(*store_, WriteOf(PutOf(1, 0))).value();
  const MemberRecord record = store_->Get(MemberOf(1)).value();
  EXPECT_EQ(record.id, MemberOf(1));
  EXPECT_EQ(record.revision, 1u);
  EXPECT_EQ(record.changed_at, revision);
  EXPECT_EQ(record.sealed, BytesOf("sealed 1 at 1"));
  EXPECT_EQ(revision, 2u);
  EXPECT_EQ(store_->LastRevision().value(), 2u);
}

TEST_P(StoreConformance, AnUpdateReplacesTheWholeMember) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  const Revision revision = Apply(*store_, WriteOf(PutOf(1, 1))).value();
  const MemberRecord record = store_->Get(MemberOf(1)).value();
  EXPECT_EQ(record.revision, 2u);
  EXPECT_EQ(record.changed_at, revision);
  EXPECT_EQ(record.sealed, BytesOf("sealed 1 at 2"));
}

TEST_P(StoreConformance, WhatIsRecalledIsWhatWouldBeRead) {
  const auto recalled_revision = [&] {
    (void)store_->Get(MemberOf(1));
    const auto recalled = store_->Recall(MemberOf(1));
    return recalled ? std::optional<uint64_t>(recalled->revision)
                    : std::nullopt;
  };
  EXPECT_FALSE(recalled_revision());
  for (uint64_t revision = 1; revision <= 3; ++revision) {
    ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, revision - 1))).ok());
    EXPECT_EQ(recalled_revision().value_or(revision), revision);
  }
  ASSERT_TRUE(Apply(*store_, WriteOf(EraseMember{MemberOf(1), 3})).ok());
  EXPECT_FALSE(store_->Recall(MemberOf(1)));
  EXPECT_FALSE(recalled_revision());
}

TEST_P(StoreConformance, BigRecordsAreKeptWhole) {
  PutMember put = PutOf(1, 0);
  put.sealed.assign(100000, 0xa5);
  put.sealed.back() = 1;
  ASSERT_TRUE(Apply(*store_, WriteOf(put)).ok());
  EXPECT_EQ(store_->Get(MemberOf(1))->sealed, put.sealed);
}

TEST_P(StoreConformance, AWrongExpectationAborts) {
  EXPECT_EQ(CodeOf(Apply(*store_, WriteOf(PutOf(1, 1)))), StatusCode::kAborted);
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  for (const uint64_t expected : {uint64_t{0}, uint64_t{2}, ~uint64_t{0}}) {
    EXPECT_EQ(CodeOf(Apply(*store_, WriteOf(PutOf(1, expected)))),
              StatusCode::kAborted);
    EXPECT_EQ(
        CodeOf(Apply(*store_, WriteOf(EraseMember{MemberOf(1), expected}))),
        StatusCode::kAborted);
  }
  EXPECT_EQ(store_->Get(MemberOf(1))->revision, 1u);
  EXPECT_EQ(store_->LastRevision().value(), 1u);
}

TEST_P(StoreConformance, AnErasedMemberIsGoneAndMayComeAgain) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {7}))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(EraseMember{MemberOf(1), 1})).ok());
  EXPECT_EQ(store_->Get(MemberOf(1)).status().code(), StatusCode::kNotFound);
  EXPECT_THAT(store_->Find({{{TokenOf(7)}}}, std::nullopt, 10).value(),
              IsEmpty());
  EXPECT_EQ(store_->Counts()->members, 0u);
  EXPECT_EQ(CodeOf(Apply(*store_, WriteOf(EraseMember{MemberOf(1), 1}))),
            StatusCode::kAborted);
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  EXPECT_EQ(store_->Get(MemberOf(1))->revision, 1u);
}

TEST_P(StoreConformance, AWriteHappensWhollyOrNotAtAll) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(9, 0, {7}))).ok());
  Write write = EmptyWrite();
  write.put_members = {PutOf(1, 0, {7}), PutOf(2, 0, {7})};
  write.erase_members = {{MemberOf(9), 1}};
  write.put_rows = {{AccessTable::kGrants, IdOf<GrantId>(1).bytes, 0, {1}}};
  write.request = PutRequest{IdOf<RequestKey>(1), {1000}, {2}};
  write.erase_rows = {{AccessTable::kDevices, IdOf<DeviceId>(1).bytes, 5}};
  EXPECT_EQ(CodeOf(Apply(*store_, write)), StatusCode::kAborted);
  EXPECT_THAT(store_->Find({{{TokenOf(7)}}}, std::nullopt, 10).value(),
              SizeIs(1));
  EXPECT_EQ(store_->Counts()->members, 1u);
  EXPECT_THAT(store_->ReadAccessRows().value(), IsEmpty());
  EXPECT_EQ(store_->FindRequest(IdOf<RequestKey>(1)).status().code(),
            StatusCode::kNotFound);
  EXPECT_THAT(store_->ReadOutbox().value(), SizeIs(1));
  write.erase_rows.clear();
  EXPECT_EQ(Apply(*store_, write).value(), 2u);
  EXPECT_EQ(store_->Counts()->members, 2u);
  EXPECT_THAT(store_->ReadOutbox().value(), SizeIs(2));
}

TEST_P(StoreConformance, ABadWriteDoesNotFailItsNeighbours) {
  constexpr uint32_t kWrites = 300;
  Answers answers(kWrites);
  for (uint32_t i = 0; i < kWrites; ++i) {
    const uint64_t expected = i % 3 == 1 ? 5 : 0;
    store_->Submit(WriteOf(PutOf(i, expected, {7})), answers.For(i));
  }
  const auto all = answers.Wait();
  Revision next = 1;
  for (uint32_t i = 0; i < kWrites; ++i) {
    if (i % 3 == 1) {
      EXPECT_EQ(CodeOf(all[i]), StatusCode::kAborted) << i;
    } else {
      EXPECT_EQ(all[i].value(), next++) << i;
    }
  }
  EXPECT_TRUE(std::ranges::is_sorted(answers.order()));
  EXPECT_EQ(store_->LastRevision().value(), next - 1);
  EXPECT_EQ(store_->Counts()->members, 200u);
}

TEST_P(StoreConformance, ALaterWriteOfAGroupSeesTheEarlier) {
  Answers answers(4);
  store_->Submit(WriteOf(PutOf(1, 0, {1})), answers.For(0));
  store_->Submit(WriteOf(PutOf(1, 1, {2})), answers.For(1));
  store_->Submit(WriteOf(PutOf(1, 1, {3})), answers.For(2));
  store_->Submit(WriteOf(EraseMember{MemberOf(1), 2}), answers.For(3));
  const auto all = answers.Wait();
  EXPECT_TRUE(all[0].ok());
  EXPECT_TRUE(all[1].ok());
  EXPECT_EQ(CodeOf(all[2]), StatusCode::kAborted);
  EXPECT_TRUE(all[3].ok());
  EXPECT_EQ(store_->Counts()->members, 0u);
}

TEST_P(StoreConformance, LimitsAreInvalidArguments) {
  Write no_entry = WriteOf(PutOf(1, 0));
  no_entry.outbox.clear();
  Write many = EmptyWrite();
  for (uint32_t i = 0; i <= kMaxMembersPerWrite; ++i) {
    many.put_members.push_back(PutOf(i, 0));
  }
  Write twice = EmptyWrite();
  twice.put_members = {PutOf(1, 0), PutOf(1, 1)};
  Write tokens = WriteOf(PutOf(1, 0));
  tokens.put_members[0].tokens.resize(kMaxTokensPerMember + 1);
  Write sealed = WriteOf(PutOf(1, 0));
  sealed.put_members[0].sealed.resize(kMaxSealedBytes + 1);
  for (const Write& write : {no_entry, many, twice, tokens, sealed}) {
    EXPECT_EQ(CodeOf(Apply(*store_, write)), StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(store_->Counts()->members, 0u);
  many.put_members.pop_back();
  EXPECT_TRUE(Apply(*store_, many).ok());
  EXPECT_EQ(store_->Counts()->members, kMaxMembersPerWrite);
}

TEST_P(StoreConformance, QueriesOverALimitAreInvalidArguments) {
  const TokenQuery groups{std::vector<std::vector<IndexToken>>(kMaxGroups + 1)};
  const TokenQuery tokens{{std::vector<IndexToken>(kMaxTokensPerGroup + 1)}};
  for (const TokenQuery& query : {groups, tokens}) {
    EXPECT_EQ(store_->Find(query, std::nullopt, 10).status().code(),
              StatusCode::kInvalidArgument);
  }
  for (const size_t limit : {size_t{0}, size_t{1001}}) {
    EXPECT_FALSE(store_->Find({}, std::nullopt, limit).ok());
    EXPECT_FALSE(store_->ListMembers(std::nullopt, limit).ok());
    EXPECT_FALSE(store_->FindLedgerEntries({}, 0, limit).ok());
  }
}

TEST_P(StoreConformance, MembersAreListedInOrderWithRevisions) {
  std::vector<std::pair<MemberId, uint64_t>> expected;
  for (uint32_t i = 0; i < 25; ++i) {
    ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(i, 0))).ok());
    expected.emplace_back(MemberOf(i), 1);
  }
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(3, 1))).ok());
  expected[3].second = 2;
  std::ranges::sort(expected);
  const auto first = store_->ListMembers(std::nullopt, 10).value();
  const auto rest = store_->ListMembers(first.back().first, 1000).value();
  std::vector<std::pair<MemberId, uint64_t>> all = first;
  all.insert(all.end(), rest.begin(), rest.end());
  EXPECT_THAT(first, SizeIs(10));
  EXPECT_EQ(all, expected);
}

TEST_P(StoreConformance, AccessRowsCountTheirVersions) {
  const IdBytes id = IdOf<GrantId>(1).bytes;
  const auto put = [&](AccessTable table, uint64_t expected, const char* text) {
    Write write = EmptyWrite();
    write.put_rows = {{table, id, expected, BytesOf(text)}};
    return CodeOf(Apply(*store_, write));
  };
  EXPECT_EQ(put(AccessTable::kGrants, 0, "one"), StatusCode::kOk);
  EXPECT_EQ(put(AccessTable::kGrants, 0, "again"), StatusCode::kAborted);
  EXPECT_EQ(put(AccessTable::kInvites, 1, "absent"), StatusCode::kAborted);
  EXPECT_EQ(put(AccessTable::kInvites, 0, "other"), StatusCode::kOk);
  EXPECT_EQ(put(AccessTable::kGrants, 1, "two"), StatusCode::kOk);
  auto rows = store_->ReadAccessRows().value();
  ASSERT_THAT(rows, SizeIs(2));
  std::ranges::sort(rows, {}, &AccessRow::table);
  EXPECT_EQ(rows[0].table, AccessTable::kGrants);
  EXPECT_EQ(rows[0].id, id);
  EXPECT_EQ(rows[0].version, 2u);
  EXPECT_EQ(rows[0].sealed, BytesOf("two"));
  EXPECT_EQ(rows[1].version, 1u);

  Write erase = EmptyWrite();
  erase.erase_rows = {{AccessTable::kGrants, id, 1}};
  EXPECT_EQ(CodeOf(Apply(*store_, erase)), StatusCode::kAborted);
  erase.erase_rows[0].expected = 2;
  EXPECT_EQ(CodeOf(Apply(*store_, erase)), StatusCode::kOk);
  EXPECT_THAT(store_->ReadAccessRows().value(), SizeIs(1));
}

TEST_P(StoreConformance, MembersAreCountedByWrapVersion) {
  const auto put = [&](uint32_t number, uint64_t expected, uint32_t version) {
    PutMember member = PutOf(number, expected);
    member.wrap_version = version;
    ASSERT_TRUE(Apply(*store_, WriteOf(member)).ok());
  };
  put(1, 0, 1);
  put(2, 0, 1);
  put(3, 0, 2);
  EXPECT_EQ(store_->Counts()->members, 3u);
  EXPECT_THAT(store_->Counts()->members_by_wrap_version,
              ElementsAre(std::pair(1u, 2u), std::pair(2u, 1u)));
  put(1, 1, 2);
  put(2, 1, 2);
  EXPECT_THAT(store_->Counts()->members_by_wrap_version,
              ElementsAre(std::pair(2u, 3u)));
  ASSERT_TRUE(Apply(*store_, WriteOf(EraseMember{MemberOf(3), 1})).ok());
  EXPECT_THAT(store_->Counts()->members_by_wrap_version,
              ElementsAre(std::pair(2u, 2u)));
}

TEST_P(StoreConformance, TheDestructorAnswersWhatIsQueued) {
  constexpr uint32_t kWrites = 50;
  Answers answers(kWrites);
  for (uint32_t i = 0; i < kWrites; ++i) {
    store_->Submit(WriteOf(PutOf(i, 0)), answers.For(i));
  }
  store_.reset();
  for (const auto& answer : answers.Wait()) EXPECT_TRUE(answer.ok());
}

TEST_P(StoreConformance, AnAnsweredWriteIsSeenByEveryReaderAtOnce) {
  constexpr uint32_t kThreads = 4;
  constexpr uint32_t kEach = 40;
  std::vector<std::thread> threads;
  for (uint32_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (uint32_t i = 0; i < kEach; ++i) {
        const uint32_t number = thread * kEach + i;
        const auto revision =
            Apply(*store_, WriteOf(PutOf(number, 0, {number, 9999})));
        ASSERT_TRUE(revision.ok()) << revision.status();
        EXPECT_EQ(store_->Get(MemberOf(number))->changed_at, *revision);
        EXPECT_THAT(*store_->Find({{{TokenOf(number)}, {TokenOf(9999)}}},
                                  std::nullopt, 9),
                    SizeIs(1));
        EXPECT_GE(store_->LastRevision().value(), *revision);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->Counts()->members, kThreads * kEach);
}

}  // namespace
}  // namespace sodality::store
