// Our certificates in real TLS 1.3 handshakes: what a verifier that is not
// ours makes of them.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>

#include "crypto/pki/authority.h"
#include "crypto/pki/x509_codec.h"
#include "tests/crypto/pki/forge.h"

namespace sodality::pki {
namespace {

struct SslFree {
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
  void operator()(SSL* p) const { SSL_free(p); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, SslFree>;
using SslPtr = std::unique_ptr<SSL, SslFree>;

struct Party {
  PrivateKey key = NewKey();
  Certificate certificate;
};

Party ServerParty() {
  PrivateKey key = NewKey();
  auto issued = TestAuthority().IssueServer(key.public_key(), kDeviceId, kNow);
  return {std::move(key), *std::move(issued)};
}

Party DeviceParty() {
  PrivateKey key = NewKey();
  auto issued = TestAuthority().IssueDevice(key.public_key(), kDeviceId, kNow);
  return {std::move(key), *std::move(issued)};
}

ContextPtr ContextOf(const SSL_METHOD* method, const Party& party,
                     const CaCertificate& root) {
  ContextPtr context(SSL_CTX_new(method));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_use_certificate(context.get(),
                          DecodeX509(party.certificate.der())->get());
  SSL_CTX_use_PrivateKey(context.get(), party.key.openssl());
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()),
                      DecodeX509(root.der())->get());
  X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context.get()),
                             kNow.millis / 1000);
  SSL_CTX_set_verify(context.get(),
                     SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  return context;
}

struct Dial {
  std::string name = ServerName(kChapter);
  CaCertificate client_root = TestAuthority().certificate();
};

// True when both ends finish and can talk.
bool Handshake(const Party& server, const Party& client,
               const Dial& dial = {}) {
  const auto server_context =
      ContextOf(TLS_server_method(), server, TestAuthority().certificate());
  const auto client_context =
      ContextOf(TLS_client_method(), client, dial.client_root);
  const SslPtr s(SSL_new(server_context.get()));
  const SslPtr c(SSL_new(client_context.get()));
  SSL_set1_host(c.get(), dial.name.c_str());
  BIO* to_server = nullptr;
  BIO* to_client = nullptr;
  BIO_new_bio_pair(&to_server, 0, &to_client, 0);
  SSL_set_bio(s.get(), to_server, to_server);
  SSL_set_bio(c.get(), to_client, to_client);
  SSL_set_accept_state(s.get());
  SSL_set_connect_state(c.get());
  for (int i = 0; i < 10; ++i) {
    SSL_do_handshake(c.get());
    SSL_do_handshake(s.get());
  }
  return SSL_is_init_finished(s.get()) == 1 &&
         SSL_is_init_finished(c.get()) == 1;
}

TEST(TlsTest, ServerAndDeviceMeet) {
  EXPECT_TRUE(Handshake(ServerParty(), DeviceParty()));
}

TEST(TlsTest, AnInviteMayConnect) {
  PrivateKey key = NewKey();
  auto issued = TestAuthority().IssueInvite(key.public_key(), kDeviceId, kNow,
                                            std::chrono::hours(1));
  EXPECT_TRUE(Handshake(ServerParty(), {std::move(key), *std::move(issued)}));
}

TEST(TlsTest, AnotherServerNameIsRefused) {
  EXPECT_FALSE(Handshake(ServerParty(), DeviceParty(),
                         {.name = ServerName(kOtherChapter)}));
  EXPECT_FALSE(Handshake(ServerParty(), DeviceParty(), {.name = "localhost"}));
}

TEST(TlsTest, ADeviceCannotPoseAsTheServer) {
  EXPECT_FALSE(Handshake(DeviceParty(), DeviceParty()));
}

TEST(TlsTest, TheServersCertificateIsNoClients) {
  EXPECT_FALSE(Handshake(ServerParty(), ServerParty()));
}

TEST(TlsTest, AnotherAuthorityIsRefusedByTheClient) {
  const auto other = CertificateAuthority::Create(kChapter, kNow).value();
  EXPECT_FALSE(Handshake(ServerParty(), DeviceParty(),
                         {.client_root = other.certificate()}));
}

}  // namespace
}  // namespace sodality::pki
