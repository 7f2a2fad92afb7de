// A client below gRPC: does the server shake hands, and does it then say
// anything in HTTP/2?
#ifndef SODALITY_TESTS_RPC_TLS_PROBE_H_
#define SODALITY_TESTS_RPC_TLS_PROBE_H_

#include "tests/rpc/chapter_fixture.h"

namespace sodality::rpc {

struct TlsAnswer {
  bool shook_hands = false;
  int version = 0;  // TLS1_3_VERSION, ...
  // Bytes of HTTP/2 that came; a server speaks first (SETTINGS).
  int http2_bytes = 0;
};

// Offers TLS of `version` alone, with the person's certificate; none when it
// is empty.
TlsAnswer ProbeTls(int port, const Person& person, int version);

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_TLS_PROBE_H_
