#include "tests/rpc/server_fixture.h"

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

#include "text/base32.h"

namespace sodality::rpc {
namespace {

// gRPC reads its environment once, whichever test is the first.
class Transport final : public testing::Environment {
 public:
  void SetUp() override { PrepareTransport(); }
};
const auto* const kTransport = testing::AddGlobalTestEnvironment(new Transport);

}  // namespace

TestServer::TestServer(TestChapter& chapter, CallLimits limits,
                       OnDamage on_damage)
    : chapter_(chapter) {
  const auto key = pki::PrivateKey::Generate();
  const auto certificate = chapter.authority().IssueServer(
      key->public_key(), std::string(26, 'a'), chapter.clock().Now());
  auto pem = key->ToPkcs8Pem();
  auto server = Server::Start({.listen = "127.0.0.1:0",
                               .version = "1.2.3",
                               .key_pem = *std::move(pem),
                               .certificate_pem = certificate->ToPem(),
                               .authority = chapter.authority().certificate(),
                               .limits = limits,
                               .on_damage = std::move(on_damage)},
                              chapter.holder(), chapter.clock());
  if (!server.ok()) {
    ADD_FAILURE() << server.status();
    std::abort();
  }
  server_ = *std::move(server);
}

int TestServer::port() const {
  return std::stoi(address().substr(address().rfind(':') + 1));
}

std::shared_ptr<grpc::Channel> TestServer::ChannelOf(
    const Person& person) const {
  return ChannelTo(address(), chapter_, person);
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address,
                                         const TestChapter& chapter,
                                         const Person& person) {
  grpc::ChannelArguments arguments;
  const auto& authority = chapter.authority().certificate();
  arguments.SetSslTargetNameOverride(pki::ServerName(authority.chapter_id()));
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(
      address,
      grpc::SslCredentials({.pem_root_certs = authority.ToPem(),
                            .pem_private_key = person.key_pem,
                            .pem_cert_chain = person.certificate_pem}),
      arguments);
}

Context::Context() {
  context_.set_deadline(std::chrono::system_clock::now() +
                        std::chrono::seconds(60));
}

std::string ReasonOf(const grpc::Status& status) {
  v1::ErrorDetail detail;
  EXPECT_TRUE(detail.ParseFromString(status.error_details()));
  return detail.reason();
}

Answer CallWith(const std::shared_ptr<grpc::Channel>& channel,
                std::string_view method,
                const std::vector<std::string>& messages) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  Context context;
  const auto call =
      stub.PrepareCall(context.get(), std::string(method), &queue);
  bool ok = false;
  const auto wait = [&] {
    void* tag = nullptr;
    return queue.Next(&tag, &ok) && ok;
  };
  call->StartCall(nullptr);
  wait();
  for (const std::string& message : messages) {
    const grpc::Slice slice(message);
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    if (!wait()) break;
  }
  call->WritesDone(nullptr);
  wait();
  Answer answer;
  grpc::ByteBuffer buffer;
  while (call->Read(&buffer, nullptr), wait()) {
    grpc::Slice slice;
    EXPECT_TRUE(buffer.DumpToSingleSlice(&slice).ok());
    answer.messages.emplace_back(slice.begin(), slice.end());
  }
  call->Finish(&answer.status, nullptr);
  wait();
  for (const auto* metadata : {&context->GetServerInitialMetadata(),
                               &context->GetServerTrailingMetadata()}) {
    for (const auto& [name, value] : *metadata) {
      answer.metadata.append(name.data(), name.size()).append(": ");
      answer.metadata.append(value.data(), value.size()).append("\n");
    }
  }
  return answer;
}

grpc::Status CallEmpty(const std::shared_ptr<grpc::Channel>& channel,
                       std::string_view method) {
  return CallWith(channel, method, {""}).status;
}

}  // namespace sodality::rpc
