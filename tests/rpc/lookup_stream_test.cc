#include "server/rpc/lookup_stream.h"

#include <gmock/gmock.h>

#include <future>
#include <set>
#include <thread>

#include "tests/rpc/lookup_fixture.h"

namespace sodality::rpc {
namespace {

using grpc::StatusCode;
using testing::SizeIs;

using LookupStreamTest = LookupFixture;

TEST_F(LookupStreamTest, AnswersEachQueryOfAMessageAndRecordsIt) {
  Lookup lookup(server_.ChannelOf(Enrol("Cora").person));
  const uint64_t before = Entries();
  v1::LookupRequest request;
  AddGet(request, 7, ana_);
  AddGet(request, 8, bo_);
  AddSearch(request, 9, "ana");
  ASSERT_TRUE(lookup.Write(request));
  const auto answers = lookup.ReadAll();
  EXPECT_TRUE(lookup.Finish().ok());
  ASSERT_THAT(answers, SizeIs(3));
  EXPECT_EQ(answers.at(7).get().member().id(), FormatId(ana_.bytes));
  EXPECT_EQ(answers.at(8).get().member().id(), FormatId(bo_.bytes));
  ASSERT_EQ(answers.at(9).search().members_size(), 1);
  EXPECT_EQ(answers.at(9).search().members(0).id(), FormatId(ana_.bytes));
  EXPECT_EQ(Entries(), before + 3);
}

TEST_F(LookupStreamTest, ErrorsOfAQueryAreItsAnswer) {
  Lookup lookup(server_.ChannelOf(Enrol("Cora").person));
  v1::LookupRequest request;
  AddGet(request, 1, core::MemberId{{9, 9}});
  AddSearch(request, 2, "");
  request.mutable_queries(1)->mutable_search()->clear_words();
  AddGet(request, 3, ana_);
  request.mutable_queries(2)->mutable_get()->mutable_view()->add_fields(
      "phone");
  AddGet(request, 4, ana_);
  request.mutable_queries(3)->mutable_get()->set_grant_id(
      FormatId(chapter_.NewRequest().bytes));
  request.add_queries()->set_tag(5);
  AddGet(request, 6, ana_);
  ASSERT_TRUE(lookup.Write(request));
  const auto answers = lookup.ReadAll();
  EXPECT_TRUE(lookup.Finish().ok());
  ASSERT_THAT(answers, SizeIs(6));
  const auto reason = [&](uint64_t tag) {
    return answers.at(tag).error().detail().reason();
  };
  EXPECT_EQ(answers.at(1).error().code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(reason(1), "MEMBER_NOT_FOUND");
  EXPECT_EQ(reason(2), "INVALID_VALUE");
  EXPECT_EQ(reason(3), "UNKNOWN_FIELD");
  EXPECT_EQ(reason(4), "INVALID_VALUE");
  EXPECT_EQ(answers.at(4).error().detail().field(), "grant_id");
  EXPECT_EQ(reason(5), "INVALID_VALUE");
  EXPECT_TRUE(answers.at(6).has_get());
}

TEST_F(LookupStreamTest, EachQueryIsCharged) {
  Lookup lookup(server_.ChannelOf(Enrol("Cora", {.per_day = 3}).person));
  v1::LookupRequest request;
  for (uint64_t tag = 1; tag <= 5; ++tag) {
    AddGet(request, tag, chapter_.AddMember({{"given_name", "Zoe"}}));
  }
  ASSERT_TRUE(lookup.Write(request));
  int shown = 0;
  int refused = 0;
  for (const auto& [tag, answer] : lookup.ReadAll()) {
    shown += answer.has_get() ? 1 : 0;
    refused += answer.error().detail().reason() == "BUDGET_EXHAUSTED" ? 1 : 0;
  }
  EXPECT_EQ(shown, 3);
  EXPECT_EQ(refused, 2);
}

TEST_F(LookupStreamTest, PagesOfASearchGoOn) {
  for (int i = 0; i < 4; ++i) chapter_.AddMember({{"given_name", "Paul"}});
  Lookup lookup(server_.ChannelOf(Enrol("Cora").person));
  std::string token;
  std::set<std::string> ids;
  do {
    v1::LookupRequest request;
    AddSearch(request, 1, "paul");
    request.mutable_queries(0)->mutable_search()->set_page_size(3);
    request.mutable_queries(0)->mutable_search()->set_page_token(token);
    ASSERT_TRUE(lookup.Write(request));
    const auto answer = lookup.Read();
    ASSERT_TRUE(answer && answer->has_search());
    for (const auto& member : answer->search().members()) {
      ids.insert(member.id());
    }
    token = answer->search().next_page_token();
  } while (!token.empty());
  EXPECT_THAT(ids, SizeIs(4));
}

TEST_F(LookupStreamTest, TheFirstMessageChoosesTheGrant) {
  const Access cora = Enrol("Cora");
  const core::GrantId second = Grant("Cora");
  const auto channel = server_.ChannelOf(cora.person);
  Lookup unnamed(channel);
  ASSERT_TRUE(unnamed.Write({}));
  EXPECT_EQ(ReasonOf(unnamed.Finish()), "SEVERAL_GRANTS");

  Lookup named(channel);
  v1::LookupRequest request;
  request.set_grant_id(FormatId(second.bytes));
  AddGet(request, 1, ana_);
  ASSERT_TRUE(named.Write(request));
  EXPECT_TRUE(named.Read()->has_get());
  ASSERT_TRUE(named.Write(request));
  EXPECT_EQ(ReasonOf(named.Finish()), "INVALID_VALUE");
}

TEST_F(LookupStreamTest, AMessageOfTooManyQueriesEndsTheStream) {
  Lookup lookup(server_.ChannelOf(Enrol("Cora").person));
  const uint64_t before = Entries();
  v1::LookupRequest request;
  for (int i = 0; i <= kMaxQueriesPerMessage; ++i) AddGet(request, 1, ana_);
  ASSERT_TRUE(lookup.Write(request));
  EXPECT_EQ(ReasonOf(lookup.Finish()), "TOO_LARGE");
  EXPECT_EQ(Entries(), before);
}

// More than may wait at once, in messages as large as may be.
TEST_F(LookupStreamTest, ManyQueriesAreAllAnswered) {
  constexpr uint64_t kMessages = 40;
  Lookup lookup(server_.ChannelOf(Enrol("Cora").person));
  std::thread writer([&] {
    for (uint64_t i = 0; i < kMessages; ++i) {
      v1::LookupRequest request;
      for (uint64_t n = 0; n < kMaxQueriesPerMessage; ++n) {
        const uint64_t tag = i * kMaxQueriesPerMessage + n;
        n % 2 == 0 ? AddGet(request, tag, ana_) : AddSearch(request, tag, "bo");
      }
      EXPECT_TRUE(lookup.Write(request));
    }
  });
  std::set<uint64_t> tags;
  while (tags.size() < kMessages * kMaxQueriesPerMessage) {
    const auto answer = lookup.Read();
    EXPECT_TRUE(answer && !answer->has_error());
    if (!answer) break;
    EXPECT_TRUE(tags.insert(answer->tag()).second);
  }
  writer.join();
  EXPECT_THAT(tags, SizeIs(kMessages * kMaxQueriesPerMessage));
  EXPECT_THAT(lookup.ReadAll(), SizeIs(0));
  EXPECT_TRUE(lookup.Finish().ok());
}

// A client that does not read makes the server stop, not remember.
TEST_F(LookupStreamTest, AnswersThatNobodyReadsAreBounded) {
  const core::MemberId large = chapter_.AddMember(
      {{"given_name", "Large"}, {"pronouns", std::string(16000, 'x')}});
  constexpr int kQueries = 100000;  // Some 1.6 GB of answers.
  const auto stub =
      v1::DirectoryService::NewStub(server_.ChannelOf(Enrol("Cora").person));
  grpc::CompletionQueue queue;
  Context context;
  void* tag = nullptr;
  bool ok = false;
  const auto stream = stub->AsyncLookup(context.get(), &queue, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  const uint64_t before = Entries();
  v1::LookupRequest request;
  AddGet(request, 1, large);
  for (int i = 0; i < 64; ++i) {  // So that queries fill a window too.
    request.mutable_queries(0)->mutable_get()->mutable_view()->add_fields(
        "pronouns");
  }
  int written = 0;
  for (; written < kQueries; ++written) {
    stream->Write(request, nullptr);
    if (queue.AsyncNext(
            &tag, &ok,
            std::chrono::system_clock::now() + std::chrono::seconds(2)) !=
        grpc::CompletionQueue::GOT_EVENT) {
      break;
    }
    ASSERT_TRUE(ok);
  }
  EXPECT_LT(written, kQueries) << "the server went on reading";
  EXPECT_LT(Entries() - before, 2000u);
  // Nor does it hold up a seal, which waits for every call.
  auto sealed = std::async(std::launch::async, [&] { chapter_.Seal(); });
  EXPECT_EQ(sealed.wait_for(std::chrono::seconds(20)),
            std::future_status::ready);
  context->TryCancel();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
}

TEST_F(LookupStreamTest, EachQueryCountsAgainstTheRate) {
  TestServer slow{chapter_, {.per_second = 2, .burst_seconds = 2}};
  Lookup lookup(slow.ChannelOf(Enrol("Cora").person));
  v1::LookupRequest request;
  for (uint64_t tag = 1; tag <= 5; ++tag) AddGet(request, tag, ana_);
  ASSERT_TRUE(lookup.Write(request));
  int limited = 0;
  for (const auto& [tag, answer] : lookup.ReadAll()) {
    limited += answer.error().detail().reason() == "RATE_LIMITED" ? 1 : 0;
  }
  EXPECT_EQ(limited, 2);  // Of four, the stream itself took one.
}

}  // namespace
}  // namespace sodality::rpc
