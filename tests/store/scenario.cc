#include "tests/store/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store/sample.h"

namespace sodality::store {
namespace {

bool Erases(uint32_t number) { return number % 5 == 4; }

Write WriteNumber(uint32_t number) {
  Write write = WriteOf(PutOf(number, 0, {number, 7}));
  // Several pages, so that a write can be torn between them.
  write.put_members[0].sealed.resize(6000, 0x33);
  if (Erases(number)) write.erase_members = {{MemberOf(number - 1), 1}};
  return write;
}

bool IsFound(SqlcipherStore& store, uint32_t number, uint32_t token) {
  const auto found = store.Find({{{TokenOf(token)}}}, std::nullopt, 1000);
  EXPECT_TRUE(found.ok()) << found.status();
  for (const MemberRecord& record : *found) {
    if (record.id == MemberOf(number)) return true;
  }
  return false;
}

// Present means: record, both tokens. Absent: none of them.
bool IsPresent(SqlcipherStore& store, uint32_t number) {
  const auto record = store.Get(MemberOf(number));
  if (record.ok()) {
    EXPECT_EQ(record->sealed.size(), 6000u);
    EXPECT_EQ(record->revision, 1u);
  } else {
    EXPECT_EQ(record.status().code(), absl::StatusCode::kNotFound);
  }
  EXPECT_EQ(IsFound(store, number, number == 7 ? 7 : number), record.ok());
  EXPECT_EQ(IsFound(store, number, 7), record.ok());
  return record.ok();
}

}  // namespace

void RunScenario(SqlcipherStore& store,
                 const std::function<void(uint32_t)>& acknowledged) {
  for (uint32_t first = 0; first < kScenarioWrites; first += 3) {
    Answers answers(3);
    for (uint32_t i = 0; i < 3; ++i) {
      store.Submit(WriteNumber(first + i),
                   [&acknowledged, number = first + i,
                    done = answers.For(i)](absl::StatusOr<Revision> answer) {
                     if (answer.ok()) acknowledged(number);
                     done(std::move(answer));
                   });
    }
    (void)answers.Wait();
    // It may fail: the run goes on as a server would.
    if (first == 3) (void)store.Checkpoint();
  }
}

void ExpectSound(SqlcipherStore& store,
                 const std::set<uint32_t>& acknowledged) {
  uint64_t members = 0;
  for (uint32_t i = 0; i < kScenarioWrites; ++i) {
    const bool present = IsPresent(store, i);
    members += present ? 1 : 0;
    const bool may_be_erased = Erases(i + 1) && i + 1 < kScenarioWrites;
    if (acknowledged.contains(i) && !may_be_erased) {
      EXPECT_TRUE(present) << i;
    }
    if (may_be_erased && acknowledged.contains(i + 1)) {
      EXPECT_FALSE(present) << i;
    }
  }
  EXPECT_EQ(store.Counts()->members, members);
  const Revision last = store.LastRevision().value();
  EXPECT_GE(last, acknowledged.size());
  const auto outbox = store.ReadOutbox().value();
  ASSERT_EQ(outbox.size(), last);
  for (size_t i = 0; i < outbox.size(); ++i) {
    EXPECT_EQ(outbox[i].revision, i + 1);
  }
  const auto found = store.CheckIntegrity();
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found, testing::IsEmpty());
}

}  // namespace sodality::store
