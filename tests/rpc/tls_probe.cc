#include "tests/rpc/tls_probe.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace sodality::rpc {
namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Free<SSL_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;

int Connect(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit = {10, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&address),
                      sizeof address),
            0);
  return socket;
}

void UseIdentity(SSL_CTX* context, const Person& person) {
  if (person.certificate_pem.empty()) return;
  const Bio certificate(BIO_new_mem_buf(person.certificate_pem.data(), -1));
  const std::unique_ptr<X509, Free<X509_free>> x509(
      PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  const Bio key(BIO_new_mem_buf(person.key_pem.data(), -1));
  const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> private_key(
      PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  EXPECT_EQ(SSL_CTX_use_certificate(context, x509.get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context, private_key.get()), 1);
}

}  // namespace

TlsAnswer ProbeTls(int port, const Person& person, int version) {
  const Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  constexpr std::array<unsigned char, 3> kHttp2 = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp2.data(), kHttp2.size());
  UseIdentity(context.get(), person);
  const Session session(SSL_new(context.get()));
  const int socket = Connect(port);
  SSL_set_fd(session.get(), socket);
  TlsAnswer answer;
  answer.shook_hands = SSL_connect(session.get()) == 1;
  if (answer.shook_hands) {
    answer.version = SSL_version(session.get());
    std::array<char, 256> bytes{};
    answer.http2_bytes = SSL_read(session.get(), bytes.data(), bytes.size());
  }
  ::close(socket);
  return answer;
}

}  // namespace sodality::rpc
