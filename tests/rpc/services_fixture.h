// A server with an admin's stubs, for tests of what the services answer.
#ifndef SODALITY_TESTS_RPC_SERVICES_FIXTURE_H_
#define SODALITY_TESTS_RPC_SERVICES_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "server/rpc/convert.h"
#include "sodality/v1/directory.grpc.pb.h"
#include "sodality/v1/ledger.grpc.pb.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {

class ServicesFixture : public testing::Test {
 protected:
  std::string NewRequestId() { return FormatId(chapter_.NewRequest().bytes); }
  core::MemberId AddMaria() {
    return chapter_.AddMember({{"given_name", "Maria"},
                               {"family_name", "González"},
                               {"email", "maria@example.org"},
                               {"phone", "+1 212 555 0123"},
                               {"region", "Bronx"}});
  }

  TestChapter chapter_;
  TestServer server_{chapter_};
  std::shared_ptr<grpc::Channel> admin_ = server_.ChannelOf(chapter_.admin());
  std::unique_ptr<v1::DirectoryService::Stub> directory_ =
      v1::DirectoryService::NewStub(admin_);
  std::unique_ptr<v1::LedgerService::Stub> ledger_ =
      v1::LedgerService::NewStub(admin_);
};

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_SERVICES_FIXTURE_H_
