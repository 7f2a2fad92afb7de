#include "server/store/memory/memory_store.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/store/sample.h"

namespace sodality::store {
namespace {

TEST(MemoryStoreTest, CommitsFailWhenToldToAndRecover) {
  MemoryStore store;
  ASSERT_TRUE(Apply(store, WriteOf(PutOf(1, 0))).ok());
  store.FailCommits(absl::ResourceExhaustedError("the disk is full"));
  EXPECT_EQ(Apply(store, WriteOf(PutOf(2, 0))).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_FALSE(store.Get(MemberOf(2)).ok());
  store.FailCommits(absl::OkStatus());
  EXPECT_EQ(Apply(store, WriteOf(PutOf(2, 0))).value(), 2u);
}

TEST(MemoryStoreTest, AnswersComeOnTheStoresThread) {
  MemoryStore store;
  std::thread::id answered_on;
  Answers answers(1);
  store.Submit(EmptyWrite(),
               [&, done = answers.For(0)](absl::StatusOr<Revision> answer) {
                 answered_on = std::this_thread::get_id();
                 done(std::move(answer));
               });
  (void)answers.Wait();
  EXPECT_NE(answered_on, std::this_thread::get_id());
}

}  // namespace
}  // namespace sodality::store
