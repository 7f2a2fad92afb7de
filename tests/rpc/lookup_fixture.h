// Streams of look-ups over real connections.
#ifndef SODALITY_TESTS_RPC_LOOKUP_FIXTURE_H_
#define SODALITY_TESTS_RPC_LOOKUP_FIXTURE_H_

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "server/rpc/convert.h"
#include "sodality/v1/directory.grpc.pb.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {

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

class LookupFixture : public testing::Test {
 protected:
  struct Access {
    Person person;
    core::GrantId grant;
  };
  Access Enrol(const std::string& name, core::Budget budget = {}) {
    const Person person = chapter_.Enrol(name, core::Role::kCoordinator);
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

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_LOOKUP_FIXTURE_H_
