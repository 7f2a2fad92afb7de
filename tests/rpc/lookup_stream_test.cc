// Streams of look-ups over real connections.
#include "server/rpc/lookup_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "server/rpc/convert.h"
#include "sodality/v1/directory.grpc.pb.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {
namespace {

using core::Role;
using grpc::StatusCode;
using testing::SizeIs;

// A stream and all that came on it.
class Lookup final {
 public:
  explicit Lookup(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::DirectoryService::NewStub(channel)),
        stream_(stub_->Lookup(context_.get())) {}

  bool Write(const v1::LookupRequest& request) {
    return stream_->Write(request);
  }
  // The next answer; none when the stream has ended.
  std::optional<v1::LookupAnswer> Read() {
    while (answers_.empty()) {
      v1::LookupResponse response;
      if (!stream_->Read(&response)) return std::nullopt;
      for (v1::LookupAnswer& answer : *response.mutable_answers()) {
        answers_.push_back(std::move(answer));
      }
    }
    v1::LookupAnswer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  // Says that no more queries come, and reads to the end.
  std::map<uint64_t, v1::LookupAnswer> ReadAll() {
    stream_->WritesDone();
    std::map<uint64_t, v1::LookupAnswer> all;
    while (auto answer = Read()) {
      const uint64_t tag = answer->tag();
      EXPECT_TRUE(all.emplace(tag, *std::move(answer)).second) << tag;
    }
    return all;
  }
  void Cancel() { context_->TryCancel(); }
  grpc::Status Finish() {
    while (Read()) {
    }
    return stream_->Finish();
  }

 private:
  Context context_;
  std::unique_ptr<v1::DirectoryService::Stub> stub_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::LookupRequest, v1::LookupResponse>>
      stream_;
  std::deque<v1::LookupAnswer> answers_;
};

class LookupStreamTest : public testing::Test {
 protected:
  struct Access {
    Person person;
    core::GrantId grant;
  };
  Access Enrol(const std::string& name, core::Budget budget = {}) {
    const Person person = chapter_.Enrol(name, Role::kCoordinator);
    return {person, Grant(name, budget)};
  }
  core::GrantId Grant(const std::string& name, core::Budget budget = {}) {
    return chapter_.Grant({.principal = name,
                           .classes = {core::FieldClass::kBasic},
                           .budget = budget});
  }
  core::AccessControl& control() { return chapter_.chapter().access_control(); }
  uint64_t Entries() { return chapter_.chapter().ledger().head().number; }

  static void AddGet(v1::LookupRequest& request, uint64_t tag,
                     const core::MemberId& member) {
    v1::LookupQuery& query = *request.add_queries();
    query.set_tag(tag);
    query.mutable_get()->set_member_id(FormatId(member.bytes));
  }
  static void AddSearch(v1::LookupRequest& request, uint64_t tag,
                        const std::string& word) {
    v1::LookupQuery& query = *request.add_queries();
    query.set_tag(tag);
    query.mutable_search()->add_words(word);
  }

  TestChapter chapter_;
  TestServer server_{chapter_};
  const core::MemberId ana_ =
      chapter_.AddMember({{"given_name", "Ana"}, {"phone", "212 555 0101"}});
  const core::MemberId bo_ = chapter_.AddMember({{"given_name", "Bo"}});
};

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

// ---- Ends of a stream that nobody speaks on

class IdleStreamTest : public LookupStreamTest {
 protected:
  // The reason with which a stream ends after `act`, and that it ends soon.
  std::string EndAfter(const Access& access, const std::function<void()>& act) {
    Lookup lookup(server_.ChannelOf(access.person));
    v1::LookupRequest request;
    AddGet(request, 1, ana_);
    EXPECT_TRUE(lookup.Write(request));
    EXPECT_TRUE(lookup.Read()->has_get());
    const auto begin = std::chrono::steady_clock::now();
    act();
    const grpc::Status status = lookup.Finish();
    // A quarter of a second on a machine with time to spare.
    EXPECT_LT(std::chrono::steady_clock::now() - begin,
              std::chrono::seconds(10));
    return ReasonOf(status);
  }
};

TEST_F(IdleStreamTest, EndsWhenTheDeviceIsRevoked) {
  const Access cora = Enrol("Cora");
  EXPECT_EQ(EndAfter(cora,
                     [&] {
                       ASSERT_TRUE(control()
                                       .RevokeDevice(chapter_.admin().caller,
                                                     cora.person.caller.device,
                                                     chapter_.NewRequest())
                                       .ok());
                     }),
            "DEVICE_REVOKED");
}

TEST_F(IdleStreamTest, EndsWhenThePrincipalIsSuspended) {
  EXPECT_EQ(
      EndAfter(Enrol("Cora"),
               [&] {
                 ASSERT_TRUE(control()
                                 .SuspendPrincipal(chapter_.admin().caller,
                                                   "Cora", /*lift=*/false,
                                                   chapter_.NewRequest())
                                 .ok());
               }),
      "PRINCIPAL_SUSPENDED");
}

TEST_F(IdleStreamTest, EndsWhenTheGrantIsRevoked) {
  const Access cora = Enrol("Cora");
  EXPECT_EQ(
      EndAfter(cora,
               [&] {
                 ASSERT_TRUE(control()
                                 .RevokeGrant(chapter_.admin().caller,
                                              cora.grant, chapter_.NewRequest())
                                 .ok());
               }),
      "GRANT_ENDED");
}

TEST_F(IdleStreamTest, EndsWhenTheGrantIsOver) {
  EXPECT_EQ(EndAfter(Enrol("Cora"),
                     [&] { chapter_.clock().Advance(std::chrono::hours(25)); }),
            "GRANT_ENDED");
}

// Take waits until every call has let go of the chapter.
TEST_F(IdleStreamTest, EndsWhenTheChapterIsSealed) {
  EXPECT_EQ(EndAfter(Enrol("Cora"), [&] { chapter_.Seal(); }), "SEALED");
}

TEST_F(IdleStreamTest, EndsWithTheServer) {
  Lookup lookup(server_.ChannelOf(Enrol("Cora").person));
  v1::LookupRequest request;
  AddGet(request, 1, ana_);
  ASSERT_TRUE(lookup.Write(request));
  ASSERT_TRUE(lookup.Read());
  server_.server().Shutdown(std::chrono::milliseconds(0));
  EXPECT_FALSE(lookup.Finish().ok());
}

TEST_F(IdleStreamTest, AStreamThatEndsGivesItsPlaceBack) {
  const auto channel = server_.ChannelOf(Enrol("Cora").person);
  for (int i = 0; i < 40; ++i) {  // Of 8 places.
    Lookup lookup(channel);
    v1::LookupRequest request;
    AddGet(request, 1, ana_);
    ASSERT_TRUE(lookup.Write(request));
    ASSERT_TRUE(lookup.Read());
    lookup.ReadAll();
    EXPECT_TRUE(lookup.Finish().ok());
  }
}

TEST_F(IdleStreamTest, AClientThatGoesAwayGivesItsPlaceBack) {
  const auto channel = server_.ChannelOf(Enrol("Cora").person);
  v1::LookupRequest request;
  AddGet(request, 1, ana_);
  for (int i = 0; i < 8; ++i) {
    Lookup lookup(channel);
    ASSERT_TRUE(lookup.Write(request));
    ASSERT_TRUE(lookup.Read());
    lookup.Cancel();
  }
  // The server hears of it a little later.
  grpc::Status status;
  for (int tries = 0; tries < 10000; ++tries) {
    Lookup lookup(channel);
    lookup.Write(request);
    lookup.ReadAll();
    status = lookup.Finish();
    if (status.ok()) break;
    EXPECT_EQ(ReasonOf(status), "RATE_LIMITED");
  }
  EXPECT_TRUE(status.ok());
}

}  // namespace
}  // namespace sodality::rpc
