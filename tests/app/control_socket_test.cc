#include "server/app/control_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include "platform/file_error.h"
#include "tests/scratch.h"

namespace sodality::app {
namespace {

class Echo final : public ControlHandler {
 public:
  Outcome Handle(const ControlRequest& request) override {
    return {ExitCode::kSealed,
            std::string(crypto::AsText(
                request.payload.Expose(crypto::AllowSecretAccess()))),
            {}};
  }
};

ControlRequest Passphrase(std::string text) {
  return {ControlKind::kUnsealPassphrase,
          crypto::SecretBytes::FromString(std::move(text))};
}

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  EXPECT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

TEST(ControlSocketTest, CarriesRequestAndAnswer) {
  const Scratch scratch;
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(scratch.path()), echo);
  ASSERT_TRUE(socket.ok()) << socket.status();
  for (const std::string& text : {std::string("hello"), std::string()}) {
    const auto answer = AskServer(DataFolder(scratch.path()), Passphrase(text));
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->exit, ExitCode::kSealed);
    EXPECT_EQ(answer->message, text);
  }
}

// Asks to be called again at once, some times.
class Impatient final : public ControlHandler {
 public:
  Outcome Handle(const ControlRequest& /*request*/) override {
    return {ExitCode::kOk, std::to_string(idle.load()), {}};
  }
  std::optional<std::chrono::milliseconds> Idle() override {
    if (++idle >= 3) return std::nullopt;
    return std::chrono::milliseconds(1);
  }
  std::atomic<int> idle = 0;
};

TEST(ControlSocketTest, CallsAgainWhileNobodyAsks) {
  const Scratch scratch;
  Impatient handler;
  const auto socket =
      ControlSocket::Listen(DataFolder(scratch.path()), handler);
  ASSERT_TRUE(socket.ok()) << socket.status();
  while (handler.idle < 3) std::this_thread::yield();
  const auto answer = AskServer(DataFolder(scratch.path()), {});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->message, "3");
}

TEST(ControlSocketTest, IsForItsUserAlone) {
  const Scratch scratch;
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(scratch.path()), echo);
  ASSERT_TRUE(socket.ok());
  struct stat facts {};
  ASSERT_EQ(::stat((scratch / kControlSocket).c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST(ControlSocketTest, WorksInAFolderOfALongName) {
  const Scratch scratch;
  const std::string folder = scratch / std::string(150, 'd');
  ASSERT_EQ(::mkdir(folder.c_str(), 0700), 0);
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(folder), echo);
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_TRUE(AskServer(DataFolder(folder), Passphrase("x")).ok());
}

TEST(ControlSocketTest, ReplacesASocketThatWasLeft) {
  const Scratch scratch;
  scratch.Write(kControlSocket, "");
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(scratch.path()), echo);
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_TRUE(AskServer(DataFolder(scratch.path()), Passphrase("x")).ok());
}

TEST(ControlSocketTest, NobodyThereIsSaid) {
  const Scratch scratch;
  EXPECT_EQ(AskServer(DataFolder(scratch.path()), {}).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(AskServer(DataFolder(scratch / "absent"), {}).status().code(),
            absl::StatusCode::kNotFound);
}

// Everything but a socket that nobody listens on.
// In a process of its own, for root would reach it.
[[noreturn]] void AskAsAnybody(const Scratch& scratch) {
  const bool root = ::geteuid() == 0;
  if (root &&
      (::chmod(scratch.path().c_str(), 0755) != 0 || ::setuid(65534) != 0)) {
    std::_Exit(2);
  }
  const absl::Status refused =
      AskServer(DataFolder(scratch.path()), {}).status();
  std::cerr << refused.message() << std::endl;
  std::_Exit(platform::ErrnoOf(refused) == EACCES ? 0 : 1);
}

TEST(ControlSocketTest, AServerThatMayNotBeReachedIsNotCalledAbsent) {
  const Scratch scratch;
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(scratch.path()), echo);
  ASSERT_TRUE(socket.ok()) << socket.status();
  ASSERT_EQ(::chmod((scratch / kControlSocket).c_str(), 0), 0);
  EXPECT_EXIT(AskAsAnybody(scratch), testing::ExitedWithCode(0),
              "cannot connect to .*: Permission denied");
}

TEST(ControlSocketTest, ASocketOfAnotherKindIsNamed) {
  const Scratch scratch;
  const int other = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address = AddressOf(scratch / kControlSocket);
  ASSERT_EQ(::bind(other, Generic(address), sizeof address), 0);
  const absl::Status refused =
      AskServer(DataFolder(scratch.path()), {}).status();
  ::close(other);
  EXPECT_EQ(platform::ErrnoOf(refused), EPROTOTYPE) << refused;
}

TEST(ControlSocketTest, AServerThatHangsUpIsNotCalledAbsent) {
  const Scratch scratch;
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address = AddressOf(scratch / kControlSocket);
  ASSERT_EQ(::bind(listener, Generic(address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  std::thread server(
      [listener] { ::close(::accept(listener, nullptr, nullptr)); });
  const absl::Status gone = AskServer(DataFolder(scratch.path()), {}).status();
  server.join();
  ::close(listener);
  EXPECT_TRUE(absl::IsAborted(gone)) << gone;
}

// ---- The frames

class ControlProtocolTest : public testing::Test {
 protected:
  ControlProtocolTest() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
  }
  ~ControlProtocolTest() override {
    for (const int end : ends_) ::close(end);
  }
  void SendBytes(std::string_view bytes) {
    ASSERT_EQ(::send(ends_[0], bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
    ::shutdown(ends_[0], SHUT_WR);
  }
  absl::StatusCode ReceivedCode() {
    return ReceiveRequest(ends_[1]).status().code();
  }

  std::array<int, 2> ends_{};
};

TEST_F(ControlProtocolTest, AnUnknownKindIsRefused) {
  SendBytes(std::string("\x09\0\0\0\0", 5));
  EXPECT_EQ(ReceivedCode(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ControlProtocolTest, AnAbsurdLengthIsRefusedUnread) {
  SendBytes("\x03\xff\xff\xff\xff");
  EXPECT_EQ(ReceivedCode(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ControlProtocolTest, ABrokenFrameIsRefused) {
  SendBytes(std::string("\x03\0\0\0\x05xy", 7));
  EXPECT_EQ(ReceivedCode(), absl::StatusCode::kUnavailable);
}

TEST_F(ControlProtocolTest, NothingAtAllIsRefused) {
  SendBytes("");
  EXPECT_EQ(ReceivedCode(), absl::StatusCode::kUnavailable);
}

TEST_F(ControlProtocolTest, TooLongARequestIsNotSent) {
  EXPECT_EQ(SendRequest(ends_[0], Passphrase(std::string(5000, 'x'))).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sodality::app
