// A fake server of a chapter and clients that may connect to it.
#ifndef SODALITY_TESTS_CLIENT_CONNECTED_FIXTURE_H_
#define SODALITY_TESTS_CLIENT_CONNECTED_FIXTURE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "client/include/sodality/client.h"
#include "client/include/sodality/connect.h"
#include "platform/clock.h"
#include "tests/client/fake_server.h"

namespace sodality {

// Tries again at once.
inline Options Quick() {
  Options options;
  options.first_backoff = std::chrono::milliseconds(1);
  options.max_backoff = std::chrono::milliseconds(2);
  return options;
}

class ConnectedFixture : public testing::Test {
 protected:
  ConnectedFixture()
      : chapter_(platform::SystemClock().Now()), server_(chapter_) {
    SilenceTransportLog();
  }

  Client Connected(Options options = Quick()) {
    return Client(
        *Connect(chapter_.Device(server_.address()), std::move(options)));
  }

  TestChapter chapter_;
  FakeServer server_;
};

}  // namespace sodality

#endif  // SODALITY_TESTS_CLIENT_CONNECTED_FIXTURE_H_
