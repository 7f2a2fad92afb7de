#include "tests/client/fake_server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "crypto/pki/csr.h"
#include "crypto/secret.h"
#include "sodality/v1/errors.pb.h"

namespace sodality {
namespace {

constexpr char kChapter[] = "mfrggzdfmztwq2lknnwg23tpoa";
constexpr char kDevice[] = "nbswy3dpeb3w64tmmqqho33snq";
constexpr char kServer[] = "onsxe5tfoiqgc3tpnz4w233vom";

std::string Pem(const pki::PrivateKey& key) {
  const auto pem = key.ToPkcs8Pem();
  return std::string(crypto::AsText(pem->Expose(crypto::AllowSecretAccess())));
}

}  // namespace

TestChapter::TestChapter(platform::Timestamp now)
    : now_(now),
      authority_(*pki::CertificateAuthority::Create(kChapter, now)) {}

std::string TestChapter::server_name() const {
  return pki::ServerName(kChapter);
}

Credentials TestChapter::Device(const std::string& address) const {
  const auto key = pki::PrivateKey::Generate();
  const auto certificate = IssueDevice(key->public_key(), now_);
  return {address, server_name(), authority_.certificate().ToPem(),
          certificate.ToPem(), Secret(*key->ToPkcs8Pem())};
}

pki::Certificate TestChapter::IssueDevice(const pki::PublicKey& key,
                                          platform::Timestamp now) const {
  return *authority_.IssueDevice(key, kDevice, now);
}

pki::Certificate TestChapter::IssueServer(const pki::PrivateKey& key) const {
  return *authority_.IssueServer(key.public_key(), kServer, now_);
}

void FakeDirectory::Fail(const grpc::Status& status) {
  const platform::MutexLock lock(mutex_);
  failures_.push_back(status);
}

std::vector<std::string> FakeDirectory::request_ids() {
  const platform::MutexLock lock(mutex_);
  return request_ids_;
}

std::vector<std::chrono::system_clock::time_point> FakeDirectory::deadlines() {
  const platform::MutexLock lock(mutex_);
  return deadlines_;
}

v1::UpdateMemberRequest FakeDirectory::last_update() {
  const platform::MutexLock lock(mutex_);
  return last_update_;
}

grpc::Status FakeDirectory::Next(const grpc::ServerContext& context) {
  const platform::MutexLock lock(mutex_);
  deadlines_.push_back(context.deadline());
  if (failures_.empty()) return grpc::Status::OK;
  grpc::Status next = failures_.front();
  failures_.pop_front();
  return next;
}

grpc::Status FakeDirectory::GetMember(grpc::ServerContext* context,
                                      const v1::GetMemberRequest* request,
                                      v1::GetMemberResponse* response) {
  while (hang_ && !context->IsCancelled()) std::this_thread::yield();
  grpc::Status status = Next(*context);
  if (!status.ok()) return status;
  v1::Member* member = response->mutable_member();
  member->set_id(request->member_id());
  member->set_revision(7);
  v1::Field* field = member->add_fields();
  field->set_name("committees");
  field->add_values("Housing");
  field->add_values("Labor");
  member->add_hidden("phone");
  return grpc::Status::OK;
}

std::vector<int> FakeDirectory::queries_in_messages() {
  const platform::MutexLock lock(mutex_);
  return queries_in_messages_;
}

grpc::Status FakeDirectory::Lookup(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::LookupResponse, v1::LookupRequest>* stream) {
  v1::LookupRequest request;
  while (stream->Read(&request)) {
    {
      const platform::MutexLock lock(mutex_);
      queries_in_messages_.push_back(request.queries_size());
    }
    v1::LookupResponse response;
    for (const v1::LookupQuery& query : request.queries()) {
      v1::LookupAnswer& answer = *response.add_answers();
      answer.set_tag(query.tag());
      if (query.has_search()) {
        answer.mutable_search()->add_members()->set_id(query.search().words(0));
      } else if (!query.get().member_id().empty()) {
        *answer.mutable_get()->mutable_member()->mutable_id() =
            query.get().member_id();
      } else {
        answer.mutable_error()->set_code(grpc::StatusCode::NOT_FOUND);
        answer.mutable_error()->set_message("no such member");
        answer.mutable_error()->mutable_detail()->set_reason(
            "MEMBER_NOT_FOUND");
      }
    }
    stream->Write(response);
  }
  return Next(*context);
}

grpc::Status FakeDirectory::CreateMember(grpc::ServerContext* context,
                                         const v1::CreateMemberRequest* request,
                                         v1::CreateMemberResponse* response) {
  grpc::Status status = Next(*context);
  {
    const platform::MutexLock lock(mutex_);
    request_ids_.push_back(request->request_id());
  }
  response->set_member_id("new");
  response->set_revision(1);
  return status;
}

grpc::Status FakeDirectory::UpdateMember(grpc::ServerContext* context,
                                         const v1::UpdateMemberRequest* request,
                                         v1::UpdateMemberResponse* response) {
  {
    const platform::MutexLock lock(mutex_);
    last_update_ = *request;
  }
  response->set_revision(8);
  return Next(*context);
}

grpc::Status FakeRoster::PushRoster(
    grpc::ServerContext* /*context*/,
    grpc::ServerReader<v1::PushRosterRequest>* reader,
    v1::PushRosterResponse* response) {
  v1::PushRosterRequest request;
  uint64_t rows = 0;
  while (reader->Read(&request)) {
    ++messages;
    largest = std::max(largest, request.ByteSizeLong());
    if (request.has_header()) source = request.header().source();
    rows += static_cast<uint64_t>(request.batch().rows_size());
  }
  response->set_rows(rows);
  response->set_added(rows);
  return grpc::Status::OK;
}

grpc::Status FakeLedger::StreamLeaves(
    grpc::ServerContext* /*context*/, const v1::StreamLeavesRequest* request,
    grpc::ServerWriter<v1::StreamLeavesResponse>* writer) {
  for (uint64_t number = std::max<uint64_t>(request->first(), 1); number <= 3;
       ++number) {
    v1::StreamLeavesResponse response;
    response.add_leaves()->set_number(number);
    if (number == 3) response.mutable_head()->set_number(3);
    writer->Write(response);
  }
  return grpc::Status::OK;
}

grpc::Status FakeEnrollment::Renew(grpc::ServerContext* /*context*/,
                                   const v1::RenewRequest* request,
                                   v1::RenewResponse* response) {
  ++renewals;
  const auto asked = pki::CertificateRequest::ParseDer(
      crypto::AsBytes(request->certificate_request()));
  const auto other = pki::PrivateKey::Generate();
  if (!asked.ok()) return {grpc::StatusCode::INVALID_ARGUMENT, "no request"};
  const auto certificate = chapter_.IssueDevice(
      for_another_key ? other->public_key() : asked->public_key(),
      platform::SystemClock().Now());
  response->set_certificate(certificate.ToPem());
  response->set_ca_certificate(chapter_.authority().certificate().ToPem());
  return grpc::Status::OK;
}

FakeServer::FakeServer(const TestChapter& chapter, FakeServerOptions options)
    : enrollment(chapter) {
  const auto key = pki::PrivateKey::Generate();
  const TestChapter& trusted =
      options.trusts != nullptr ? *options.trusts : chapter;
  grpc::SslServerCredentialsOptions tls(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = trusted.authority().certificate().ToPem();
  tls.pem_key_cert_pairs = {{Pem(*key), chapter.IssueServer(*key).ToPem()}};
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort("127.0.0.1:" + std::to_string(options.port),
                           grpc::SslServerCredentials(tls), &port_);
  builder.RegisterService(&directory);
  builder.RegisterService(&roster);
  builder.RegisterService(&keys);
  builder.RegisterService(&backups);
  builder.RegisterService(&ledger);
  builder.RegisterService(&enrollment);
  server_ = builder.BuildAndStart();
  EXPECT_NE(server_, nullptr) << "port " << options.port;
}

FakeServer::~FakeServer() {
  if (server_) server_->Shutdown(std::chrono::system_clock::now());
}

std::string FakeServer::address() const {
  return "127.0.0.1:" + std::to_string(port_);
}

grpc::Status Failure(grpc::StatusCode code, const std::string& message,
                     const Detail& detail) {
  v1::ErrorDetail out;
  out.set_reason(detail.reason);
  out.set_hint(detail.hint);
  out.set_field(detail.field);
  out.set_retry_at(detail.retry_at);
  return {code, message, out.SerializeAsString()};
}

}  // namespace sodality
