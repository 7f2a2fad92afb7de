// A listening server over a TestChapter, and channels to it as real people
// have them.
#ifndef SODALITY_TESTS_RPC_SERVER_FIXTURE_H_
#define SODALITY_TESTS_RPC_SERVER_FIXTURE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/error.h"
#include "server/rpc/server.h"
#include "sodality/v1/errors.pb.h"
#include "tests/rpc/chapter_fixture.h"

namespace sodality::rpc {

class TestServer final {
 public:
  explicit TestServer(TestChapter& chapter, CallLimits limits = {},
                      OnDamage on_damage = nullptr);

  Server& server() { return *server_; }
  const std::string& address() const { return server_->address(); }
  int port() const;
  // A connection of its own.
  std::shared_ptr<grpc::Channel> ChannelOf(const Person& person) const;

 private:
  TestChapter& chapter_;
  std::unique_ptr<Server> server_;
};

// A connection of its own to the chapter's server at `address`.
std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address,
                                         const TestChapter& chapter,
                                         const Person& person);

// A call's context with a deadline that no test should reach.
class Context final {
 public:
  Context();
  grpc::ClientContext* get() { return &context_; }
  grpc::ClientContext* operator->() { return &context_; }

 private:
  grpc::ClientContext context_;
};

// ErrorDetail.reason of a status; empty where there is none.
std::string ReasonOf(const grpc::Status& status);

// All that a call brought back.
struct Answer {
  grpc::Status status;
  std::vector<std::string> messages;  // Serialised.
  std::string metadata;               // Names and values, first and last.
};

// One call of any method, unary or stream, to the end of its answers.
Answer CallWith(const std::shared_ptr<grpc::Channel>& channel,
                std::string_view method,
                const std::vector<std::string>& messages);
// With one empty message.
grpc::Status CallEmpty(const std::shared_ptr<grpc::Channel>& channel,
                       std::string_view method);

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_SERVER_FIXTURE_H_
