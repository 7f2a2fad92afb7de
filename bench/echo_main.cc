// The floor under every unary look-up: a server that answers GetMember over
// mutual TLS with a fixed member of twelve fields and does nothing else.
//
// bench_echo FOLDER callback|sync|batch   certificates from FOLDER (server.pem,
// server.key, ca.pem); prints {"listening":"127.0.0.1:PORT"}; ends with its
// standard input. batch: the callback API, scheduled as sodalityd is.
#include <grpcpp/grpcpp.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "platform/abseil.h"
#include "platform/scheduling.h"
#include "samples/people.h"
#include "sodality/v1/directory.grpc.pb.h"

namespace {

using sodality::v1::DirectoryService;
using sodality::v1::GetMemberRequest;
using sodality::v1::GetMemberResponse;

void Fill(const GetMemberRequest& request, GetMemberResponse& response) {
  static const auto person = sodality::samples::MakePerson(1, 0);
  auto* member = response.mutable_member();
  member->set_id(request.member_id());
  member->set_revision(1);
  const std::pair<const char*, const std::string*> fields[] = {
      {"given_name", &person.given_name},
      {"family_name", &person.family_name},
      {"pronouns", &person.pronouns},
      {"email", &person.email},
      {"phone", &person.phone},
      {"street", &person.street},
      {"city", &person.city},
      {"postal_code", &person.postal_code},
      {"region", &person.region},
      {"skills", &person.skills},
      {"stage", &person.stage},
      {"joined", &person.joined}};
  for (const auto& [name, value] : fields) {
    auto* field = member->add_fields();
    field->set_name(name);
    field->add_values(*value);
  }
}

class CallbackEcho final : public DirectoryService::CallbackService {
  grpc::ServerUnaryReactor* GetMember(grpc::CallbackServerContext* context,
                                      const GetMemberRequest* request,
                                      GetMemberResponse* response) override {
    Fill(*request, *response);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class SyncEcho final : public DirectoryService::Service {
  grpc::Status GetMember(grpc::ServerContext*, const GetMemberRequest* request,
                         GetMemberResponse* response) override {
    Fill(*request, *response);
    return grpc::Status::OK;
  }
};

std::string ReadWhole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::shared_ptr<grpc::ServerCredentials> Credentials(
    const std::string& folder) {
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = ReadWhole(folder + "/ca.pem");
  options.pem_key_cert_pairs.push_back(
      {ReadWhole(folder + "/server.key"), ReadWhole(folder + "/server.pem")});
  return grpc::SslServerCredentials(options);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string api = argc == 3 ? argv[2] : "";
  if (api != "callback" && api != "sync" && api != "batch") {
    std::cerr << "usage: bench_echo FOLDER callback|sync|batch\n";
    return 2;
  }
  if (api == "batch") (void)sodality::platform::PreferThroughput();
  // As sodalityd has it.
  sodality::platform::StopWatchingAbseilLocks();
  CallbackEcho callback;
  SyncEcho sync;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", Credentials(argv[1]), &port);
  if (api == "sync") {
    builder.RegisterService(&sync);
  } else {
    builder.RegisterService(&callback);
  }
  const auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    std::cerr << "bench: the echo cannot listen\n";
    return 1;
  }
  std::cout << "{\"listening\":\"127.0.0.1:" << port << "\"}" << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) {
  }
  server->Shutdown();
  return 0;
}
